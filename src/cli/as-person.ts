/**
 * as-person: for whom a command of the queue acts. Who may run commands on a workspace owns its files, so no password is asked; the record
 * names the person and, as the device, the console.
 */
import { Fault } from '../model/fault.js';
import type { Actor } from '../model/person.js';
import type { CommandContext } from './command.js';

export const CONSOLE = 'console';

/** The person of `--as LOGIN` or TUBAN_PERSON. Faults person.unnamed, person.none, person.disabled. */
export async function actorOf(context: CommandContext): Promise<Actor> {
  const login = context.person();
  if (login === null) {
    throw new Fault(
      'person.unnamed',
      '请用 --as 登录名 或环境变量 TUBAN_PERSON 说明以谁的名义执行 (say for whom: --as LOGIN, or TUBAN_PERSON)',
    );
  }
  const { database } = await context.workspace();
  const [person] = await database.query<{ id: string; disabled: boolean }>(
    `SELECT id, disabled_at IS NOT NULL AS disabled FROM tuban.person WHERE login = $1 AND id <> 'system'`,
    [login.normalize('NFKC').toLowerCase()],
  );
  if (!person) {
    throw new Fault(
      'person.none',
      `没有登录名为“${login}”的用户；用 tuban user list 查看 (no person of that login; see tuban user list)`,
    );
  }
  if (person.disabled) {
    throw new Fault('person.disabled', `用户“${login}”已停用 (this person was disabled)`);
  }
  return { personId: person.id, device: CONSOLE };
}
