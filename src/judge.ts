/**
 * judge: patches become judged patches, batch by batch, the same way for the one-off `diff` and for a quarter's run:
 *   overlay (children) → attribute → outside, split (children) → classify → pieces → score
 * The result for a patch depends on it, the boundaries within the rule set's reach, the loaded layers and the rule set only. What a place's
 * record adds comes later: judgeWithSite.
 */
import { batchesOf } from './batches.js';
import { inTurns } from './in-turns.js';
import { cents, measureAll, type PatchMeasures } from './judge-measures.js';
import { type AttributedPatch, type Classification, licencePosition, type NearBoundary } from './model/attribution.js';
import type { Boundary, BoundaryKind } from './model/boundary.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type { JudgedPatch, Judgement, Overlap, Patch } from './model/patch.js';
import { ruleSetHash } from './model/recipe.js';
import type { SiteFacts } from './model/site-facts.js';
import { overlapsOf, type PatchFacts } from './overlaps.js';
import { asksOf } from './pair-asks.js';
import type { Shelf } from './ports/shelf.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';
import { attribute } from './stages/attribute/attribute.js';
import { classify } from './stages/classify/classify.js';
import { codesOf, piecesWithRecord, withRecord } from './stages/classify/codes.js';
import { Ground, type Part, titlesUnder } from './stages/classify/ground.js';
import { judgedOverlaps } from './stages/classify/overlaps.js';
import { piecesOf } from './stages/classify/pieces.js';
import { scoreFacts } from './stages/score/facts.js';
import { score } from './stages/score/score.js';

interface JudgeTerms {
  /** Kinds that are loaded at all: without licences nothing is said about licences. */
  readonly layers: readonly BoundaryKind[];
  readonly recipe: JudgementRecipe;
}

export interface JudgeInput extends JudgeTerms {
  readonly patches: readonly Patch[];
  /** At least every register polygon within `recipe.reachM` of a patch; more does no harm. */
  readonly boundaries: readonly Boundary[];
}

export interface JudgeShelves extends JudgeTerms {
  readonly patches: Shelf<Patch>;
  /** As `boundaries` of JudgeInput. */
  readonly boundaries: Shelf<Boundary>;
  /** Patches that are worked on together; their number decides nothing. */
  readonly batch?: number;
}

/** Takes what was judged, with the places of the patches on their shelf; the next batch comes when it is done with it. */
export type KeepJudged = (judged: readonly JudgedPatch[], places: readonly number[]) => Promise<void>;

/** In the order of `patches`. */
export async function judgePatches(input: JudgeInput, pool: WorkPool): Promise<JudgedPatch[]> {
  const { patches, boundaries, layers, recipe } = input;
  const judged: JudgedPatch[] = [];
  await judgeShelves(
    { patches: shelfOf(patches), boundaries: shelfOf(boundaries), layers, recipe },
    pool,
    async (results, places) => {
      for (const [k, result] of results.entries()) judged[places[k] ?? -1] = result;
    },
  );
  return judged;
}

type PatchPairs = Parameters<typeof asksOf>[0];

/** Memory: the boxes, and one batch more than there are children, with the boundaries near it. Batches come in any order. */
export async function judgeShelves(input: JudgeShelves, pool: WorkPool, keep: KeepJudged): Promise<void> {
  const { patches, boundaries, recipe } = input;
  const batches = batchesOf(patches.boxes, boundaries.boxes, recipe.reachM, input.batch);
  // one batch more than children, so that none waits for the parent
  await inTurns(batches, pool.size + 1, async (batch) => {
    const contents = {
      patches: await patches.take(batch.patches),
      boundaries: await boundaries.take(batch.boundaries),
      near: batch.near,
    };
    const wish = { reachM: recipe.reachM, areasOnly: false, asks: (pairs: PatchPairs) => asksOf(pairs, recipe) };
    const facts = await overlapsOf(contents, wish, pool);
    await keep(await judgeBatch(contents, facts, input, pool), batch.patches);
  });
}

/** What a place's record adds to the judgement of its newest patch. */
export function judgeWithSite(judged: JudgedPatch, site: SiteFacts, recipe: JudgementRecipe): JudgedPatch {
  const { judgement } = judged;
  const findings = withRecord(judgement.findings, site, recipe);
  const violations = codesOf(findings);
  const facts = { ...judgement.facts, violations, site };
  const reasons = findings.map(({ reason }) => reason);
  const pieces = piecesWithRecord(judgement.pieces, findings);
  return {
    ...judged,
    judgement: { ...judgement, findings, violations, reasons, pieces, facts, ...score(facts, recipe) },
  };
}

async function judgeBatch(
  { patches, boundaries }: { readonly patches: readonly Patch[]; readonly boundaries: readonly Boundary[] },
  facts: readonly PatchFacts[],
  { layers, recipe }: JudgeTerms,
  pool: WorkPool,
): Promise<JudgedPatch[]> {
  const byId = new Map(boundaries.map((boundary) => [boundary.id, boundary]));
  const attributed = patches.map((patch, k) => attribute(patch, (facts[k]?.overlaps ?? []).map(roundOverlap), byId));
  const measures = await measureAll(attributed, facts, recipe, pool);
  const cuts = await splitAll(attributed, facts, recipe, pool);
  const classified = attributed.map((item, i): Classified => {
    const [own, cut] = [measures[i], cuts[i]];
    if (!own || !cut) throw new RangeError('every patch was measured and cut');
    const ground = new Ground(item, recipe, cut.parts);
    return { item, measures: own, cut, classification: classify(item, own, ground, layers, recipe) };
  });
  const ruleSet = ruleSetHash(recipe);
  return classified.map((one) => ({ patch: one.item.patch, judgement: judgementOf(one, recipe, ruleSet) }));
}

interface Classified {
  readonly item: AttributedPatch;
  readonly measures: PatchMeasures;
  readonly cut: Cut;
  readonly classification: Classification;
}

/** The titles that a patch was cut by, weightiest first, and its parts under them; both empty where there was nothing to cut. */
interface Cut {
  readonly titles: readonly NearBoundary[];
  readonly parts: readonly Part[];
}

function judgementOf(
  { item, measures, cut, classification }: Classified,
  recipe: JudgementRecipe,
  ruleSet: string,
): Judgement {
  const { licences } = measures;
  const { violations, licenceNo, findings } = classification;
  const facts = scoreFacts(item, classification, licences);
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
    pieces: piecesOf(cut.titles, cut.parts, classification, recipe),
    ...score(facts, recipe),
    facts,
    ruleSet,
  };
}

/**
 * Patches that lie under more than one title, or partly under one, in parts. In the order of `attributed`. What cutting by one title gives was
 * often measured already, with the overlap.
 */
async function splitAll(
  attributed: readonly AttributedPatch[],
  facts: readonly PatchFacts[],
  recipe: JudgementRecipe,
  pool: WorkPool,
): Promise<Cut[]> {
  const places = new Map<string, number>();
  const boundaries: Boundary['geometry'][] = [];
  const cuts = attributed.map((item, index): Cut => {
    const titles = titlesUnder(item, recipe);
    const [only, second] = titles;
    const known = only && !second ? facts[index]?.parts.get(only.boundary.id) : undefined;
    return { titles, parts: known ?? [] };
  });
  const asked = [...cuts.entries()].filter(([, { titles, parts }]) => titles.length > 0 && parts.length === 0);
  if (asked.length === 0) return cuts;
  const items = asked.map(([index, { titles }]) => ({
    patch: attributed[index]?.patch.geometry ?? [],
    boundaries: titles.map(({ boundary }) => {
      const place = places.get(boundary.id) ?? boundaries.push(boundary.geometry) - 1;
      places.set(boundary.id, place);
      return place;
    }),
  }));
  const parts = await pool.run('split', { boundaries, items });
  for (const [k, [index, { titles }]] of asked.entries()) cuts[index] = { titles, parts: parts[k] ?? [] };
  return cuts;
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
