/** What the store asks of the disk, step by step, so that tests can let each of them fail. */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface OpenFile {
  write(chunk: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  folder(path: string): Promise<void>;
  /** A new file that only its owner can read. */
  create(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  flushFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Files under names of the store (`ab/<sha256>`) that were last written before. Whatever else lies there is not ours. */
  named(path: string, before: number): Promise<{ sha256: string; bytes: number; at: string }[]>;
  /** Removes files that were left lying. */
  sweep(path: string, olderThanMs: number): Promise<void>;
}

export const DISK: Disk = {
  async folder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  async create(path) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    return {
      write: (chunk) => file.writeFile(chunk),
      flush: () => file.sync(),
      close: () => file.close(),
    };
  },
  rename,
  async flushFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  remove: (path) => rm(path, { force: true }),
  async named(path, before) {
    const found: { sha256: string; bytes: number; at: string }[] = [];
    for (const folder of (await namesIn(path)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      for (const sha256 of await namesIn(join(path, folder))) {
        if (!/^[0-9a-f]{64}$/.test(sha256) || !sha256.startsWith(folder)) continue;
        const one = await stat(join(path, folder, sha256)).catch(() => null);
        if (one?.isFile() && one.mtimeMs < before) found.push({ sha256, bytes: one.size, at: one.mtime.toISOString() });
      }
    }
    return found;
  },
  async sweep(path, olderThanMs) {
    for (const name of await readdir(path)) {
      const found = await stat(join(path, name)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > olderThanMs) await rm(join(path, name), { force: true });
    }
  },
};

/** In their order; none where there is no such folder yet. */
async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
