/**
 * The prepared empty database: making one takes 6–11 s (initdb and CREATE EXTENSION inside WebAssembly), copying it 0.1 s. It is
 * made once, kept in the first folder that can be written, keyed by the versions that made it, and copied for each workspace.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';
import { openEmbedded } from './embedded.js';
import { makeFit } from './fitness.js';

export interface PreparedOptions {
  /** The built workers/database.js. */
  readonly entry: string;
  /** Folders to keep it in, the first that can be written wins. */
  readonly caches: readonly string[];
  /** Changes whenever another version would make it. */
  readonly key: string;
}

/** Folder of the prepared database; makes it where it is missing. Safe for several processes at once. */
export async function preparedDatabase({ entry, caches, key }: PreparedOptions): Promise<string> {
  const name = `database-${key}`;
  const ready = caches.map((cache) => join(cache, name)).find((path) => existsSync(join(path, 'PG_VERSION')));
  if (ready !== undefined) return ready;
  for (const cache of caches) {
    const made = await prepare(entry, cache, name);
    if (made !== null) return made;
  }
  throw new Fault('database.cache', `无法写入缓存文件夹 (none of these folders can be written): ${caches.join(', ')}`, {
    blame: 'system',
  });
}

async function prepare(entry: string, cache: string, name: string): Promise<string | null> {
  let draft: string;
  try {
    mkdirSync(cache, { recursive: true });
    removeAbandoned(cache, `.${name}-`);
    draft = mkdtempSync(join(cache, `.${name}-`));
  } catch {
    return null;
  }
  try {
    const database = await openEmbedded({ entry, dataDir: join(draft, 'data'), create: true });
    try {
      await makeFit(database);
      await database.query('CHECKPOINT');
    } finally {
      await database.close();
    }
    putInPlace(join(draft, 'data'), join(cache, name));
    return join(cache, name);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Copies the prepared database to `dataDir`, which appears whole or not at all. */
export function copyPrepared(prepared: string, dataDir: string): void {
  mkdirSync(dirname(dataDir), { recursive: true });
  removeAbandoned(dirname(dataDir), `.${basename(dataDir)}-`);
  const draft = mkdtempSync(join(dirname(dataDir), `.${basename(dataDir)}-`));
  try {
    cpSync(prepared, join(draft, 'data'), { recursive: true, mode: 0 });
    putInPlace(join(draft, 'data'), dataDir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** What a killed process left: drafts that nobody has worked on for an hour. */
function removeAbandoned(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(prefix) && Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true });
  }
}

/** Somebody else may have put the same there meanwhile: then theirs stays. */
function putInPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(join(to, 'PG_VERSION'))) throw error;
  }
}
