/**
 * Audit: the record of who did what, each entry holding the hash of the one before. Changing, removing or adding an entry in between breaks
 * every hash after it; cutting off the end is told by a head that was noted elsewhere.
 * Hash = SHA-256 over the canonical JSON of [seq, at, person, device, action, subject, body, previous], hexadecimal; the first entry's
 * `previous` is 64 zeros.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './id.js';

export interface AuditEntry {
  readonly seq: number;
  /** UTC, as the database's clock said. */
  readonly at: string;
  readonly person: string;
  readonly device: string;
  /** `<noun>.<verb>`, e.g. `task.claim`, `export.write`, `place.read`. */
  readonly action: string;
  /** What it was done to: `<noun>:<id>`. */
  readonly subject: string;
  /** Canonical JSON. */
  readonly body: string;
  readonly previous: string;
  readonly hash: string;
}

export const AUDIT_START = '0'.repeat(64);

export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, at, person, device, action, subject, body, previous } = entry;
  return createHash('sha256')
    .update(canonicalJson([seq, at, person, device, action, subject, body, previous]))
    .digest('hex');
}

/** Where a chain is broken, and how. */
export interface AuditBreak {
  readonly seq: number;
  readonly why: 'hash' | 'previous' | 'missing';
}

/** The first broken link of entries in the order of seq, starting at the chain's beginning; null = whole. */
export function firstBreak(entries: Iterable<AuditEntry>): AuditBreak | null {
  let previous = AUDIT_START;
  let expected = 1;
  for (const entry of entries) {
    if (entry.seq !== expected) return { seq: expected, why: 'missing' };
    if (entry.previous !== previous) return { seq: entry.seq, why: 'previous' };
    if (auditHash(entry) !== entry.hash) return { seq: entry.seq, why: 'hash' };
    previous = entry.hash;
    expected += 1;
  }
  return null;
}
