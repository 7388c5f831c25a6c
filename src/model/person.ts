/**
 * Person: who uses the system, in which roles, and where. A role says what a person may do, its area where: what is asked of a task is asked
 * of a grant whose area holds it.
 */
import type { Once } from './once.js';
import type { Words } from './words.js';

export const ROLES = ['analyst', 'officer', 'reviewer', 'supervisor', 'administrator', 'cron'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_WORDS: Readonly<Record<Role, Words>> = {
  analyst: { zh: '影像分析', en: 'analyst' },
  officer: { zh: '执法人员', en: 'officer' },
  reviewer: { zh: '审核人员', en: 'reviewer' },
  supervisor: { zh: '督查人员', en: 'supervisor' },
  administrator: { zh: '管理员', en: 'administrator' },
  cron: { zh: '定时程序', en: 'scheduled program' },
};

/** Levels of review, in their order. Which of them a workspace uses is a setting. */
export const REVIEW_LEVELS = ['station', 'county', 'city'] as const;
export type ReviewLevel = (typeof REVIEW_LEVELS)[number];

export const isReviewLevel = (text: string): text is ReviewLevel => REVIEW_LEVELS.some((level) => level === text);
export const REVIEW_LEVEL_WORDS: Readonly<Record<ReviewLevel, Words>> = {
  station: { zh: '所级', en: 'station' },
  county: { zh: '县级', en: 'county' },
  city: { zh: '市级', en: 'city' },
};

export interface Grant {
  readonly role: Role;
  /** Which review a reviewer gives; null for the other roles. */
  readonly level: ReviewLevel | null;
  /** Administrative area (tuban.area); null = everywhere. */
  readonly areaId: string | null;
}

export interface Member {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly kind: 'person' | 'cron';
  readonly grants: readonly Grant[];
  readonly teams: readonly string[];
}

/** A session or token by its id, which is no secret. */
export interface Credential {
  readonly via: 'session' | 'token';
  readonly id: string;
}

/** Who acts, and from where: what a request or a command knows before the database was asked. */
export interface Actor {
  readonly personId: string;
  /** Browser, phone or console, as the record names it; never an address of a place. */
  readonly device: string;
  /** By which sign-in; without one it is the console of the workspace's owner. */
  readonly credential?: Credential;
  /** Where the sender named a key: what is done under it is done once. */
  readonly once?: Once;
}

/** Whether a person has a role (and review level) for a task in these areas. */
export function hasRole(
  member: Pick<Member, 'grants'>,
  role: Role,
  areas: readonly string[],
  level: ReviewLevel | null = null,
): boolean {
  return member.grants.some(
    (grant) =>
      grant.role === role &&
      (level === null || grant.level === level) &&
      (grant.areaId === null || areas.includes(grant.areaId)),
  );
}

/** Areas for which a person has a role; null = everywhere, empty = nowhere. */
export function areasWhere(
  { grants }: Pick<Member, 'grants'>,
  role: Role,
  level: ReviewLevel | null = null,
): string[] | null {
  const held = grants.filter((grant) => grant.role === role && (level === null || grant.level === level));
  if (held.some(({ areaId }) => areaId === null)) return null;
  return [...new Set(held.flatMap(({ areaId }) => (areaId === null ? [] : [areaId])))].sort();
}
