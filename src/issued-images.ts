/**
 * issued-images: for each issued patch the newest image that shows it, the reference to hold it against, and what the children read of
 * the two. Images are asked in their order, all patches of an image together, until each patch has been seen; only windows around the
 * outlines are read. The fit of a pair of images is a result of its own and made once.
 */
import Flatbush from 'flatbush';
import { fitPair } from './comparison.js';
import { boxOf } from './geo/distance.js';
import { metresPerDegree } from './geo/ellipsoid-area.js';
import { boxesMeet } from './geo/map-frame.js';
import { commonBands } from './model/common-bands.js';
import { Fault } from './model/fault.js';
import type { Box, MultiPolygonRings } from './model/grid.js';
import { contentHash } from './model/id.js';
import type { IssuedImage, IssuedPatch } from './model/issued.js';
import type { PairUse } from './model/raster.js';
import { type RasterRecipe, rasterRecipeHash } from './model/recipe.js';
import { type FitOutcome, isRefused } from './model/run.js';
import type { Scene } from './model/scene.js';
import type { GroundLook, WorkCatalogue } from './model/work.js';
import type { RunRecords } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { type Horizon, horizonOf, newestOrder, referenceIs, referenceOrder } from './stages/revisit/images.js';

export interface ImagePorts {
  readonly records: Pick<RunRecords, 'result' | 'save'>;
  readonly pool: WorkPool;
}

export interface Outlined extends IssuedPatch {
  readonly geometry: MultiPolygonRings;
}

export interface Looked {
  readonly patch: Outlined;
  readonly hidden: readonly { readonly on: string; readonly reached: boolean }[];
  readonly newest: IssuedImage | null;
  readonly reference: IssuedImage | null;
  readonly referenceRefused: string | null;
  readonly look: GroundLook | null;
}

export interface LookRequest {
  readonly patches: readonly Outlined[];
  /** Outlines of all issued patches, those asked among them. */
  readonly outlines: readonly MultiPolygonRings[];
  readonly scenes: readonly Scene[];
  readonly recipe: RasterRecipe;
  toleranceM(gsdM: number): number;
}

interface Ports extends ImagePorts {
  /** Made or found in this call already. */
  readonly fits: Map<string, Promise<FitOutcome>>;
}

/** Faults of a pair that say "these two images cannot be compared". */
const REFUSALS = /^(pair|fit|detect)\./;
/** Patches that go to a child in one message. */
const CHUNK = 100;
/** How far around an outline others matter: the widest window, metres. */
export const NEIGHBOUR_M = 700;

interface Asking {
  readonly patch: Outlined;
  readonly near: readonly Scene[];
  readonly horizon: Horizon;
  readonly hidden: { on: string; reached: boolean }[];
  /** Still to be asked. */
  left: Scene[];
  newest: Scene | null;
  reference: Scene | null;
  refused: string | null;
  look: GroundLook | null;
}

export function nearScenes<T extends Pick<Scene, 'footprint'>>(scenes: readonly T[], outline: MultiPolygonRings): T[] {
  const box = boxOf(outline);
  return scenes.filter(({ footprint }) => boxesMeet(boxOf(footprint), box));
}

/** In the order of `patches`. */
export async function lookAtIssued(request: LookRequest, given: ImagePorts): Promise<Looked[]> {
  const ports: Ports = { ...given, fits: new Map() };
  const all = request.patches.map((patch): Asking => {
    const near = nearScenes(request.scenes, patch.geometry);
    const horizon = horizonOf(patch);
    const left = newestOrder(near, horizon);
    return { patch, near, horizon, hidden: [], left, newest: null, reference: null, refused: null, look: null };
  });
  for (let open = all; open.length > 0; ) {
    await findNewest(open, ports);
    const found = open.filter(({ newest }) => newest !== null);
    await findReference(found, request, ports);
    await lookClosely(found, request, ports);
    open = found.filter(({ look }) => look === null || look.telling === 'too-few');
    for (const asking of open) {
      asking.hidden.push({ on: asking.newest?.acquiredOn ?? '', reached: asking.look !== null });
      Object.assign(asking, { newest: null, reference: null, refused: null, look: null });
    }
  }
  return all.map(({ patch, hidden, newest, reference, refused, look }) => ({
    patch,
    hidden,
    newest: newest && imageOf(newest),
    reference: reference && imageOf(reference),
    referenceRefused: refused,
    look,
  }));
}

const imageOf = ({ id, acquiredOn, sensor, gsdM }: Scene): IssuedImage => ({
  sceneId: id,
  on: acquiredOn,
  sensor,
  gsdM: Math.round(gsdM * 100) / 100,
});

async function findNewest(open: readonly Asking[], ports: Ports): Promise<void> {
  await inTurn(open, ports, (asking, scene, shown) => {
    if (shown === 'shown') asking.newest = scene;
    else asking.hidden.push({ on: scene.acquiredOn, reached: shown === 'hidden' });
    return shown === 'shown';
  });
}

async function findReference(found: readonly Asking[], request: LookRequest, ports: Ports): Promise<void> {
  const later = new Map(found.map((asking) => [asking, asking.left]));
  for (const asking of found)
    asking.left = referenceOrder(asking.near, asking.horizon, asking.newest?.acquiredOn ?? '');
  for (let open = [...found]; open.length > 0; ) {
    await inTurn(open, ports, (asking, scene, shown) => {
      if (shown === 'shown') asking.reference = scene;
      return shown === 'shown';
    });
    const tried = open.filter(({ reference }) => reference !== null);
    open = [];
    for (const asking of tried) {
      const fit = await fitOf(asking, request.recipe, ports);
      if (!isRefused(fit)) continue;
      asking.refused = `${asking.reference?.acquiredOn} 与最新影像不能配准：${fit.refused.message}`;
      asking.reference = null;
      open.push(asking);
    }
  }
  for (const asking of found) {
    if (asking.reference) asking.refused = null;
    asking.left = later.get(asking) ?? [];
  }
}

type Shown = 'shown' | 'hidden' | 'beyond';

/** Asks the next image of every patch, image by image, until `take` accepts one or none is left. */
async function inTurn(
  asked: readonly Asking[],
  { pool }: Ports,
  take: (asking: Asking, scene: Scene, shown: Shown) => boolean,
): Promise<void> {
  for (let open = asked.filter(({ left }) => left.length > 0); open.length > 0; ) {
    const byScene = new Map<string, { scene: Scene; group: Asking[] }>();
    for (const asking of open) {
      const scene = asking.left.shift();
      if (!scene) continue;
      const known = byScene.get(scene.id);
      if (known) known.group.push(asking);
      else byScene.set(scene.id, { scene, group: [asking] });
    }
    const still: Asking[] = [];
    const jobs = [...byScene.values()].flatMap(({ scene, group }) => chunks(group).map((part) => ({ scene, part })));
    const answers = await Promise.all(
      jobs.map(({ scene, part }) => pool.run('recall', { scene: sceneUse(scene), patches: outlinesOf(part) })),
    );
    for (const [j, { scene, part }] of jobs.entries()) {
      for (const [i, asking] of part.entries()) {
        const reading = answers[j]?.[i] ?? null;
        const shown: Shown = reading === null ? 'beyond' : reading.numbers === null ? 'hidden' : 'shown';
        if (!take(asking, scene, shown) && asking.left.length > 0) still.push(asking);
      }
    }
    open = still;
  }
}

const outlinesOf = (part: readonly Asking[]): MultiPolygonRings[] => part.map(({ patch }) => patch.geometry);

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, k) => all.slice(k * CHUNK, (k + 1) * CHUNK));
}

function sceneUse({ path, bands, sensor, acquiredOn, masks }: Scene): WorkCatalogue['recall']['input']['scene'] {
  return { use: { path, bands, sensor, acquiredOn }, masks };
}

/** Fault pair.bands where the two have no bands in common. */
function pairOf(before: Scene, after: Scene): PairUse {
  const common = commonBands(before.bands, after.bands);
  return {
    before: { ...sceneUse(before).use, bands: common.before },
    after: { ...sceneUse(after).use, bands: common.after },
    masks: [
      ...before.masks.map((mask) => ({ ...mask, date: 'before' as const })),
      ...after.masks.map((mask) => ({ ...mask, date: 'after' as const })),
    ],
  };
}

function fitOf(
  { newest, reference }: Pick<Asking, 'newest' | 'reference'>,
  recipe: RasterRecipe,
  ports: Ports,
): Promise<FitOutcome> {
  if (!newest || !reference) return Promise.resolve({ refused: { code: 'pair.none', message: '' } });
  const side = ({ id, acquiredOn, sensor }: Scene) => ({ id, acquiredOn, sensor });
  const key = contentHash({ before: side(reference), after: side(newest), recipe: rasterRecipeHash(recipe) });
  const there = ports.fits.get(key);
  if (there) return there;
  const making = storedFit(key, { before: reference, after: newest }, recipe, ports);
  ports.fits.set(key, making);
  return making;
}

async function storedFit(
  key: string,
  { before, after }: { readonly before: Scene; readonly after: Scene },
  recipe: RasterRecipe,
  { records, pool }: Ports,
): Promise<FitOutcome> {
  const known = await records.result('issued-fit', key);
  if (known) return known.body as FitOutcome;
  const outcome = await attempt(pool, before, after, recipe);
  await records.save('issued-fit', key, outcome);
  return outcome;
}

async function attempt(pool: WorkPool, before: Scene, after: Scene, recipe: RasterRecipe): Promise<FitOutcome> {
  try {
    return (await fitPair(pool, pairOf(before, after), recipe)).model;
  } catch (error) {
    if (error instanceof Fault && !error.retryable && REFUSALS.test(error.code)) {
      return { refused: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

async function lookClosely(found: readonly Asking[], request: LookRequest, ports: Ports): Promise<void> {
  const groups = new Map<string, Asking[]>();
  for (const asking of found) {
    const key = `${asking.newest?.id} ${asking.reference?.id ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), asking]);
  }
  const neighbours = neighboursOf(request.outlines);
  const jobs = [...groups.values()].flatMap(chunks);
  await Promise.all(
    jobs.map(async (part) => {
      const [first] = part;
      if (!first?.newest) return;
      const { newest, reference } = first;
      const fit = reference ? await fitOf(first, request.recipe, ports) : null;
      const pair = reference ? pairOf(reference, newest) : null;
      const own = outlinesOf(part);
      const others = neighbours(own).filter((outline) => !own.includes(outline));
      const now = sceneUse(newest);
      const looks = await ports.pool.run('openGround', {
        now: pair ? { ...now, use: pair.after } : now,
        past: pair && fit && !isRefused(fit) ? { use: pair.before, masks: pair.masks, model: fit } : null,
        outlines: [...own, ...others],
        asked: own.map((_, i) => i),
        pastIs: part.map(({ patch }) => (reference ? referenceIs(patch, reference.acquiredOn) : 'between')),
        toleranceM: request.toleranceM(newest.gsdM),
      });
      for (const [i, asking] of part.entries()) asking.look = looks[i] ?? null;
    }),
  );
}

/** Outlines near any of those given, by box. */
export function neighboursOf(
  outlines: readonly MultiPolygonRings[],
): (of: readonly MultiPolygonRings[]) => MultiPolygonRings[] {
  if (outlines.length === 0) return () => [];
  const index = new Flatbush(outlines.length);
  for (const outline of outlines) index.add(...boxOf(outline));
  index.finish();
  return (of) => {
    const found = new Set(of.flatMap((outline) => index.search(...widened(boxOf(outline), NEIGHBOUR_M))));
    return [...found].sort((a, b) => a - b).flatMap((i) => [outlines[i] ?? []]);
  };
}

function widened([minLon, minLat, maxLon, maxLat]: Box, metres: number): [number, number, number, number] {
  const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(minLat), Math.abs(maxLat))));
  const [lon, lat] = [metres / scale.lon, metres / scale.lat];
  return [minLon - lon, minLat - lat, maxLon + lon, maxLat + lat];
}
