/** Lists of tasks as files: for paper, phones and spreadsheets; and forms that were filled in and come back. */
import type { Actor } from '../model/person.js';
import type { Quarter } from '../model/scene.js';

export const TASK_LIST_FORMATS = ['pdf', 'xlsx', 'csv', 'geojson', 'kml', 'gpx'] as const;
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

/** A cell that was refused. */
export interface CellError {
  readonly row: number;
  /** Such as `B7`. */
  readonly cell: string;
  /** Stable: `form.<what>`. */
  readonly code: string;
  /** Chinese first. */
  readonly message: string;
}

export interface ReadBackRow {
  readonly row: number;
  readonly taskId: string;
  /** `known`: submitted by this very file before. `refused`: see errors. `valid`: only looked at. */
  readonly result: 'submitted' | 'known' | 'refused' | 'valid';
  readonly errors: readonly CellError[];
}

export interface ReadBackAnswer {
  /** Rows that were filled in; those left empty are counted only. */
  readonly rows: readonly ReadBackRow[];
  readonly empty: number;
}

export interface TaskLists {
  /** Chunks of the file in their order. The export is on record. Faults: list.none (no task to be seen), pdf.font, round.none. */
  write(actor: Actor, wish: TaskListWish, put: (chunk: Uint8Array) => Promise<void>): Promise<TaskListAnswer>;
  /** Each row by itself: one that is refused does not hold up the others. Fault form.file: no workbook with the form's sheet. */
  readBack(actor: Actor, file: Uint8Array, options: { readonly dryRun: boolean }): Promise<ReadBackAnswer>;
}
