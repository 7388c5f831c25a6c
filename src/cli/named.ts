/** named: what people type for a person, a team or an area (login, name or id) → its id. Faults person.none, team.none, area.none, area.many. */
import { areaBy } from '../adapters/postgres/areas.js';
import { Fault } from '../model/fault.js';
import type { CommandContext } from './command.js';

export async function personId(login: string, context: CommandContext): Promise<string> {
  const { database } = await context.workspace();
  const [row] = await database.query<{ id: string }>(
    `SELECT id FROM tuban.person WHERE (login = $1 OR id = $2) AND disabled_at IS NULL AND id <> 'system'`,
    [login.normalize('NFKC').toLowerCase(), login],
  );
  if (!row) {
    throw new Fault(
      'person.none',
      `没有登录名为“${login}”的用户，或已停用；用 tuban user list 查看 (no person of that login, or disabled)`,
    );
  }
  return row.id;
}

export async function teamId(name: string, context: CommandContext): Promise<string> {
  const { database } = await context.workspace();
  const [row] = await database.query<{ id: string }>(`SELECT id FROM tuban.team WHERE id = $1 OR name = $1`, [name]);
  if (!row) {
    throw new Fault(
      'team.none',
      `没有名为“${name}”的队伍；用 tuban team list 查看 (no such team; see tuban team list)`,
    );
  }
  return row.id;
}

export async function areaId(name: string, context: CommandContext): Promise<string> {
  const area = await areaBy((await context.workspace()).database, name);
  if (area === null) {
    throw new Fault(
      'area.none',
      `没有编号或名称为“${name}”的区域；用 tuban area list 查看 (no such area; see tuban area list)`,
    );
  }
  if (area !== 'many') return area.id;
  throw new Fault('area.many', `多个区域名为“${name}”，请用编号 (several areas have this name: use the id)`);
}

/** Names of people, teams and areas by id, for what is printed. */
export async function namesOf(context: CommandContext): Promise<ReadonlyMap<string, string>> {
  const { database } = await context.workspace();
  const rows = await database.query<{ id: string; name: string }>(
    'SELECT id, name FROM tuban.person UNION ALL SELECT id, name FROM tuban.team UNION ALL SELECT id, name FROM tuban.area',
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
