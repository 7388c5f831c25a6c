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
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1–500. */
  readonly limit: number;
}

export interface ExportPage {
  readonly exports: readonly ExportEntry[];
  /** Null: this is the last page. */
  readonly next: string | null;
}

export interface ExportLog {
  /** Newest first. Fault export.page. */
  list(actor: Actor, query: ExportQuery): Promise<ExportPage>;
}
