/** Sheets of a table as text, cell by cell; null = empty. Nothing of it is understood yet. */
import { isDecimalDegrees, isDms, plainNumber } from '../corner-points/angle.js';

export interface SheetRow {
  /** 1-based, as the spreadsheet counts. */
  readonly row: number;
  readonly cells: readonly (string | null)[];
}

export interface Sheet {
  readonly name: string;
  readonly rows: readonly SheetRow[];
}

/** Without blanks, full-width signs brought down, lower case: for comparing titles. */
export function plainTitle(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** A number or an angle. */
export function coordinateLike(text: string | null | undefined): text is string {
  if (text === null || text === undefined) return false;
  return isDms(text) || isDecimalDegrees(text) || plainNumber(text) !== null;
}
