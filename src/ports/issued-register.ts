/** What importing, comparing and answering issued patches needs from the database. */
import type { MultiPolygonRings } from '../model/grid.js';
import type { IssuedAnswer, IssuedBatch, IssuedPatch } from '../model/issued.js';
import type { JudgedPatch } from '../model/patch.js';
import type { Quarter } from '../model/scene.js';
import type { Task } from '../model/task.js';

export interface IssuedFilter {
  readonly source?: string;
  readonly year?: number;
  /** 1–4. */
  readonly quarter?: number;
}

export interface ListedBatch extends IssuedBatch {
  /** ISO time, UTC. */
  readonly importedAt: string;
}

/** A row of a file and the key it speaks of. */
export interface IssuedRowLink {
  readonly row: number;
  readonly keyId: string;
  readonly contentId: string;
}

/** What stands for a key: its answer, the judgement, and the task that carries it. */
export interface StandingAnswer {
  readonly keyId: string;
  readonly contentId: string;
  /** Hash of everything that decided it. */
  readonly resultId: string;
  readonly answer: IssuedAnswer;
  /** By the map alone; null without an outline. */
  readonly judged: JudgedPatch | null;
  /** With what the place's record says, as its own task carries it; null where it has none of its own. */
  readonly listed: JudgedPatch | null;
  readonly siteId: string | null;
  /** Its own task, or that of an own patch at the same place. */
  readonly taskId: string | null;
}

/** An own patch of a run. */
export interface OwnPatch {
  readonly id: string;
  readonly siteId: string;
  readonly quarter: Quarter;
  readonly geometry: MultiPolygonRings;
  /** Its task, where one is on the list: not one in reserve, because issued patches are never cut. */
  readonly taskId: string | null;
}

export interface IssuedPublication {
  readonly answers: readonly StandingAnswer[];
  /** Tasks of origin issued; those of the answered keys that are not among them are withdrawn. */
  readonly tasks: readonly Task[];
}

export interface IssuedRegister {
  batch(id: string): Promise<IssuedBatch | null>;
  /** By time of import. */
  batches(filter: IssuedFilter): Promise<ListedBatch[]>;
  /** All or nothing. `fresh`: versions that become current. */
  add(batch: IssuedBatch, fresh: readonly IssuedPatch[], rows: readonly IssuedRowLink[]): Promise<void>;
  /** Current versions, by source, quarter, county and number. */
  patches(filter: IssuedFilter): Promise<IssuedPatch[]>;
  rows(batchId: string): Promise<IssuedRowLink[]>;
  /** How many versions each key has had. */
  versions(): Promise<ReadonlyMap<string, number>>;
  /** Answers that stand for the current version of their key. */
  answers(filter: IssuedFilter): Promise<StandingAnswer[]>;
  /** Published patches of all quarters whose box meets one of those given, by id. */
  ownPatches(near: readonly MultiPolygonRings[]): Promise<OwnPatch[]>;
  /** Scores of the tasks of a quarter that stand, those of these keys not among them. */
  scores(quarter: Quarter, exceptTasks: readonly string[]): Promise<number[]>;
  /** One transaction; results are appended, never changed. */
  publish(publication: IssuedPublication): Promise<{ readonly newResults: number; readonly newTasks: number }>;
}
