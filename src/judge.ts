/**
 * judge: patches become judged patches, batch by batch, the same way for the one-off `diff` and for a quarter's run:
 *   overlay (children) → attribute → outside (children) → classify → pieces (children: split) → score
 * The result for a patch depends on it, the boundaries within the rule set's reach, the loaded layers and the rule set only. What a place's
 * record adds comes later: judgeWithSite.
 */
import { batchesOf } from './batches.js';
import { inTurns } from './in-turns.js';
import { cents, measureAll, type PatchMeasures } from './judge-measures.js';
import { type AttributedPatch, type Classification, licencePosition } from './model/attribution.js';
import type { Boundary, BoundaryKind } from './model/boundary.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type { JudgedPatch, Judgement, Overlap, Patch, PatchPiece } from './model/patch.js';
import { ruleSetHash } from './model/recipe.js';
import type { SiteFacts } from './model/site-facts.js';
import { overlapsOf, type PatchFacts } from './overlaps.js';
import { asksOf } from './pair-asks.js';
import type { Shelf } from './ports/shelf.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';
import { attribute } from './stages/attribute/attribute.js';
import { classify } from './stages/classify/classify.js';
import { codesOf, withRecord } from './stages/classify/codes.js';
import { judgedOverlaps } from './stages/classify/overlaps.js';
import { piecesOf, titlesUnder } from './stages/classify/pieces.js';
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
  return { ...judged, judgement: { ...judgement, findings, violations, reasons, facts, ...score(facts, recipe) } };
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
  const classified = attributed.map((item, i) => {
    const own = measures[i];
    if (!own) throw new RangeError('every patch was measured');
    const parts = facts[i]?.parts;
    return { item, measures: own, classification: classify(item, own, layers, recipe), parts };
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
  /** What cutting by one title gave, where it was measured already. */
  readonly parts: PatchFacts['parts'] | undefined;
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
  const pieces: PatchPiece[][] = classified.map(() => []);
  const items = classified.flatMap(({ item, parts, classification }, index) => {
    const titles = titlesUnder(item, recipe);
    const [only, second] = titles;
    if (!only) return [];
    const known = second ? undefined : parts?.get(only.boundary.id);
    if (known) {
      pieces[index] = piecesOf(titles, known, classification, recipe);
      return [];
    }
    asked.push({ index, titles });
    const named = titles.map(({ boundary }) => {
      const place = places.get(boundary.id) ?? boundaries.push(boundary.geometry) - 1;
      places.set(boundary.id, place);
      return place;
    });
    return [{ patch: item.patch.geometry, boundaries: named }];
  });
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
