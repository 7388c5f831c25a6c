/**
 * A copy of the embedded database that survives a power cut. PGlite hands its writes to the system but never forces them to the
 * disk, so a cut may leave the data folder torn. The copy is taken after a checkpoint while nothing else uses the connection,
 * each file is forced to the disk, and only then does the copy take its name: whenever the power goes, one whole copy is there.
 */
import { cp, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedDatabase } from './embedded.js';

export interface SafeCopy {
  /** Folder of the database. */
  readonly from: string;
  /** Folder of the copy; the one before is replaced. */
  readonly to: string;
}

/** Where the database stands: grows with every write. */
export async function writePosition(database: EmbeddedDatabase): Promise<string> {
  const rows = await database.query<{ at: string }>('SELECT pg_current_wal_insert_lsn()::text AS at');
  return rows[0]?.at ?? '';
}

export async function takeSafeCopy(database: EmbeddedDatabase, { from, to }: SafeCopy): Promise<void> {
  const draft = `${to}.new`;
  const before = `${to}.old`;
  await rm(draft, { recursive: true, force: true });
  const release = await database.connection.lease();
  try {
    await database.connection.send({ kind: 'query', text: 'CHECKPOINT', values: [], reading: 'plain' });
    await cp(from, draft, { recursive: true, filter: (path) => !path.endsWith('postmaster.pid') });
  } finally {
    release();
  }
  await forceToDisk(draft);
  await rm(before, { recursive: true, force: true });
  await rename(to, before).catch(ifMissing);
  await rename(draft, to);
  await force(join(to, '..'));
  await rm(before, { recursive: true, force: true });
}

async function forceToDisk(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await forceToDisk(path);
    else await force(path);
  }
  await force(folder);
}

async function force(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
