/**
 * recall: patches with what earlier images say of them, the same way for the one-off `diff` and for a quarter's run:
 *   earlier images that reach a patch → read patch and ring (children, image by image) → judged → history, reason, confidence
 * The result for a patch depends on it, the patches around it, the images and the recipe only. Cost grows with patches × images.
 */
import { boxOf } from './geo/distance.js';
import { boxesMeet } from './geo/map-frame.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { GroundReading, HistoryRecipe, HistoryScene } from './model/history.js';
import type { Patch } from './model/patch.js';
import { withHistory } from './stages/recall/apply.js';
import { type DatedReading, NO_HISTORY, recall } from './stages/recall/recall.js';

export interface RecallRequest {
  readonly patches: readonly Patch[];
  /** The images each pair was made of. */
  readonly pairs: ReadonlyMap<string, { readonly before: HistoryScene; readonly after: HistoryScene }>;
  readonly earlier: readonly HistoryScene[];
  readonly recipe: HistoryRecipe;
  /** Which images were asked, for the reasons: scopeOf, or nothing where they were given by hand. */
  readonly scope: string;
  /** In the order of `patches`; null where the image does not reach. */
  read(scene: HistoryScene, patches: readonly MultiPolygonRings[]): Promise<(GroundReading | null)[]>;
}

export interface RecalledPatches {
  /** In the order given. */
  readonly patches: readonly Patch[];
  /** Season, by repeated evidence: no patches of the result. */
  readonly dropped: readonly Patch[];
}

export async function recallPatches(request: RecallRequest): Promise<RecalledPatches> {
  const { patches, pairs, recipe } = request;
  if (recipe.quarters === 0 && recipe.years === 0) return { patches, dropped: [] };
  const scenes = scenesOf(request);
  const readings = new Map<string, DatedReading[]>(patches.map(({ id }) => [id, []]));
  const asked = askedPatches(request, scenes);
  const answers = await Promise.all(
    scenes.map(async (scene) => {
      const near = asked.get(scene.id) ?? [];
      if (near.length === 0) return [];
      const read = await request.read(
        scene,
        near.map(({ geometry }) => geometry),
      );
      return near.flatMap((patch, i) => {
        const reading = read[i];
        return reading
          ? [{ patch, one: { id: scene.id, on: scene.acquiredOn, sensor: scene.use.sensor, reading } }]
          : [];
      });
    }),
  );
  for (const { patch, one } of answers.flat()) readings.get(patch.id)?.push(one);
  const kept: Patch[] = [];
  const dropped: Patch[] = [];
  for (const patch of patches) {
    const all = readings.get(patch.id) ?? [];
    const reference = referenceOf(patch, pairs, all);
    const said = reference ? recall({ ...reference, earlier: all, dropFromYears: recipe.dropFromYears }) : null;
    const described = withHistory(patch, said?.history ?? NO_HISTORY, request.scope);
    (said?.dropped ? dropped : kept).push(described);
  }
  return { patches: kept, dropped };
}

/** Every image once, sorted. */
function scenesOf({ pairs, earlier }: RecallRequest): HistoryScene[] {
  const all = [...pairs.values()].flatMap(({ before, after }) => [before, after]).concat(earlier);
  return [...new Map(all.map((scene) => [scene.id, scene])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Per image the patches to read on it: those near it that have an earlier image other than their own pair's. */
function askedPatches(
  { patches, pairs, earlier }: RecallRequest,
  scenes: readonly HistoryScene[],
): Map<string, Patch[]> {
  const asked = new Map<string, Patch[]>(scenes.map(({ id }) => [id, []]));
  for (const patch of patches) {
    const box = boxOf(patch.geometry);
    const own = patch.pairs.flatMap((id) => pairs.get(id) ?? []).flatMap(({ before, after }) => [before, after]);
    const near = earlier.filter((scene) => boxesMeet(scene.box, box));
    if (near.every(({ id }) => own.some((scene) => scene.id === id))) continue;
    for (const id of new Set([...own, ...near].map((scene) => scene.id))) asked.get(id)?.push(patch);
  }
  return asked;
}

/** The pair of the patch whose two images saw most of it. */
function referenceOf(
  patch: Patch,
  pairs: RecallRequest['pairs'],
  readings: readonly DatedReading[],
): { before: DatedReading; after: DatedReading } | null {
  const byId = new Map(readings.map((one) => [one.id, one]));
  let best: { before: DatedReading; after: DatedReading; seen: number } | null = null;
  for (const id of patch.pairs) {
    const pair = pairs.get(id);
    const before = byId.get(pair?.before.id ?? '');
    const after = byId.get(pair?.after.id ?? '');
    if (!before?.reading.numbers || !after?.reading.numbers) continue;
    const seen = Math.min(before.reading.seenPixels, after.reading.seenPixels);
    if (!best || seen > best.seen) best = { before, after, seen };
  }
  return best;
}
