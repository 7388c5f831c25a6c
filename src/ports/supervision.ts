/**
 * Supervision (四不两直): a random sample of closed tasks that somebody else looks at again without knowing what was found. Nobody but the supervisor
 * who drew it and the person who looks can know of it: no notice, no step, no list says so.
 */
import type { Actor } from '../model/person.js';
import type { Quarter } from '../model/scene.js';
import type { SecondLookReport } from '../model/second-look.js';
import type { Task } from '../model/task.js';

export interface DrawWish {
  readonly quarter: Quarter;
  /** 1–1000. */
  readonly count: number;
  /** Default: the head of the record as it stands, which nobody can foresee. */
  readonly seed?: string;
  /** Who looks: login or id. What he had a hand in is not drawn; who reads the audit cannot look blind. */
  readonly looker: string;
}

export interface Draw {
  readonly id: string;
  readonly quarter: Quarter;
  readonly seed: string;
  /** Closed tasks that could be drawn, and how many were. */
  readonly from: number;
  readonly drawn: number;
  readonly lookerName: string;
  readonly at: string;
}

/** A draw on record, with the digest of what could be drawn: the same tasks and seed draw the same. */
export interface KeptDraw extends Draw {
  readonly digest: string;
  readonly answered: number;
}

export interface SecondLook {
  readonly id: string;
  readonly drawId: string;
  readonly taskId: string;
  readonly quarter: Quarter;
  readonly lookerName: string;
  /** The one who asks is the one who looks. */
  readonly mine: boolean;
  readonly drawnAt: string;
  /** Null: not answered yet. */
  readonly answer: SecondLookAnswer | null;
}

export interface SecondLookAnswer {
  /** Code of the verdict table. */
  readonly code: string;
  readonly note: string;
  readonly at: string;
}

export interface Supervision {
  /** Supervisors. Faults: supervision.role, supervision.count, supervision.seed, supervision.person, supervision.none (no closed task could be drawn). */
  draw(actor: Actor, wish: DrawWish): Promise<Draw>;
  /** Supervisors: their own, the newest first. Fault supervision.role. */
  draws(actor: Actor): Promise<readonly KeptDraw[]>;
  /** Those one drew and those one is to look at; the newest first. */
  list(actor: Actor): Promise<readonly SecondLook[]>;
  /** `task` as its file was opened; null where it is not (any more) the person's to see. Fault supervision.unknown. */
  show(actor: Actor, id: string): Promise<{ readonly look: SecondLook; readonly task: Task | null }>;
  /** The task of `show`, for its pictures. Fault supervision.unknown, also where it is not (any more) the person's to see. */
  place(actor: Actor, id: string): Promise<Task>;
  /** By the person who looks, once: it stands. Faults: supervision.unknown, supervision.looker, supervision.answered, supervision.code, supervision.note. */
  answer(actor: Actor, id: string, answer: { readonly code: string; readonly note: string }): Promise<SecondLook>;
  /** Supervisors: of what they drew. Fault supervision.role. */
  report(actor: Actor, quarter: Quarter | null): Promise<SecondLookReport>;
}
