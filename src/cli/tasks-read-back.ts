/** tuban tasks read-back: forms that were filled in as a spreadsheet become submissions, row by row; with --as LOGIN. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createDesk } from '../adapters/postgres/desk.js';
import { Fault } from '../model/fault.js';
import type { ReadBackAnswer, ReadBackRow, TaskLists } from '../ports/task-lists.js';
import { queueParts } from '../queue-parts.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';

interface ReadBackOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function registerReadBack(tasks: Command, context: CommandContext): void {
  tasks
    .command('read-back')
    .description(
      '读回填好的核查表 .xlsx，逐行提交，须 --as 登录名 (submit the forms filled in as a spreadsheet; with --as LOGIN)',
    )
    .argument('<FILE>', '由 tasks export 写出并填好的 .xlsx (the filled workbook)')
    .option('--dry-run', '只检查，不提交 (check only)')
    .option('--json', '输出 JSON (print JSON)')
    .action((file: string, options: ReadBackOptions) => readBack(file, options, context));
}

export async function taskListsOf(context: CommandContext): Promise<TaskLists> {
  const workspace = await context.workspace();
  return queueParts(workspace, createDesk(workspace.database)).lists;
}

async function readBack(
  file: string,
  { dryRun = false, json = false }: ReadBackOptions,
  context: CommandContext,
): Promise<void> {
  const { session } = context;
  const path = resolve(session.cwd, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Fault('form.file', `读不到文件 ${path} (cannot read the file)`, { cause });
  });
  const actor = await actorOf(context);
  const answer = await (await taskListsOf(context)).readBack(actor, bytes, { dryRun });
  const refused = answer.rows.filter(({ result }) => result === 'refused');
  if (json) session.out(`${JSON.stringify(answer)}\n`);
  else {
    for (const { cell, message } of refused.flatMap(({ errors }) => errors)) session.err(`${cell}: ${message}\n`);
    session.out(`${summary(answer)}\n`);
  }
  if (refused.length > 0) session.status = 2;
}

const RESULT_WORDS: Readonly<Record<ReadBackRow['result'], string>> = {
  submitted: '已提交 (submitted)',
  valid: '可以提交 (valid, not submitted)',
  known: '以前已提交 (submitted before)',
  refused: '未提交 (refused)',
};

function summary({ rows, empty }: ReadBackAnswer): string {
  const results = Object.entries(RESULT_WORDS).flatMap(([result, words]) => {
    const count = rows.filter((row) => row.result === result).length;
    return count > 0 ? [`${words} ${count} 行`] : [];
  });
  const drafts = new Set(rows.flatMap(({ draftId }) => draftId ?? [])).size;
  const kept = drafts > 0 ? [`其中 ${drafts} 份存为草稿 (kept as drafts)`] : [];
  return [...results, ...kept, `空行 (empty) ${empty} 行`].join('，');
}
