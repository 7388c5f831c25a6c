/**
 * images: which images an issued patch is held against. Newest: the last one from HSX on that shows the outline and its surroundings;
 * an image older than HSX proves nothing. Reference: what the ground was like when the issuer drew it: the last image up to HSX, where
 * there is none the first one after it; always older than the newest.
 * In: the patch, the images whose footprint comes near it. Out: the order in which they are to be asked.
 */
import type { IssuedPatch } from '../../model/issued.js';
import { quarterDays } from '../../model/quarter.js';

export interface DatedImage {
  readonly id: string;
  readonly acquiredOn: string;
}

export interface Horizon {
  /** Last day of HSX, ISO. */
  readonly on: string;
  /** HSX is missing or no date: the last day of the quarter of issue stands for it. */
  readonly assumed: boolean;
}

export function horizonOf({ facts, quarter }: Pick<IssuedPatch, 'facts' | 'quarter'>): Horizon {
  const to = facts.after?.to ?? null;
  return to === null ? { on: quarterDays(quarter).last, assumed: true } : { on: to, assumed: false };
}

/** Newest first; of one day by id. */
export function newestOrder<T extends DatedImage>(near: readonly T[], horizon: Horizon): T[] {
  return near
    .filter(({ acquiredOn }) => acquiredOn >= horizon.on)
    .sort((a, b) => descending(a.acquiredOn, b.acquiredOn) || descending(b.id, a.id));
}

/** Up to HSX, newest first; then after it, oldest first. */
export function referenceOrder<T extends DatedImage>(near: readonly T[], horizon: Horizon, newestOn: string): T[] {
  const older = near.filter(({ acquiredOn }) => acquiredOn < newestOn);
  const upTo = older.filter(({ acquiredOn }) => acquiredOn <= horizon.on);
  const after = older.filter(({ acquiredOn }) => acquiredOn > horizon.on);
  const byId = (a: T, b: T): number => descending(b.id, a.id);
  return [
    ...upTo.sort((a, b) => descending(a.acquiredOn, b.acquiredOn) || byId(a, b)),
    ...after.sort((a, b) => descending(b.acquiredOn, a.acquiredOn) || byId(a, b)),
  ];
}

/** Whether an image of this day shows the ground before it was dug, as the issuer saw it, or something between the two. */
export function referenceIs({ facts }: Pick<IssuedPatch, 'facts'>, on: string): 'before' | 'after' | 'between' {
  const [before, after] = [facts.before?.from ?? null, facts.after?.from ?? null];
  if (before !== null && on <= before) return 'before';
  return after !== null && on >= after ? 'after' : 'between';
}

function descending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}
