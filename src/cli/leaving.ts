/** leaving: how a command writes a file of what the workspace holds: logged, and marked with who and when. Without --as: the owner at the console. */
import { extname } from 'node:path';
import { replaceFile } from '../adapters/files/replace-file.js';
import { createDesk } from '../adapters/postgres/desk.js';
import type { ExportWhat } from '../model/export-entry.js';
import { type HandlingMark, MARK_FILE_ENDING, markFileText } from '../model/handling-mark.js';
import { leaveFile } from '../queue-exports.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';

/** `beside`: in a file of its own, where the format has no place for it. `log`: in the log alone. */
export type MarkPlace = 'inside' | 'beside' | 'log';

/** Readers of these take every line, column and field for data. */
const WITHOUT_PLACE = ['.csv', '.shp', '.gdb', '.txt', '.json'];

export interface Leaving extends Omit<ExportWhat, 'format'> {
  /** Ids of the tasks whose places are in the file. */
  readonly seen?: readonly string[];
}

export async function leaving<T>(
  context: CommandContext,
  { seen = [], ...what }: Leaving,
  path: string,
  write: (mark: HandlingMark) => Promise<T>,
  place: MarkPlace = WITHOUT_PLACE.includes(extname(path).toLowerCase()) ? 'beside' : 'inside',
): Promise<T> {
  const { database } = await context.workspace();
  const actor = context.person() === null ? CONSOLE_ACTOR : await actorOf(context);
  const format = extname(path).slice(1).toLowerCase() || 'txt';
  const marked = async (mark: HandlingMark) => {
    const answer = await write(mark);
    if (place === 'beside') await replaceFile(`${path}${MARK_FILE_ENDING}`, Buffer.from(markFileText(mark)));
    return answer;
  };
  return leaveFile(consoleDesk(createDesk(database)), actor, { ...what, format }, path, marked, seen);
}
