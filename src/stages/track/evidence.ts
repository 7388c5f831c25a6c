/**
 * evidence: what speaks for a patch being at a place, place by place, and which of two places it speaks for more.
 * In:  a patch and how it lies to earlier ground. Out: one SiteEvidence per place that comes into question.
 */
import { quarterIndex } from '../../model/quarter.js';
import type { SitesRecipe } from '../../model/recipe.js';
import type { Quarter } from '../../model/scene.js';
import type { Contact, TrackedPatch, TrackInput } from './input.js';

export interface SiteEvidence {
  readonly siteId: string;
  readonly kind: 'overlap' | 'near' | 'between';
  /** Greater speaks for it more; compared within one kind only. */
  readonly strength: number;
  /** Newest ground that counted, first ground at all, and all its area. */
  readonly newest: Quarter;
  readonly since: Quarter;
  readonly groundM2: number;
  /** Share of the place's newest ground that the patch covers; 0 where that is older than the window. */
  readonly newestCovered: number;
}

/** What ground weighs less for each quarter that it is older: of two places that a patch overlaps alike, the one at work counts. Judgement. */
const AGEING = 0.95;
/** Standard deviations of the distance of two outlines that count as explained by their positions. */
const SIGMAS = 1;
/** Share of a patch in the hull, and how far from the ground the hull still speaks, in tolerances. Judgements. */
const HULL_SHARE = 0.5;
const HULL_REACH = 3;

/** Metres between two outlines that may be one place. */
export function toleranceM(a: { sigmaM: number }, b: { sigmaM: number }, { nearM }: SitesRecipe): number {
  return nearM + SIGMAS * Math.hypot(a.sigmaM, b.sigmaM);
}

/** How far apart two outlines of these uncertainties may be to matter at all, metres. */
export function reachM(sigmaM: number, recipe: SitesRecipe): number {
  return HULL_REACH * toleranceM({ sigmaM }, { sigmaM }, recipe);
}

/** By patch. */
export function evidenceOf(input: TrackInput, recipe: SitesRecipe): Map<string, SiteEvidence[]> {
  const bySite = new Map<string, Ground[]>();
  for (const ground of input.earlier) {
    const known = bySite.get(ground.siteId);
    if (known) known.push(ground);
    else bySite.set(ground.siteId, [ground]);
  }
  const siteOf = new Map(input.earlier.map(({ id, siteId }) => [id, siteId]));
  const now = quarterIndex(input.quarter);
  return new Map(
    input.patches.map((patch, i) => {
      const contacts = new Map((input.contacts[i] ?? []).map((contact) => [contact.id, contact]));
      const touched = new Set([...contacts.keys()].flatMap((id) => siteOf.get(id) ?? []));
      const found = [...touched].flatMap((siteId) => {
        const grounds = bySite.get(siteId) ?? [];
        const hull = input.hulls[i]?.get(siteId) ?? 0;
        const evidence = ofSite({ patch, grounds, contacts, hull, now }, recipe);
        return evidence ? [{ siteId, ...evidence }] : [];
      });
      return [patch.id, found];
    }),
  );
}

type Ground = TrackInput['earlier'][number];

interface OneSite {
  readonly patch: TrackedPatch;
  readonly grounds: TrackInput['earlier'];
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly hull: number;
  readonly now: number;
}

function ofSite(
  { patch, grounds, contacts, hull, now }: OneSite,
  recipe: SitesRecipe,
): Omit<SiteEvidence, 'siteId'> | null {
  const quarters = [...new Set(grounds.map(({ quarter }) => quarter))].sort(
    (a, b) => quarterIndex(a) - quarterIndex(b),
  );
  const [since, newestGround] = [quarters[0], quarters.at(-1)];
  if (!since || !newestGround) return null;
  const age = (quarter: Quarter): number => now - quarterIndex(quarter);
  const about = {
    since,
    groundM2: grounds.reduce((sum, { areaM2 }) => sum + areaM2, 0),
    newestCovered: age(newestGround) <= recipe.windowQuarters ? coveredShare(newestGround, grounds, contacts) : 0,
  };
  const overlaps = quarters.flatMap((quarter) => {
    const met = grounds.filter((ground) => ground.quarter === quarter && (contacts.get(ground.id)?.overlapM2 ?? 0) > 0);
    const common = met.reduce((sum, { id }) => sum + (contacts.get(id)?.overlapM2 ?? 0), 0);
    const smaller = Math.min(
      patch.areaM2,
      met.reduce((sum, { areaM2 }) => sum + areaM2, 0),
    );
    const share = smaller > 0 ? common / smaller : 0;
    return share > 0 && share >= recipe.overlapShare
      ? [{ quarter, strength: share * AGEING ** (age(quarter) - 1) }]
      : [];
  });
  const [best] = overlaps.sort((a, b) => b.strength - a.strength || age(a.quarter) - age(b.quarter));
  if (best) return { kind: 'overlap', strength: best.strength, newest: best.quarter, ...about };

  const inWindow = grounds
    .flatMap((ground) => {
      const contact = contacts.get(ground.id);
      return contact && age(ground.quarter) <= recipe.windowQuarters ? [{ ground, ...contact }] : [];
    })
    .sort(
      (a, b) => a.distanceM - b.distanceM || age(a.ground.quarter) - age(b.ground.quarter) || (a.id < b.id ? -1 : 1),
    );
  const [nearest] = inWindow;
  if (!nearest) return null;
  const newest = nearest.ground.quarter;
  if (nearest.distanceM <= toleranceM(patch, nearest.ground, recipe)) {
    // Outlines that meet a little: the more they share the better.
    const strength = nearest.overlapM2 > 0 ? nearest.overlapM2 : -nearest.distanceM;
    return { kind: 'near', strength, newest, ...about };
  }
  const within = nearest.distanceM <= HULL_REACH * toleranceM(patch, nearest.ground, recipe);
  return within && hull >= HULL_SHARE ? { kind: 'between', strength: hull, newest, ...about } : null;
}

function coveredShare(quarter: Quarter, grounds: OneSite['grounds'], contacts: OneSite['contacts']): number {
  const own = grounds.filter((ground) => ground.quarter === quarter);
  const all = own.reduce((sum, { areaM2 }) => sum + areaM2, 0);
  return all > 0 ? own.reduce((sum, { id }) => sum + (contacts.get(id)?.overlapM2 ?? 0), 0) / all : 0;
}

const KINDS: readonly SiteEvidence['kind'][] = ['overlap', 'near', 'between'];

/** The stronger first. */
export function strongest(a: SiteEvidence, b: SiteEvidence): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    b.strength - a.strength ||
    quarterIndex(b.newest) - quarterIndex(a.newest) ||
    quarterIndex(a.since) - quarterIndex(b.since) ||
    (a.siteId < b.siteId ? -1 : 1)
  );
}
