/** tuban tasks drafts: what a person has filled in and not submitted, also what came too late; a draft's form to go on from. With --as LOGIN. */
import type { Command } from 'commander';
import { createDesk } from '../adapters/postgres/desk.js';
import { Fault } from '../model/fault.js';
import { fileParts } from '../queue-file-parts.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';
import { localTime } from './local-time.js';
import { table } from './table.js';

export function registerDrafts(tasks: Command, context: CommandContext): void {
  tasks
    .command('drafts')
    .description(
      '本人未提交的核查记录；给出任务编号则输出其表单，可存为文件后 submit --form (one’s drafts; with a task: its form, to be submitted)',
    )
    .argument('[ID]', '任务编号 (id of the task)')
    .option('--json', '输出 JSON (print JSON)')
    .action((id: string | undefined, options: { json?: boolean }) => drafts(id, options.json ?? false, context));
}

async function drafts(id: string | undefined, json: boolean, context: CommandContext): Promise<void> {
  const workspace = await context.workspace();
  const actor = await actorOf(context);
  const { session } = context;
  const { findings } = fileParts(workspace, createDesk(workspace.database));
  const list = (await findings.drafts(actor)).filter(({ taskId }) => id === undefined || taskId === id);
  if (json) return session.out(`${JSON.stringify({ drafts: list })}\n`);
  if (id !== undefined) {
    const [newest] = list;
    if (newest) return session.out(`${JSON.stringify(newest.form, null, 1)}\n`);
    throw new Fault('flow.draft', `您没有任务 ${id} 的草稿 (no draft of this task)`);
  }
  if (list.length === 0) return session.err('没有草稿 (no drafts)\n');
  session.out(
    table(list, [
      { head: '任务', cell: ({ taskId }) => taskId },
      { head: '保存', cell: ({ at }) => localTime(at) },
      { head: '草稿编号', cell: (one) => one.id },
    ]),
  );
}
