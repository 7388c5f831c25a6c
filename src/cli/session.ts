/** Sessions: of this process, and of the user's end of a command that is carried out in the holder. */
import type { Session } from './command.js';
import { firstLineOf } from './input.js';

export interface ProcessSession extends Session {
  /** Waits until everything written has left. */
  flush(): Promise<void>;
}

/**
 * The session of the process the user started. The first Ctrl-C (or TERM, HUP) asks the command to stop, a second one ends it.
 * A reader that went away (`tuban tasks list | head`) asks it to stop, too.
 */
export function processSession(): ProcessSession {
  const stop = new AbortController();
  let asked = false;
  const onSignal = (name: NodeJS.Signals) => {
    if (asked) process.exit(name === 'SIGINT' ? 130 : 143);
    asked = true;
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());
  return {
    cwd: process.cwd(),
    columns: process.stdout.columns ?? process.stderr.columns ?? 80,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    input: firstLineOf(process.stdin),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    signal: stop.signal,
    status: 0,
    flush: async () => {
      await Promise.all([process.stdout, process.stderr].map(written));
    },
  };
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || !stream.writable) return Promise.resolve();
  return new Promise((resolve) => stream.write('', () => resolve()));
}
