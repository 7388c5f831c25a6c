/** The only maker of loggers. They write to a file, never to the terminal: what users read goes through a command's session. */
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Logger, pino } from 'pino';

const ROTATE_AT_BYTES = 10_000_000;

export interface FileLog {
  readonly log: Logger;
  /** Null where nothing could be opened for writing. */
  readonly path: string | null;
}

/** Logs into `path` (one JSON object a line); the file before is kept as `.1`. A folder that cannot be written silences it. */
export function fileLog(path: string, level: string): FileLog {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_AT_BYTES) renameSync(path, `${path}.1`);
    return { log: pino({ level }, pino.destination({ dest: path, sync: true, append: true })), path };
  } catch {
    return { log: silentLog(), path: null };
  }
}

export function silentLog(): Logger {
  return pino({ level: 'silent' });
}
