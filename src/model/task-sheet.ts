/** Task sheet: everything about a task that goes to the field on paper. */
import type { BoundaryKind } from './boundary.js';
import type { CodeTable } from './codes.js';
import type { MultiPolygonRings } from './grid.js';
import type { HandlingMark } from './handling-mark.js';
import type { Quarter } from './scene.js';
import type { Task } from './task.js';

/** Both dates of the same square, north up. */
export interface SheetPictures {
  /** JPEG. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly metresPerPixel: number;
  /** lon/lat of the upper left corner and the size of a pixel. */
  readonly transform: readonly [number, number, number, number, number, number];
  /** Notice of the imagery; '' = none. */
  readonly notice: string;
}

export interface SheetBoundary {
  readonly id: string;
  readonly kind: BoundaryKind;
  readonly number: string | null;
  readonly name: string | null;
  readonly holder: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly excludedReason: string | null;
  readonly geometry: MultiPolygonRings;
}

export interface TaskSheet {
  readonly task: Task;
  /** ISO day; null = none was set, or the list was made without a queue. */
  readonly deadline: string | null;
  readonly deadlineProvisional: boolean;
  /** Of the task's file; null = it has none. */
  readonly revision: number | null;
  /** Null: no picture of it can be had; the sheet says so. */
  readonly pictures: SheetPictures | null;
  readonly boundaries: readonly SheetBoundary[];
  /** What is known of the place, Chinese. */
  readonly history: readonly string[];
}

/** A line of the cover's table. */
export interface SheetListLine {
  readonly task: Task;
  readonly deadline: string | null;
}

export interface SheetList {
  /** Name of the bureau. */
  readonly bureau: string;
  readonly quarter: Quarter;
  readonly mark: HandlingMark;
  /** Of the round it is made for; null = a whole list. */
  readonly roundId: string | null;
  readonly lines: readonly SheetListLine[];
  /** Words that a form is filled in with; null = lines to write on. */
  readonly codes: CodeTable | null;
}
