/** tuban evidence sweep: originals that no task has. Lists them; removes with --yes. */
import { createDesk } from '../adapters/postgres/desk.js';
import type { UnnamedOriginal } from '../ports/evidence-sweep.js';
import { sweepPart } from '../queue-file-parts.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { actorOf } from './as-person.js';
import type { Register } from './command.js';
import { localTime } from './local-time.js';
import { table } from './table.js';

interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  const evidence = program.command('evidence').description('附件原件 (originals of attached files)');
  evidence
    .command('sweep')
    .description(
      '列出一天前存下、没有任务登记的原件；--yes 删除 (originals older than a day that no task has; --yes removes them)',
    )
    .option('--yes', '删除，不可恢复 (remove them for good)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async ({ yes = false, json = false }: Options) => {
      const { dir, database } = await context.workspace();
      const actor = context.person() === null ? CONSOLE_ACTOR : await actorOf(context);
      const engine = createDesk(database);
      const sweep = sweepPart(dir, consoleDesk(engine), engine);
      const files = yes ? await sweep.remove(actor) : await sweep.unnamed(actor);
      const { out, err } = context.session;
      if (json) out(`${JSON.stringify({ removed: yes, files })}\n`);
      else if (files.length > 0) out(list(files));
      err(said(files, yes));
    });
};

function said(files: readonly UnnamedOriginal[], removed: boolean): string {
  if (files.length === 0) return '没有多余的原件 (no originals without a task)\n';
  const size = `${files.length} 个，共 ${megabytes(files.reduce((sum, { bytes }) => sum + bytes, 0))} MB`;
  return removed
    ? `已删除 ${size}，已记入审计 (removed, on record)\n`
    : `${size}，没有任务登记；若数据库是从较早的备份恢复的，请先核对，再用 --yes 删除 (no task has them; where the database was restored from an older copy, look first; --yes removes them)\n`;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);

function list(files: readonly UnnamedOriginal[]): string {
  return table(files, [
    { head: 'SHA-256', cell: ({ sha256 }) => sha256 },
    { head: 'MB', right: true, cell: ({ bytes }) => megabytes(bytes) },
    { head: '存于 (stored)', cell: ({ at }) => localTime(at) },
  ]);
}
