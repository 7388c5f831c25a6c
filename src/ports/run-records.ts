/** What the stages of a run need from the database: the register on one side, stage results and publication on the other. */
import type { Boundary } from '../model/boundary.js';
import type { JobFailure, RunRecord, RunState, RunSummary } from '../model/run.js';
import type { Quarter } from '../model/scene.js';
import type { SitedPatch, SiteMerge, SiteRow, SiteState } from '../model/site.js';
import type { Observation, Task } from '../model/task.js';
import type { IssuedPlaces } from './issued-places.js';
import type { ReportedPits } from './reported-pits.js';
import type { Shelf } from './shelf.js';
import type { SiteMemory } from './site-memory.js';

export interface StageResult {
  readonly body: unknown;
  readonly payload: Uint8Array | null;
}

export interface Publication {
  readonly run: RunRecord;
  /** Sites that this quarter begins. */
  readonly sites: readonly SiteRow[];
  readonly merges: readonly SiteMerge[];
  readonly siteStates: readonly SiteState[];
  readonly patches: readonly SitedPatch[];
  readonly observations: readonly Observation[];
  readonly standing: readonly Task[];
  readonly withdrawn: readonly string[];
  /** Stored with the run: the done-mark, committed with everything else. */
  readonly summary: RunSummary;
}

export interface StoredRun {
  readonly record: RunRecord;
  readonly state: RunState;
  /** Not null = published. */
  readonly summary: RunSummary | null;
  readonly failures: readonly JobFailure[];
}

/**
 * The versions of the register's polygons that stand in a period, each with its span; sorted by id. What begins later is not there;
 * what has expired is. The polygons themselves are read when they are taken.
 */
export interface StandingRegister extends Shelf<Boundary> {
  readonly versions: readonly Pick<Boundary, 'id' | 'kind' | 'span'>[];
}

export interface RunRecords extends SiteMemory, IssuedPlaces, ReportedPits {
  /** As it stood on some day from `since` (null: the first of the quarter) to the quarter's last. */
  register(quarter: Quarter, since: string | null): Promise<StandingRegister>;
  /** Hash of which versions `register` would give. */
  layersHash(quarter: Quarter, since: string | null): Promise<string>;

  result(stage: string, key: string): Promise<StageResult | null>;
  /** In the order of the keys; Fault run.result-missing where one is not there. */
  results(stage: string, keys: readonly string[]): Promise<StageResult[]>;
  doneKeys(stage: string, keys: readonly string[]): Promise<Set<string>>;
  /** Result and done-mark in one transaction; a result that is there already stays. */
  save(stage: string, key: string, body: unknown, payload?: Uint8Array): Promise<void>;

  run(id: string): Promise<StoredRun | null>;
  /** Stores the plan and sets the run to running, without failures; a run that was done is published anew. */
  beginRun(run: RunRecord): Promise<void>;
  addFailure(runId: string, failure: JobFailure): Promise<void>;
  failRun(runId: string): Promise<void>;
  finishRun(runId: string): Promise<void>;
  /** Hash of the inputs of the run of the quarter that was finished last. */
  lastFinishedHash(quarter: Quarter): Promise<string | null>;
  /** The run that was finished last, of any quarter; null where there is none, or one has begun since. */
  lastFinished(): Promise<string | null>;

  /** Those that runs made, and of reported pits: a run neither makes nor withdraws tasks of issued patches. */
  tasks(quarter: Quarter): Promise<Task[]>;
  publish(publication: Publication): Promise<void>;
}
