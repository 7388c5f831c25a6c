/** The holder's end: takes handed-over commands and carries them out side by side. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { type HandedCommand, onLine, sendLine, type ToHolder } from './hand-over-messages.js';
import { safeSocketFolder } from './socket-path.js';

/** A command that came over the socket, with its user's terminal. */
export interface Received extends HandedCommand {
  out(text: string): void;
  err(text: string): void;
  /** Ctrl-C at the user's end, or the user's end is gone, or the holder stops. */
  readonly signal: AbortSignal;
}

export interface Receiver {
  /** Commands in hand. */
  readonly busy: number;
  /** Takes no more and waits for those in hand; with `stop` they are asked to stop first. */
  close(stop: boolean): Promise<void>;
}

export type CarryOut = (command: Received) => Promise<0 | 1 | 2>;

export function receive(path: string, version: string, carryOut: CarryOut): Promise<Receiver> {
  const running = new Map<Promise<void>, AbortController>();
  let closing = false;

  /** Returns what stops it. */
  function take(socket: Socket, command: HandedCommand): AbortController {
    const stopped = new AbortController();
    const done = carryOut({
      ...command,
      out: (text) => sendLine(socket, { kind: 'out', text }),
      err: (text) => sendLine(socket, { kind: 'err', text }),
      signal: stopped.signal,
    })
      .then((status) => {
        sendLine(socket, { kind: 'end', status });
        socket.end();
      })
      .finally(() => running.delete(done));
    running.set(done, stopped);
    return stopped;
  }

  const server = createServer((socket) => {
    let stopped: AbortController | null = null;
    // A user's end that went away: `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => stopped?.abort());
    onLine<ToHolder>(socket, (message) => {
      if (message.kind === 'stop') {
        stopped?.abort();
        return;
      }
      const why = closing ? 'closing' : message.version === version ? null : 'version';
      if (why !== null) {
        sendLine(socket, { kind: 'refused', why, version });
        socket.end();
        return;
      }
      sendLine(socket, { kind: 'accepted' });
      stopped = take(socket, message.command);
    });
  });

  return new Promise((resolve, reject) => {
    safeSocketFolder(dirname(path));
    rmSync(path, { force: true });
    server.once('error', reject);
    const mask = process.umask(0o177);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve({
        get busy() {
          return running.size;
        },
        async close(stop) {
          closing = true;
          server.close();
          if (stop) for (const stopped of running.values()) stopped.abort();
          while (running.size > 0) await Promise.all(running.keys());
        },
      });
    });
    process.umask(mask);
  });
}
