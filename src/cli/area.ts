/** tuban area list | sync: the administrative areas that roles are granted in, from the admin layer. */
import { createDesk } from '../adapters/postgres/desk.js';
import type { AreaSync } from '../ports/people.js';
import { syncAreas } from '../queue-areas.js';
import { CONSOLE } from './as-person.js';
import type { Register, Session, Workspace } from './command.js';
import { table } from './table.js';
import { accessOf, JSON_OPTION, type Json } from './user.js';

export const register: Register = (program, context) => {
  const { session } = context;
  const area = program.command('area').description('区域 (administrative areas)');
  area
    .command('list')
    .description('列出区域 (list areas)')
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => {
      const { people, actor } = await accessOf(context);
      const areas = await people.areas(actor);
      if (json) {
        session.out(`${JSON.stringify({ areas })}\n`);
        return;
      }
      if (areas.length === 0) {
        session.err('还没有区域；用 tuban layer import admin 导入 (no areas yet: tuban layer import admin)\n');
        return;
      }
      session.out(
        table(areas, [
          { head: '编号 (id)', cell: ({ id }) => id },
          { head: '名称 (name)', cell: ({ name }) => name },
          { head: '授权人数', right: true, cell: ({ people: n }) => (n === null ? '' : String(n)) },
          { head: '', cell: ({ inLayer }) => (inLayer ? '' : '已不在图层中 (no longer in the layer)') },
        ]),
      );
    });
  area
    .command('sync')
    .description('按现行 admin 图层更新区域；导入该图层时自动进行 (bring areas in step with the layer; imports do it)')
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => {
      const synced = await syncFromLayer(await context.workspace());
      if (json) session.out(`${JSON.stringify(synced)}\n`);
      else tellSync(synced, session);
    });
};

export function syncFromLayer({ database }: Pick<Workspace, 'database'>): Promise<AreaSync> {
  // The day in China.
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  return syncAreas(createDesk(database), CONSOLE, today);
}

export function tellSync({ added, changed, vanished, shared, nameless, total }: AreaSync, session: Session): void {
  session.out(
    `区域 (areas)：${total} 个，新增 (new) ${added.length}，变更 (changed) ${changed.length}，消失 (vanished) ${vanished.length}\n`,
  );
  for (const { id, name, grants } of vanished) {
    session.err(`  ${name}（${id}）已不在图层中，仍有 ${grants} 项授权 (gone from the layer; grants that name it)\n`);
  }
  for (const name of shared) {
    session.err(
      `  多个面同名“${name}”且无编号，视为一个区域 (polygons that share a name and have no number: one area)\n`,
    );
  }
  if (nameless > 0) session.err(`  ${nameless} 个面既无编号又无名称，未采用 (neither number nor name: left out)\n`);
}
