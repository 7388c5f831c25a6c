/** What a command and the holder say to each other over the socket: one JSON object a line. */
import type { Socket } from 'node:net';

/** A command as its user typed it, with what it must know of the user's terminal. */
export interface HandedCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly columns: number;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Login that the user's environment names. */
  readonly person: string | null;
  /** What was piped into it, where the command line names the standard input. */
  readonly input: string | null;
}

export type ToHolder =
  | { readonly kind: 'command'; readonly version: string; readonly command: HandedCommand }
  | { readonly kind: 'stop' };

export type FromHolder =
  | { readonly kind: 'accepted' }
  /** Nothing of the command was begun. */
  | { readonly kind: 'refused'; readonly why: 'closing' | 'version'; readonly version: string }
  | { readonly kind: 'out' | 'err'; readonly text: string }
  | { readonly kind: 'end'; readonly status: 0 | 1 | 2 };

export function sendLine(socket: Socket, message: ToHolder | FromHolder): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

export function onLine<T extends ToHolder | FromHolder>(socket: Socket, listener: (message: T) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parsed<T>(line);
      if (message === null) socket.destroy();
      else listener(message);
    }
  });
}

/** Null: whoever is at the other end is no tuban. */
function parsed<T>(line: string): T | null {
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}
