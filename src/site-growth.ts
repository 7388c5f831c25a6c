/**
 * site-growth: new ground of each patch against the record of its place, beyond what the uncertainty of positions explains, m²:
 *   grownM2       of the patch, against the place's newest earlier quarter
 *   grownSinceM2  of the place, everything dug after the dismissal that stands, against what was there when it was dismissed
 * Measured by the children (unite, outside); the sums are of whole places, so that many small steps add up.
 */
import type { Decision } from './model/decision.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { JudgedPatch } from './model/patch.js';
import { quarterIndex } from './model/quarter.js';
import type { Quarter } from './model/scene.js';
import type { SiteGround } from './model/site.js';
import type { WorkPool } from './ports/work-pool.js';
import { standingDismissal } from './stages/remember/remember.js';

export interface PlacedPatch {
  readonly judged: JudgedPatch;
  readonly siteId: string;
  /** All earlier ground of the site. */
  readonly grounds: readonly SiteGround[];
  readonly decisions: readonly Decision[];
}

export interface Growth {
  readonly grownM2: number | null;
  readonly grownSinceM2: number | null;
}

interface GrowthSettings {
  readonly quarter: Quarter;
  readonly toleranceSigmas: number;
  readonly pool: WorkPool;
}

/** In the order given. */
export async function growthOf(placed: readonly PlacedPatch[], settings: GrowthSettings): Promise<Growth[]> {
  const asked: Asked[] = placed.map(({ judged: { patch }, grounds }) => {
    return { parts: [patch.geometry], sigmaM: patch.sigmaM, against: newest(grounds) };
  });
  const grown = await newGround(asked, settings);
  const since = await sinceDismissal(placed, settings);
  return placed.map(({ siteId }, i) => ({ grownM2: grown[i] ?? null, grownSinceM2: since.get(siteId) ?? null }));
}

/** Of the newest quarter with a patch of ours, and what people drew since; of the newest quarter at all where there is no patch of ours. */
function newest(grounds: readonly SiteGround[]): SiteGround[] {
  const ours = grounds.filter(({ drawn }) => drawn === null);
  const last = Math.max(...(ours.length > 0 ? ours : grounds).map(({ quarter }) => quarterIndex(quarter)));
  return grounds.filter(({ quarter }) => quarterIndex(quarter) >= last);
}

/** By site, where a dismissal stands. A dismissal speaks for the site it was made of, not for what was merged with it since. */
async function sinceDismissal(
  placed: readonly PlacedPatch[],
  settings: GrowthSettings,
): Promise<Map<string, number | null>> {
  const bySite = new Map<string, PlacedPatch[]>();
  for (const one of placed) bySite.set(one.siteId, [...(bySite.get(one.siteId) ?? []), one]);
  const dismissed = [...bySite].flatMap(([siteId, patches]) => {
    const [first] = patches;
    const dismissal = first ? standingDismissal(first.decisions, settings.quarter) : null;
    if (!first || !dismissal) return [];
    const until = quarterIndex(dismissal.quarter);
    const was = first.grounds.filter(
      ({ memberId, quarter }) => memberId === dismissal.siteId && quarterIndex(quarter) <= until,
    );
    // An outline issued since is no dug ground that we saw.
    const after = first.grounds.filter((ground) => !was.includes(ground) && ground.drawn === null);
    const now = patches.map(({ judged }) => judged.patch);
    return [{ siteId, was, new: [...after, ...now] }];
  });
  const asked = await Promise.all(
    dismissed.map(async (one): Promise<Asked> => {
      const united = await settings.pool.run('unite', { polygons: one.new.map(({ geometry }) => geometry), snapM: 0 });
      return { parts: united.geometry, sigmaM: Math.max(...one.new.map(({ sigmaM }) => sigmaM)), against: one.was };
    }),
  );
  const grown = await newGround(asked, settings);
  return new Map(dismissed.map(({ siteId }, i) => [siteId, grown[i] ?? null]));
}

interface Asked {
  readonly parts: readonly MultiPolygonRings[];
  readonly sigmaM: number;
  readonly against: readonly SiteGround[];
}

/** m² of the parts beyond the tolerance around the ground; null without ground. */
async function newGround(
  asked: readonly Asked[],
  { pool, toleranceSigmas }: GrowthSettings,
): Promise<(number | null)[]> {
  const boundaries: MultiPolygonRings[] = [];
  const places = new Map<string, number>();
  const items = asked.flatMap(({ parts, sigmaM, against }) => {
    if (against.length === 0) return [];
    const used = against.map(({ id, geometry }) => {
      const known = places.get(id) ?? boundaries.push(geometry) - 1;
      places.set(id, known);
      return known;
    });
    const toleranceM = toleranceSigmas * Math.hypot(sigmaM, Math.max(...against.map((ground) => ground.sigmaM)));
    return parts.map((patch) => ({ patch, boundaries: used, toleranceM: used.map(() => toleranceM), maxShiftM: 0 }));
  });
  if (items.length === 0) return asked.map(() => null);
  const measured = await pool.run('outside', { boundaries, items });
  let at = 0;
  return asked.map(({ parts, against }) => {
    if (against.length === 0) return null;
    const own = measured.slice(at, at + parts.length);
    at += parts.length;
    return Math.round(own.reduce((sum, { beyondToleranceM2 }) => sum + beyondToleranceM2, 0) * 100) / 100;
  });
}
