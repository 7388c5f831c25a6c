/** next-command: how a next command is printed so that it can be typed as it stands: with the workspace's folder where one stands elsewhere. */
import { resolve } from 'node:path';
import type { CommandContext } from './command.js';

/** `tuban`, or `tuban -C DIR`. */
export function typedFor(context: CommandContext): string {
  const folder = resolve(context.session.cwd, context.directory());
  return folder === context.session.cwd ? 'tuban' : `tuban -C ${quoted(folder)}`;
}

/** A word for the shell. */
export function quoted(word: string): string {
  return /^[\p{L}\p{N}_./:@%+=-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
