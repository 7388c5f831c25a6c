/** Lists of tasks as files: for paper, phones and spreadsheets; and forms that were filled in and come back. */
import type { CellError } from '../model/form-sheet.js';
import type { Actor } from '../model/person.js';
import type { Quarter } from '../model/scene.js';

/** `shp`: as one file it is a ZIP of the shapefile's files with the mark beside them. */
export const TASK_LIST_FORMATS = ['pdf', 'xlsx', 'csv', 'geojson', 'gpkg', 'shp', 'kml', 'kmz', 'gpx'] as const;
export type TaskListFormat = (typeof TASK_LIST_FORMATS)[number];

export interface TaskListWish {
  readonly format: TaskListFormat;
  /** Default: the newest. */
  readonly quarter?: Quarter;
  /** Only these, in this order. */
  readonly taskIds?: readonly string[];
  /** The tasks of a round in its order. */
  readonly roundId?: string;
}

export interface TaskListAnswer {
  readonly tasks: number;
  /** Of the file, e.g. `tuban-2026Q3.pdf`: names no place. */
  readonly name: string;
  readonly contentType: string;
}

export interface ReadBackRow {
  readonly row: number;
  readonly taskId: string;
  /** `known`: the very same was submitted before. `refused`: see errors. `valid`: only looked at. */
  readonly result: 'submitted' | 'known' | 'refused' | 'valid';
  readonly errors: readonly CellError[];
  /** What was filled in is kept as the person's draft: it may not be submitted now. */
  readonly draftId: string | null;
}

export interface ReadBackAnswer {
  /** Rows that were filled in; those left empty are counted only. */
  readonly rows: readonly ReadBackRow[];
  readonly empty: number;
}

export interface TaskLists {
  /** Chunks of the file in their order. The export is on record. Faults: list.none (no task to be seen), pdf.font, round.none. */
  write(actor: Actor, wish: TaskListWish, put: (chunk: Uint8Array) => Promise<void>): Promise<TaskListAnswer>;
  /** A shapefile on this machine's disk, for the command line: its files and the mark beside each other. */
  writeShapefile(actor: Actor, wish: Omit<TaskListWish, 'format'>, path: string): Promise<{ readonly tasks: number }>;
  /** Each row by itself: one that is refused does not hold up the others. Faults form.file, form.sheet, form.heads: no workbook with the form's sheet. */
  readBack(actor: Actor, file: Uint8Array, options: { readonly dryRun: boolean }): Promise<ReadBackAnswer>;
}
