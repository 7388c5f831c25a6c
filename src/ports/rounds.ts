/** Rounds: a day's tasks in an order that the time allows. The places of a sealed round are withheld until it departs. */
import type { Position } from '../model/grid.js';
import type { Actor } from '../model/person.js';
import type { Round, RoundPlan, RoundState } from '../model/round.js';
import type { Quarter } from '../model/scene.js';

export interface RoundWish {
  readonly quarter?: Quarter;
  /** lon, lat in CGCS2000. */
  readonly start: Position;
  /** Where it ends; default: the start. */
  readonly end?: Position;
  /** 0.5–24. */
  readonly hours: number;
  /** For whom; default: whoever plans. Only planners (analyst, supervisor, administrator) plan for others. */
  readonly teamId?: string;
  readonly personId?: string;
  /** Only of these tasks. */
  readonly taskIds?: readonly string[];
  /** Most stops. */
  readonly most?: number;
  /** Only planners seal a round. */
  readonly sealed?: boolean;
  /** Claims the tasks at once for whoever plans. */
  readonly claim?: boolean;
}

export interface RoundTask {
  readonly taskId: string;
  /** 1, 2, … in the order of the visits. */
  readonly position: number;
}

export interface RoundAnswer {
  readonly round: Round;
  /** In their order. */
  readonly tasks: readonly RoundTask[];
  /** Null where the places are withheld. */
  readonly plan: RoundPlan | null;
  /** Tasks that could not be claimed or that could not depart, and why (Chinese first). */
  readonly refused: readonly { readonly taskId: string; readonly code: string; readonly message: string }[];
}

export interface Rounds {
  /** Faults: round.role, round.hours, round.start, round.most, round.nothing (no task that could be visited in the time), round.taken. */
  plan(actor: Actor, wish: RoundWish): Promise<RoundAnswer>;
  /** Newest first, 200 at most. */
  list(actor: Actor, query: { readonly state?: RoundState; readonly quarter?: Quarter }): Promise<readonly Round[]>;
  /** Fault round.none. Reading the places of a round is on record. */
  show(actor: Actor, id: string): Promise<RoundAnswer>;
  /** The places appear; what the person holds goes into the field. The same again changes nothing. Faults: round.none, round.cancelled, round.role. */
  depart(actor: Actor, id: string): Promise<RoundAnswer>;
  /** Its tasks are free again where nobody holds them. Faults: round.none, round.departed, round.role. */
  cancel(actor: Actor, id: string): Promise<RoundAnswer>;
}
