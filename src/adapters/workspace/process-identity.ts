/** Which process on which machine: a pid alone is used again after a while, and means nothing on another machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

export const processIdentitySchema = z.object({
  host: z.string(),
  /** Of the machine's start; empty where it cannot be known. */
  boot: z.string(),
  pid: z.int().positive(),
  /** When the process was started, in whatever form the system tells it. */
  started: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), boot: bootId(), pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** `elsewhere`: on another machine (or in another container), which cannot be asked from here. */
export function stateOf(identity: ProcessIdentity): 'alive' | 'dead' | 'elsewhere' {
  if (identity.host !== hostname()) return 'elsewhere';
  if (identity.boot !== bootId()) return 'dead';
  return startOf(identity.pid) === identity.started ? 'alive' : 'dead';
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Null: there is no such process, or only what is left of it until its parent has noticed (a zombie). */
function startOf(pid: number): string | null {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    }
    // pid (name) state ppid … starttime: the name may hold spaces and brackets, what follows the last one may not.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
