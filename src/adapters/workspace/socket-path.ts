/** Where the holder listens: in the workspace, or, where that path is too long for a unix socket, in the system's temporary folder. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Fault } from '../../model/fault.js';

/** Bytes of sun_path: 108 on Linux, 104 on macOS, with a closing zero. */
const LONGEST_BYTES = 103;

export function socketPath(inner: string, number: number): string {
  const near = join(resolve(inner), `holder-${number}.sock`);
  if (Buffer.byteLength(near) <= LONGEST_BYTES) return near;
  const key = createHash('sha256').update(resolve(inner)).digest('hex').slice(0, 16);
  return join(tmpdir(), `tuban-${process.getuid?.() ?? 0}`, `${key}-${number}.sock`);
}

/** Makes the socket's folder and refuses one that others could put a socket into. */
export function safeSocketFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  const own = process.getuid?.() ?? uid;
  if (uid !== own || (mode & 0o022) !== 0) {
    throw new Fault(
      'workspace.socket-folder',
      `${folder} 可被他人写入，拒绝使用；请执行 chmod 700 (others can write there; run chmod 700 on it)`,
      { blame: 'system' },
    );
  }
}
