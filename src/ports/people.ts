/**
 * People: who works with the queue, in which roles and where. Everybody signed in sees names, teams and areas; who has which role is seen by
 * administrators and supervisors, and by oneself. Only administrators whose grant holds everywhere change anything; each change is audited. An
 * administrator is made, changed or unmade after a fresh sign-in only, never by a token (sign-in.fresh, sign-in.by-token).
 */
import type { Actor, Grant } from '../model/person.js';

export interface PersonEntry {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly kind: 'person' | 'cron';
  readonly phone: string | null;
  readonly email: string | null;
  /** UTC; null = may sign in. */
  readonly disabledAt: string | null;
  readonly madeAt: string;
  /** Ids of teams, sorted. */
  readonly teams: readonly string[];
  /** Empty where the one who asks may not know. */
  readonly grants: readonly Grant[];
}

export interface PersonWish {
  readonly login: string;
  readonly name: string;
  /** `cron`: a program; signs in by token only. Default: person. */
  readonly kind?: 'person' | 'cron';
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly grants?: readonly Grant[];
}

export interface PersonChange {
  readonly name?: string;
  readonly phone?: string | null;
  readonly email?: string | null;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  /** Ids of persons, sorted. */
  readonly members: readonly string[];
}

export interface Area {
  readonly id: string;
  readonly name: string;
  /** False: no longer in the admin layer. Grants stay, but no task is found in it. */
  readonly inLayer: boolean;
  /** How many persons have a role there; null where the one who asks may not know. */
  readonly people: number | null;
}

export interface AreaSync {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  /** No longer in the layer; kept, with the number of grants that still name it. */
  readonly vanished: readonly { readonly id: string; readonly name: string; readonly grants: number }[];
  /** Names that several polygons without a number share: taken as one area. */
  readonly shared: readonly string[];
  /** Polygons with neither number nor name. */
  readonly nameless: number;
  readonly total: number;
}

/** A person is named by login or id. Faults: person.none, person.taken, person.form, person.rights, team.none, team.taken, area.none, … */
export interface People {
  list(actor: Actor): Promise<PersonEntry[]>;
  show(actor: Actor, person: string): Promise<PersonEntry>;
  add(actor: Actor, wish: PersonWish): Promise<PersonEntry>;
  change(actor: Actor, person: string, change: PersonChange): Promise<PersonEntry>;
  grant(actor: Actor, person: string, grant: Grant): Promise<PersonEntry>;
  revoke(actor: Actor, person: string, grant: Grant): Promise<PersonEntry>;
  /** Ends sessions and tokens, too. What the person holds is released by the flow's own commands. */
  disable(actor: Actor, person: string): Promise<PersonEntry>;
  enable(actor: Actor, person: string): Promise<PersonEntry>;
  teams(actor: Actor): Promise<Team[]>;
  addTeam(actor: Actor, name: string): Promise<Team>;
  /** A team is named by its name or id. */
  join(actor: Actor, team: string, person: string): Promise<Team>;
  leave(actor: Actor, team: string, person: string): Promise<Team>;
  areas(actor: Actor): Promise<Area[]>;
}
