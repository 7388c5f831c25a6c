/** The store of originals: byte for byte, and nothing half wherever the disk fails or the program ends. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { streamed } from '../../testing/photos.js';
import { DISK, type Disk, type OpenFile } from './disk.js';
import { createEvidenceStore } from './store.js';

const folders: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuban-evidence-'));
  folders.push(dir);
  return dir;
};
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const BYTES = randomBytes(50_000);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

/** Files under their own name, with whether each is what its name says. */
function named(dir: string): { name: string; whole: boolean }[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    .map(({ name, parentPath }) => ({
      name,
      whole:
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex') === name,
    }));
}

/** Counts the operations; the N-th does what is asked instead. */
function failing(
  at: number,
  instead: () => Promise<never>,
): { disk: Disk; count: () => number; closeAll: () => Promise<unknown> } {
  const files = new Set<OpenFile>();
  let done = 0;
  const step = <T>(work: () => Promise<T>): Promise<T> => {
    done += 1;
    return done === at ? instead() : work();
  };
  return {
    count: () => done,
    closeAll: () => Promise.all([...files].map((file) => file.close())),
    disk: {
      folder: (path) => step(() => DISK.folder(path)),
      create: (path) =>
        step(async () => {
          const file = await DISK.create(path);
          files.add(file);
          return {
            write: (chunk) => step(() => file.write(chunk)),
            flush: () => step(() => file.flush()),
            close: () =>
              step(async () => {
                files.delete(file);
                await file.close();
              }),
          };
        }),
      rename: (from, to) => step(() => DISK.rename(from, to)),
      flushFolder: (path) => step(() => DISK.flushFolder(path)),
      remove: (path) => DISK.remove(path),
      named: (path, before) => DISK.named(path, before),
      sweep: (path, age) => DISK.sweep(path, age),
    },
  };
}

describe('the store of originals', () => {
  it('keeps the bytes under their hash, once', async () => {
    const dir = folder();
    const store = createEvidenceStore(dir);
    for (let twice = 0; twice < 2; twice++) {
      const aside = await store.receive(streamed(BYTES), 1e6);
      expect(aside).toMatchObject({ sha256: SHA256, bytes: BYTES.length });
      await store.keep(aside);
    }
    expect(named(dir)).toEqual([{ name: SHA256, whole: true }]);
    expect(readdirSync(join(dir, 'incoming'))).toEqual([]);
    await store.verify(SHA256);
    const read: Uint8Array[] = [];
    for await (const chunk of store.read(SHA256)) read.push(chunk);
    expect(Buffer.concat(read).equals(BYTES)).toBe(true);
  });

  it('leaves nothing under a name but whole content, whichever step of the disk fails', async () => {
    const probe = failing(0, () => Promise.reject(new Error('unreachable')));
    const whole = createEvidenceStore(folder(), probe.disk);
    await whole.keep(await whole.receive(streamed(BYTES), 1e6));
    expect(probe.count()).toBeGreaterThan(15);
    for (let at = 1; at <= probe.count(); at++) {
      const dir = folder();
      const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const failed = failing(at, () => Promise.reject(full));
      const store = createEvidenceStore(dir, failed.disk);
      const work = store.receive(streamed(BYTES), 1e6).then((aside) => store.keep(aside));
      await expect(work, `step ${at}`).rejects.toMatchObject({ code: 'evidence.disk', retryable: true });
      await failed.closeAll();
      expect(
        named(dir).every((file) => file.whole),
        `step ${at}`,
      ).toBe(true);
      const again = createEvidenceStore(dir);
      await again.keep(await again.receive(streamed(BYTES), 1e6));
      expect(named(dir), `step ${at}`).toEqual([{ name: SHA256, whole: true }]);
    }
  });

  it('is as good after the program stopped at any step', async () => {
    const steps = failing(0, () => Promise.reject(new Error('unreachable')));
    const whole = createEvidenceStore(folder(), steps.disk);
    await whole.keep(await whole.receive(streamed(BYTES), 1e6));
    for (let at = 1; at <= steps.count(); at++) {
      const dir = folder();
      let reached: () => void = () => undefined;
      const stopped = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const stopping = failing(at, () => {
        reached();
        return new Promise<never>(() => undefined);
      });
      const store = createEvidenceStore(dir, stopping.disk);
      void store.receive(streamed(BYTES), 1e6).then((aside) => store.keep(aside));
      await stopped;
      await stopping.closeAll();
      expect(
        named(dir).every((file) => file.whole),
        `step ${at}`,
      ).toBe(true);
      const again = createEvidenceStore(dir);
      await again.keep(await again.receive(streamed(BYTES), 1e6));
      expect(named(dir), `step ${at}`).toEqual([{ name: SHA256, whole: true }]);
    }
  });

  it('refuses what is empty or too large and keeps none of it; sweeps what lay for a day', async () => {
    const dir = folder();
    const store = createEvidenceStore(dir);
    await expect(store.receive(streamed(BYTES), 49_999)).rejects.toMatchObject({ code: 'evidence.size' });
    await expect(store.receive(streamed(new Uint8Array()), 10)).rejects.toMatchObject({ code: 'evidence.empty' });
    expect(readdirSync(join(dir, 'incoming'))).toEqual([]);
    const [old, fresh] = ['old.part', 'fresh.part'].map((name) => join(dir, 'incoming', name)) as [string, string];
    for (const path of [old, fresh]) writeFileSync(path, 'x');
    utimesSync(old, new Date(Date.now() - 25 * 3_600_000), new Date(Date.now() - 25 * 3_600_000));
    await store.drop(await store.receive(streamed(BYTES), 1e6));
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
  });

  it('says when an original is gone or was changed', async () => {
    const dir = folder();
    const store = createEvidenceStore(dir);
    await store.keep(await store.receive(streamed(BYTES), 1e6));
    writeFileSync(store.path(SHA256), 'something else');
    await expect(store.verify(SHA256)).rejects.toMatchObject({ code: 'evidence.lost' });
    rmSync(store.path(SHA256));
    await expect(store.verify(SHA256)).rejects.toMatchObject({ code: 'evidence.lost' });
  });
});
