/** The record as it is looked at: listed, proved whole, written out. Who adds to it: the desk, in the transaction of what is recorded. */
import type { AuditBreak, AuditEntry, AuditHead } from '../model/audit.js';
import type { Actor } from '../model/person.js';

export interface AuditFilter {
  /** Id or login. */
  readonly person?: string;
  /** `task.claim`, or all of a noun: `task`. */
  readonly action?: string;
  readonly subject?: string;
  /** UTC, ISO 8601: from this instant on, up to but without the other. */
  readonly since?: string;
  readonly until?: string;
}

export interface AuditQuery extends AuditFilter {
  /** Entries older than this one; null: from the newest on. */
  readonly before: number | null;
  /** 1–500. */
  readonly limit: number;
}

export interface NamedEntry extends AuditEntry {
  readonly personName: string | null;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly NamedEntry[];
  readonly before: number | null;
}

/** A head that was noted elsewhere; seq null: only its hash was. */
export interface NotedHead {
  readonly seq: number | null;
  readonly hash: string;
}

export interface AuditCheck {
  /** Entries that follow one another from the first on. */
  readonly whole: number;
  readonly head: AuditHead;
  /** Null: the record is whole, and holds the noted head where one was given. `at` and `action`: of the entry, where there is one. */
  readonly broken: (AuditBreak & { readonly at: string | null; readonly action: string | null }) | null;
}

export interface AuditRecord {
  /** Those whose right is for certain areas see entries about tasks, findings and rounds of these. Fault audit.role. */
  list(actor: Actor, query: AuditQuery): Promise<AuditPage>;
  /** Of all of it: faults audit.role, audit.area (the right must be for everywhere), here and below. */
  verify(actor: Actor, noted: NotedHead | null): Promise<AuditCheck>;
  head(actor: Actor): Promise<AuditHead>;
  /** Entries in the order of seq up to this one, in pages. The caller logs the export. */
  pages(actor: Actor, last: number): AsyncIterable<readonly AuditEntry[]>;
}
