/**
 * judge: patches become judged patches, the same way for the one-off `diff` and for a quarter's run:
 *   overlay (children) → attribute → outside (children) → classify → pieces (children: split) → score
 * The result for a patch depends on it, the boundaries within the rule set's reach, the loaded layers and the rule set only. What a place's
 * record adds comes later: judgeWithSite.
 */
import Flatbush from 'flatbush';
import { boxOf } from './geo/distance.js';
import { metresPerDegree } from './geo/ellipsoid-area.js';
import { cents, measureAll, type PatchMeasures } from './judge-measures.js';
import { type AttributedPatch, type Classification, licencePosition } from './model/attribution.js';
import type { Boundary, BoundaryKind } from './model/boundary.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type { JudgedPatch, Judgement, Overlap, Patch, PatchPiece } from './model/patch.js';
import { ruleSetHash } from './model/recipe.js';
import type { SiteFacts } from './model/site-facts.js';
import type { WorkPool } from './ports/work-pool.js';
import { attribute } from './stages/attribute/attribute.js';
import { classify } from './stages/classify/classify.js';
import { codesOf, withRecord } from './stages/classify/codes.js';
import { judgedOverlaps } from './stages/classify/overlaps.js';
import { piecesOf, titlesUnder } from './stages/classify/pieces.js';
import { scoreFacts } from './stages/score/facts.js';
import { score } from './stages/score/score.js';

/** Patches that go to a child in one message. */
const CHUNK = 500;

export interface JudgeInput {
  readonly patches: readonly Patch[];
  /** At least every register polygon within `recipe.reachM` of a patch; more does no harm. */
  readonly boundaries: readonly Boundary[];
  /** Kinds that are loaded at all: without licences nothing is said about licences. */
  readonly layers: readonly BoundaryKind[];
  readonly recipe: JudgementRecipe;
}

/** In the order of `patches`. */
export async function judgePatches(input: JudgeInput, pool: WorkPool): Promise<JudgedPatch[]> {
  const near = nearby(input.boundaries);
  const chunks: Promise<JudgedPatch[]>[] = [];
  for (let from = 0; from < input.patches.length; from += CHUNK) {
    const patches = input.patches.slice(from, from + CHUNK);
    chunks.push(judgeChunk({ ...input, patches, boundaries: near(patches, input.recipe.reachM) }, pool));
  }
  return (await Promise.all(chunks)).flat();
}

/** What a place's record adds to the judgement of its newest patch. */
export function judgeWithSite(judged: JudgedPatch, site: SiteFacts, recipe: JudgementRecipe): JudgedPatch {
  const { judgement } = judged;
  const findings = withRecord(judgement.findings, site, recipe);
  const violations = codesOf(findings);
  const facts = { ...judgement.facts, violations, site };
  const reasons = findings.map(({ reason }) => reason);
  return { ...judged, judgement: { ...judgement, findings, violations, reasons, facts, ...score(facts, recipe) } };
}

/** The boundaries whose box comes near the box of one of the patches. */
export function nearby(boundaries: readonly Boundary[]): (patches: readonly Patch[], reachM: number) => Boundary[] {
  if (boundaries.length === 0) return () => [];
  const index = new Flatbush(boundaries.length);
  for (const { geometry } of boundaries) index.add(...boxOf(geometry));
  index.finish();
  return (patches, reachM) => {
    const found = new Set<number>();
    for (const { geometry, lat } of patches) {
      const [minLon, minLat, maxLon, maxLat] = boxOf(geometry);
      const scale = metresPerDegree(Math.min(89, Math.abs(lat) + 1));
      const [dLon, dLat] = [(1.01 * reachM) / scale.lon, (1.01 * reachM) / scale.lat];
      for (const i of index.search(minLon - dLon, minLat - dLat, maxLon + dLon, maxLat + dLat)) found.add(i);
    }
    return [...found].sort((a, b) => a - b).flatMap((i) => boundaries[i] ?? []);
  };
}

async function judgeChunk({ patches, boundaries, layers, recipe }: JudgeInput, pool: WorkPool): Promise<JudgedPatch[]> {
  const byId = new Map(boundaries.map((boundary) => [boundary.id, boundary]));
  const overlaps = await pool.run('overlay', {
    patches: patches.map(({ geometry }) => geometry),
    boundaries: boundaries.map(({ id, kind, geometry }) => ({ id, kind, geometry })),
    reachM: recipe.reachM,
  });
  const attributed = patches.map((patch, i) => attribute(patch, (overlaps[i] ?? []).map(roundOverlap), byId));
  const measures = await measureAll(attributed, recipe, pool);
  const classified = attributed.map((item, i) => {
    const own = measures[i];
    if (!own) throw new RangeError('every patch was measured');
    return { item, measures: own, classification: classify(item, own, layers, recipe) };
  });
  const pieces = await splitAll(classified, recipe, pool);
  const ruleSet = ruleSetHash(recipe);
  return classified.map((one, i) => ({
    patch: one.item.patch,
    judgement: judgementOf(one, pieces[i] ?? [], recipe, ruleSet),
  }));
}

interface Classified {
  readonly item: AttributedPatch;
  readonly measures: PatchMeasures;
  readonly classification: Classification;
}

function judgementOf(
  { item, measures, classification }: Classified,
  pieces: readonly PatchPiece[],
  recipe: JudgementRecipe,
  ruleSet: string,
): Judgement {
  const { licences } = measures;
  const { violations, licenceNo, findings } = classification;
  const facts = scoreFacts(item, violations, licences);
  return {
    violations,
    licenceNo,
    outsideM2: licences.outsideM2,
    outsideRangeM2: [licences.beyondToleranceM2, licences.withinToleranceM2],
    outsideM: licences.outsideM,
    outsideRangeM: licences.outsideRangeM,
    position: licencePosition(item, recipe),
    overlaps: judgedOverlaps(item, measures.single, recipe),
    findings,
    reasons: findings.map(({ reason }) => reason),
    pieces,
    ...score(facts, recipe),
    facts,
    ruleSet,
  };
}

/** Patches that lie under more than one title, or partly under one, in parts. In the order of `classified`. */
async function splitAll(
  classified: readonly Classified[],
  recipe: JudgementRecipe,
  pool: WorkPool,
): Promise<PatchPiece[][]> {
  const places = new Map<string, number>();
  const boundaries: Boundary['geometry'][] = [];
  const asked: { readonly index: number; readonly titles: ReturnType<typeof titlesUnder> }[] = [];
  const items = classified.flatMap(({ item }, index) => {
    const titles = titlesUnder(item, recipe);
    if (titles.length === 0) return [];
    asked.push({ index, titles });
    const named = titles.map(({ boundary }) => {
      const place = places.get(boundary.id) ?? boundaries.push(boundary.geometry) - 1;
      places.set(boundary.id, place);
      return place;
    });
    return [{ patch: item.patch.geometry, boundaries: named }];
  });
  const pieces: PatchPiece[][] = classified.map(() => []);
  if (items.length === 0) return pieces;
  const parts = await pool.run('split', { boundaries, items });
  for (const [k, { index, titles }] of asked.entries()) {
    const one = classified[index];
    if (one) pieces[index] = piecesOf(titles, parts[k] ?? [], one.classification, recipe);
  }
  return pieces;
}

function roundOverlap(overlap: Overlap): Overlap {
  return {
    ...overlap,
    areaInsideM2: cents(overlap.areaInsideM2),
    areaOutsideM2: cents(overlap.areaOutsideM2),
    greatestOutsideM: cents(overlap.greatestOutsideM),
    distanceM: cents(overlap.distanceM),
  };
}
