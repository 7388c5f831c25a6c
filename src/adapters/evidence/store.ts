/**
 * The store of originals: `evidence/ab/<sha256>` in the workspace, byte for byte. A file is written aside while its hash is taken, flushed to the
 * disk, and only then given its name; folder entries are flushed, too. Whatever happens in between leaves at most a file aside, which counts
 * nowhere and goes after a day. A name that is there stands for whole content: files are never written to again.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';
import { DISK, type Disk } from './disk.js';
import { type Beginning, firstBytes } from './first-bytes.js';

export interface Aside {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface EvidenceStore {
  /** What it begins as, before any of it is stored. Fault evidence.disk. */
  begin(content: AsyncIterable<Uint8Array>): Promise<Beginning>;
  /** Faults: evidence.size, evidence.empty, evidence.disk. */
  receive(content: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Aside>;
  /** Gives it its name; harmless where the same content has it. Fault evidence.disk. */
  keep(aside: Aside): Promise<void>;
  drop(aside: Aside): Promise<void>;
  path(sha256: string): string;
  /** Fault evidence.lost: gone, or no longer the content that was bound into the record. */
  verify(sha256: string): Promise<void>;
  read(sha256: string): AsyncIterable<Uint8Array>;
  /** Files under their names that were last written so long ago, in the order of their names. */
  olderThan(ms: number): Promise<StoredFile[]>;
  remove(sha256: string): Promise<void>;
}

export interface StoredFile {
  readonly sha256: string;
  readonly bytes: number;
  /** UTC. */
  readonly at: string;
}

const STALE_MS = 24 * 3_600_000;

export function createEvidenceStore(dir: string, disk: Disk = DISK): EvidenceStore {
  const incoming = join(dir, 'incoming');
  const pathOf = (sha256: string) => join(dir, sha256.slice(0, 2), sha256);
  return {
    begin: (content) =>
      firstBytes(content).catch((cause: unknown) => {
        throw asFault(cause);
      }),
    async receive(content, mostBytes) {
      const path = join(incoming, `${randomBytes(12).toString('hex')}.part`);
      try {
        await disk.folder(incoming);
        await disk.sweep(incoming, STALE_MS);
        return { path, ...(await written(disk, path, content, mostBytes)) };
      } catch (cause) {
        await disk.remove(path);
        throw asFault(cause);
      }
    },
    async keep({ path, sha256 }) {
      const home = pathOf(sha256);
      try {
        await disk.folder(dirname(home));
        await disk.rename(path, home);
        await disk.flushFolder(dirname(home));
        await disk.flushFolder(dir);
      } catch (cause) {
        throw asFault(cause);
      }
    },
    drop: ({ path }) => disk.remove(path),
    path: pathOf,
    async verify(sha256) {
      const hash = createHash('sha256');
      try {
        for await (const chunk of createReadStream(pathOf(sha256))) hash.update(chunk as Uint8Array);
      } catch (cause) {
        throw lost(sha256, cause);
      }
      if (hash.digest('hex') !== sha256) throw lost(sha256, null);
    },
    read: (sha256) => createReadStream(pathOf(sha256)) as AsyncIterable<Uint8Array>,
    olderThan: (ms) => disk.named(dir, Date.now() - ms),
    remove: (sha256) => disk.remove(pathOf(sha256)),
  };
}

async function written(
  disk: Disk,
  path: string,
  content: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await disk.create(path);
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        throw new Fault(
          'evidence.size',
          `文件超过 ${Math.floor(mostBytes / 1e6)} MB 的上限 (the file is larger than the limit)`,
        );
      }
      hash.update(chunk);
      await file.write(chunk);
    }
    if (bytes === 0) throw new Fault('evidence.empty', '文件是空的 (the file is empty)');
    await file.flush();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

function lost(sha256: string, cause: unknown): Fault {
  return new Fault(
    'evidence.lost',
    `原件 ${sha256.slice(0, 12)}… 不在了，或内容与登记的 SHA-256 不符；请从备份恢复 evidence 文件夹 (the original is gone or changed: restore it from a backup)`,
    { blame: 'system', cause },
  );
}

function asFault(cause: unknown): unknown {
  if (cause instanceof Fault || !(cause instanceof Error && 'code' in cause)) return cause;
  return new Fault(
    'evidence.disk',
    `附件没有存下（${String(cause.code)}），请稍后重试 (the file could not be stored; try again)`,
    {
      retryable: true,
      cause,
    },
  );
}
