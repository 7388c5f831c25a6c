/** The user's end: hands a command to the holder and plays back what it says. */
import { connect } from 'node:net';
import { Fault } from '../../model/fault.js';
import { type FromHolder, type HandedCommand, onLine, sendLine } from './hand-over-messages.js';
import type { LockOwner } from './lock.js';

export interface UserEnd {
  out(text: string): void;
  err(text: string): void;
  readonly signal: AbortSignal;
}

/** Exit status, or `gone`: the holder does not listen (yet, or any more) and has begun nothing. */
export function handOver(
  owner: LockOwner,
  command: HandedCommand,
  version: string,
  user: UserEnd,
): Promise<0 | 1 | 2 | 'gone'> {
  return new Promise((resolve, reject) => {
    const socket = connect(owner.socket);
    let accepted = false;
    const stop = () => sendLine(socket, { kind: 'stop' });
    socket.once('connect', () => {
      sendLine(socket, { kind: 'command', version, command });
      if (user.signal.aborted) stop();
    });
    user.signal.addEventListener('abort', stop);
    // Told by `close`, which follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      user.signal.removeEventListener('abort', stop);
      if (!accepted) resolve('gone');
      else reject(holderLost(owner));
    });
    onLine<FromHolder>(socket, (message) => {
      switch (message.kind) {
        case 'accepted':
          accepted = true;
          break;
        case 'out':
          user.out(message.text);
          break;
        case 'err':
          user.err(message.text);
          break;
        case 'end':
          resolve(message.status);
          socket.end();
          break;
        case 'refused':
          if (message.why === 'version') reject(otherVersion(owner, message.version, version));
          socket.end();
      }
    });
  });
}

function holderLost(owner: LockOwner): Fault {
  return new Fault(
    'workspace.holder-lost',
    `执行本命令的进程 ${owner.pid}（${owner.command}）意外结束，已提交的结果保留，请重新运行 (the process that carried this out ended unexpectedly; what it committed stays; run the command again)`,
    { retryable: true },
  );
}

function otherVersion(owner: LockOwner, theirs: string, ours: string): Fault {
  return new Fault(
    'workspace.other-version',
    `工作区由进程 ${owner.pid}（${owner.command}，版本 ${theirs}）持有，与本程序 ${ours} 不同；请重启它 (the workspace is held by another version of tuban; restart that process)`,
    { blame: 'system' },
  );
}
