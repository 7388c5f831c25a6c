/**
 * run-lock: one run at a time per database. On a server an advisory lock that a connection holds in an open transaction, so that
 * it is gone when the process is, however it died; embedded, where one process holds the database, a mark in its memory.
 */
import type { Database } from '../ports/database.js';

/** Any fixed number: 'tuban' in ASCII. */
const LOCK = 0x74_75_62_61;

export interface RunLock {
  /** Fires when the lock was lost (the connection broke): the run must stop. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const heldHere = new WeakSet<Database>();

/** Null: another run holds it. */
export async function takeRunLock(database: Database): Promise<RunLock | null> {
  if (heldHere.has(database)) return null;
  heldHere.add(database);
  if (database.kind === 'embedded') {
    return {
      lost: new AbortController().signal,
      async release() {
        heldHere.delete(database);
      },
    };
  }
  try {
    const lock = await takeServerLock(database);
    if (!lock) heldHere.delete(database);
    return lock;
  } catch (error) {
    heldHere.delete(database);
    throw error;
  }
}

async function takeServerLock(database: Database): Promise<RunLock | null> {
  const lost = new AbortController();
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let released = false;
  const got = await new Promise<{ held: boolean; ended: Promise<void> }>((resolve, reject) => {
    const ended = database.transaction(async (sql) => {
      const [row] = await sql.query<{ got: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS got', [LOCK]);
      resolve({ held: row?.got === true, ended: Promise.resolve(ended) });
      if (row?.got === true) await until;
    });
    ended.catch((error: unknown) => {
      if (!released) lost.abort(error);
      reject(error);
    });
  });
  if (!got.held) return null;
  return {
    lost: lost.signal,
    async release() {
      released = true;
      heldHere.delete(database);
      letGo();
      await got.ended.catch(() => undefined);
    },
  };
}
