/**
 * Desk: the one way in which people read and change the queue. Each turn is one transaction in a database role that owns nothing, with
 * the person's identity set, so that row-level security holds even where a check in the program was forgotten; what it records enters the
 * audit in the same transaction.
 */
import type { Actor, Member } from '../model/person.js';
import type { Sql } from './database.js';

export interface Turn {
  /** Sees and changes only what the person may. */
  readonly sql: Sql;
  /** UTC instant of the turn by the database's clock, ISO 8601 with milliseconds: leases and deadlines know no other clock. */
  readonly at: string;
  readonly member: Member;
  readonly device: string;
  /** Enters the audit when the turn ends; body: plain data without a place. */
  record(entry: { readonly action: string; readonly subject: string; readonly body?: object }): void;
}

export interface TurnWays {
  /** The work touches nothing but the database: where the database makes it give way to somebody else's, it is done once more. */
  readonly again?: boolean;
}

export interface Desk {
  /** Faults: desk.nobody where the person does not exist or was disabled; desk.ended where the session or token was ended meanwhile. */
  as<T>(actor: Actor, work: (turn: Turn) => Promise<T>, ways?: TurnWays): Promise<T>;
}

/** For what no person does: leases that end, lists that enter the queue, notices. Pages and the API never get it. */
export interface EngineDesk extends Desk {
  /** A turn of the person `system`, in the owner's role. */
  engine<T>(device: string, work: (turn: Turn) => Promise<T>, ways?: TurnWays): Promise<T>;
}
