/** What people ask of the places' record, and how their decisions enter it. */
import type { Decision } from '../model/decision.js';
import type { Quarter } from '../model/scene.js';
import type { SiteMerge, SiteState } from '../model/site.js';
import type { SampleDraw, Task } from '../model/task.js';

export interface SiteEntry {
  readonly id: string;
  readonly firstQuarter: Quarter;
  /** Of its newest patch, ours or issued; null = no patch, only decisions. */
  readonly lastQuarter: Quarter | null;
  /** Ours. */
  readonly patches: number;
  /** Of its newest patch of ours, else of its outline. */
  readonly areaM2: number;
  readonly lon: number;
  readonly lat: number;
  /** Sites that became part of it. */
  readonly mergedFrom: readonly string[];
  /** The decision by which it stands; null = open. */
  readonly standing: Decision | null;
  readonly state: SiteState | null;
}

export interface SitePatchEntry {
  readonly id: string;
  readonly quarter: Quarter;
  /** The site it was recorded under: another one where that was merged since. */
  readonly memberId: string;
  readonly areaM2: number;
  readonly score: number;
  readonly violations: readonly string[];
}

export interface SiteObservation {
  readonly boundaryId: string;
  readonly quarter: Quarter;
  readonly result: string;
  readonly patches: readonly string[];
}

export interface SiteHistory {
  readonly site: SiteEntry;
  /** Each list oldest first. */
  readonly patches: readonly SitePatchEntry[];
  /** Of register polygons in which its patches lay. */
  readonly observations: readonly SiteObservation[];
  readonly states: readonly SiteState[];
  readonly tasks: readonly Pick<Task, 'id' | 'quarter' | 'state' | 'rank' | 'origin' | 'notes'>[];
  readonly decisions: readonly Decision[];
  readonly merges: readonly SiteMerge[];
}

/** A task of the random sample and what people decided about it. */
export interface SampledTask {
  readonly id: string;
  readonly sample: SampleDraw;
  readonly decisions: readonly Decision[];
}

export interface SiteRegister {
  /** Places that have patches or decisions, merged ones within those they are part of; newest patch first, then by id. */
  sites(): Promise<SiteEntry[]>;
  /** Of the place that a site is part of; null = no such site. */
  history(siteId: string): Promise<SiteHistory | null>;
  states(): Promise<SiteState[]>;
  /** By the site that stands. */
  decisions(): Promise<ReadonlyMap<string, readonly Decision[]>>;
  /** The task of that id with its site, null = none. */
  task(
    id: string,
  ): Promise<{ readonly siteId: string; readonly quarter: Quarter; readonly sampledGround: boolean } | null>;
  /** Puts a decision on record, with the state of its task; false = it was there already. */
  record(decision: Decision): Promise<boolean>;
  /** Of the quarter, those not withdrawn. */
  sampled(quarter: Quarter): Promise<SampledTask[]>;
}
