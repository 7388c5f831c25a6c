/** What left in files, as supervisors and administrators of everywhere look at it; others see what they themselves took. */
import type { ExportEntry, ExportKind } from '../model/export-entry.js';
import type { Actor } from '../model/person.js';

export interface ExportQuery {
  /** Id or login. */
  readonly person?: string;
  readonly kind?: ExportKind;
  /** To tell whose copy a file is. */
  readonly sha256?: string;
  /** Of the mark in a file. */
  readonly id?: string;
  /** UTC, ISO 8601. */
  readonly since?: string;
  /** 1–500. */
  readonly limit: number;
}

export interface ExportLog {
  /** Newest first. */
  list(actor: Actor, query: ExportQuery): Promise<readonly ExportEntry[]>;
}
