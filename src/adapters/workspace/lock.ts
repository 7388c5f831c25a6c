/**
 * The holder's lock of a workspace: files holder-1.json, holder-2.json, …, of which the highest counts. A file is never taken
 * away to free the lock, only a higher one put above it (link(2): whole, and by one process only), so that two processes that
 * find the same dead holder cannot break each other's new lock. It is free when its process is gone (pid and start time; on
 * another machine: when its file was not touched for a minute) or marked it as released.
 */
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentitySchema, stateOf, thisProcess } from './process-identity.js';
import { socketPath } from './socket-path.js';

const ownerSchema = processIdentitySchema.extend({
  /** As typed, for messages. */
  command: z.string(),
  since: z.string(),
  socket: z.string(),
  /** Stays until told to end (`serve`, `worker`); others end by themselves. */
  stays: z.boolean(),
  released: z.boolean(),
});
export type LockOwner = z.infer<typeof ownerSchema>;

export interface Lock {
  readonly owner: LockOwner;
  release(): void;
}

export type Acquired =
  | { readonly kind: 'mine'; readonly lock: Lock }
  | { readonly kind: 'held'; readonly owner: LockOwner };

const NAME = /^holder-(\d+)\.json$/;
const TOUCH_EVERY_MS = 10_000;
const SILENT_MS = 60_000;

export interface Claim {
  /** The program's own folder in the workspace. */
  readonly inner: string;
  readonly command: string;
  readonly stays: boolean;
}

export function acquireLock({ inner, command, stays }: Claim): Acquired {
  mkdirSync(inner, { recursive: true, mode: 0o700 });
  for (;;) {
    const top = highest(inner);
    const holder = top > 0 ? living(pathOf(inner, top)) : null;
    if (holder) return { kind: 'held', owner: holder };
    const mine = top + 1;
    const owner: LockOwner = {
      ...thisProcess(),
      command,
      since: new Date().toISOString(),
      socket: socketPath(inner, mine),
      stays,
      released: false,
    };
    if (!put(inner, mine, owner)) continue;
    if (highest(inner) > mine) {
      // Files went up while this process slept between looking and putting: the higher one has it.
      rmSync(pathOf(inner, mine), { force: true });
      continue;
    }
    clean(inner, mine);
    return { kind: 'mine', lock: held(inner, mine, owner) };
  }
}

const pathOf = (inner: string, number: number) => join(inner, `holder-${number}.json`);

function numbers(inner: string): number[] {
  return readdirSync(inner).flatMap((name) => {
    const match = NAME.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function highest(inner: string): number {
  return Math.max(0, ...numbers(inner));
}

/** Its owner, when that may still be at work. */
function living(path: string): LockOwner | null {
  let owner: LockOwner;
  let touchedAt: number;
  try {
    touchedAt = statSync(path).mtimeMs;
    const parsed = ownerSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!parsed.success) return null;
    owner = parsed.data;
  } catch {
    // Emptied by a power cut, or just cleaned away under a higher one.
    return null;
  }
  if (owner.released) return null;
  const state = stateOf(owner);
  return state === 'alive' || (state === 'elsewhere' && Date.now() - touchedAt < SILENT_MS) ? owner : null;
}

function put(inner: string, number: number, owner: LockOwner): boolean {
  const draft = join(inner, `draft-${process.pid}-${number}`);
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(draft, pathOf(inner, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function clean(inner: string, mine: number): void {
  for (const number of numbers(inner)) {
    if (number >= mine) continue;
    rmSync(pathOf(inner, number), { force: true });
    rmSync(socketPath(inner, number), { force: true });
  }
}

function held(inner: string, number: number, owner: LockOwner): Lock {
  const path = pathOf(inner, number);
  const touch = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // The folder is gone; the database will say so.
    }
  }, TOUCH_EVERY_MS);
  touch.unref();
  return {
    owner,
    release() {
      clearInterval(touch);
      const draft = `${path}.released`;
      try {
        writeFileSync(draft, JSON.stringify({ ...owner, released: true }), { mode: 0o600 });
        renameSync(draft, path);
      } catch {
        // The folder is gone: nothing is left to be released.
      }
    },
  };
}
