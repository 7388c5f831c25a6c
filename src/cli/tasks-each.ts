/** tasks-each: one step with several tasks: what is refused is said and holds up nothing else; exit status 2 where something was refused. */
import { Fault } from '../model/fault.js';
import type { FileAnswer, ListedFile } from '../ports/task-queue.js';
import type { CommandContext } from './command.js';
import { filesTable } from './file-text.js';
import { faultText } from './told.js';

export async function eachTask(
  ids: readonly string[],
  json: boolean,
  { session }: CommandContext,
  step: (id: string) => Promise<FileAnswer>,
): Promise<void> {
  const files: ListedFile[] = [];
  const refused: { taskId: string; code: string; message: string }[] = [];
  for (const id of [...new Set(ids)]) {
    session.signal.throwIfAborted();
    try {
      files.push((await step(id)).file);
    } catch (error) {
      if (!(error instanceof Fault) || error.blame === 'system') throw error;
      refused.push({ taskId: id, code: error.code, message: error.message });
    }
  }
  if (json) session.out(`${JSON.stringify({ files, refused })}\n`);
  else {
    if (files.length > 0) session.out(filesTable(files));
    for (const one of refused) session.err(`未办理 ${one.taskId}：${faultText(one)}\n`);
  }
  if (refused.length > 0) session.status = 2;
}
