/**
 * Audit: the record of who did what, each entry holding the hash of the one before. Changing, removing or adding an entry in between breaks
 * every hash after it; cutting off the end is told by a head that was noted elsewhere.
 * Hash = SHA-256 over the canonical JSON of [seq, at, person, device, action, subject, body, previous], hexadecimal; the first entry's
 * `previous` is 64 zeros.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './id.js';
import type { Words } from './words.js';

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

/** Where the record stands: its last entry. Seq 0 and AUDIT_START: nothing was recorded yet. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** `missing`: no entry has this number. `extra`: a number comes twice, or out of order. `unreadable`: a line is no entry. */
export type AuditBreakKind = 'hash' | 'previous' | 'missing' | 'extra' | 'unreadable' | 'cut' | 'rewritten' | 'no-head';

export const AUDIT_BREAK_WORDS: Readonly<Record<AuditBreakKind, Words>> = {
  hash: { zh: '内容与其散列值不符，被改动过', en: 'the entry is not what its hash was taken of' },
  previous: {
    zh: '所记的前一条散列值与前一条不符，前一条被改写或换过',
    en: 'it follows another entry than the one before it',
  },
  missing: { zh: '缺少这一条', en: 'this entry is missing' },
  extra: { zh: '多出一条，或次序被调换', en: 'an entry too many, or out of order' },
  unreadable: { zh: '这一行不是审计记录', en: 'this line is no entry' },
  cut: { zh: '末尾被截去：记录比所记的链头短', en: 'the end was cut off: shorter than the head that was noted' },
  rewritten: {
    zh: '与所记的链头不符：整条链被重写过，或链头记错',
    en: 'not the head that was noted: rewritten as a whole, or noted wrongly',
  },
  'no-head': {
    zh: '没有一条的散列值是所记的链头：末尾被截去，或整条链被重写过',
    en: 'no entry has the hash that was noted: cut off, or rewritten as a whole',
  },
};

/** Where a chain is broken, and how. */
export interface AuditBreak {
  readonly seq: number;
  readonly why: AuditBreakKind;
}

/** Walks a chain from its beginning, entry by entry, so that it need not be in memory. */
export interface ChainWalk {
  /** Null: the entry follows. After a break nothing more can be said. */
  next(entry: AuditEntry): AuditBreak | null;
  head(): AuditHead;
}

export function walkChain(): ChainWalk {
  let head: AuditHead = { seq: 0, hash: AUDIT_START };
  return {
    next(entry) {
      const expected = head.seq + 1;
      if (entry.seq > expected) return { seq: expected, why: 'missing' };
      if (entry.seq < expected) return { seq: entry.seq, why: 'extra' };
      if (entry.previous !== head.hash) return { seq: entry.seq, why: 'previous' };
      if (auditHash(entry) !== entry.hash) return { seq: entry.seq, why: 'hash' };
      head = { seq: entry.seq, hash: entry.hash };
      return null;
    },
    head: () => head,
  };
}

/** The first broken link of entries in the order of seq, starting at the chain's beginning; null = whole. */
export function firstBreak(entries: Iterable<AuditEntry>): AuditBreak | null {
  const walk = walkChain();
  for (const entry of entries) {
    const broken = walk.next(entry);
    if (broken) return broken;
  }
  return null;
}

/** As it is noted elsewhere: `128:9f86…`. */
export function headText({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}

/** Of `SEQ:HASH`, or of the hash alone (seq null); null: neither. */
export function parseHead(text: string): { readonly seq: number | null; readonly hash: string } | null {
  const match = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/.exec(text.trim().toLowerCase());
  if (!match?.[2]) return null;
  return { seq: match[1] === undefined ? null : Number(match[1]), hash: match[2] };
}

/** An entry of a parsed line; null: it is none. More than the entry's own fields is no entry: the hash would not cover it. */
export function entryOf(value: unknown): AuditEntry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { seq, ...rest } = value as Record<string, unknown>;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || Object.keys(rest).length !== TEXTS.length) return null;
  const text = (name: (typeof TEXTS)[number]): string | null => {
    const found = rest[name];
    return typeof found === 'string' ? found : null;
  };
  const [at, person, device, action, subject, body, previous, hash] = TEXTS.map(text);
  if (at == null || person == null || device == null || action == null) return null;
  if (subject == null || body == null || previous == null || hash == null) return null;
  return { seq, at, person, device, action, subject, body, previous, hash };
}

const TEXTS = ['at', 'person', 'device', 'action', 'subject', 'body', 'previous', 'hash'] as const;
