/**
 * issued-compare: every issued patch gets exactly one answer, and a place in the queue:
 *   images asked → open ground read (children) → own patches that touch it → revisit → judged like our own → site → task → one transaction
 * What decides an answer is hashed: the same inputs again give the same result, and no pixel is read for it.
 */
import { boxOf } from './geo/distance.js';
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import { boxesMeet } from './geo/map-frame.js';
import { quantise } from './geo/quantise.js';
import {
  type ImagePorts,
  type Looked,
  lookAtIssued,
  nearScenes,
  neighboursOf,
  type Outlined,
} from './issued-images.js';
import { issuedPlaces, tasksOf } from './issued-tasks.js';
import { judgeShelves } from './judge.js';
import { Fault } from './model/fault.js';
import type { MultiPolygonRings } from './model/grid.js';
import { contentHash } from './model/id.js';
import type { IssuedAnswer, IssuedPatch } from './model/issued.js';
import type { JudgedPatch, Patch } from './model/patch.js';
import { quarterIndex, quarterOf } from './model/quarter.js';
import { type Recipe, rasterRecipeHash } from './model/recipe.js';
import type { Quarter, Scene } from './model/scene.js';
import type { IssuedFilter, IssuedRegister, OwnPatch, StandingAnswer } from './ports/issued-register.js';
import type { RunRecords } from './ports/run-records.js';
import type { SceneFiles } from './ports/scene-files.js';
import type { SceneRegister } from './ports/scene-register.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';
import { verifyScene } from './stages/ingest/stage.js';
import { asPatch, sigmaOf } from './stages/revisit/as-patch.js';
import { horizonOf } from './stages/revisit/images.js';
import { type Measured, type OwnTouch, revisit } from './stages/revisit/revisit.js';

export interface ComparePorts extends ImagePorts {
  readonly records: RunRecords;
  readonly register: IssuedRegister;
  readonly scenes: SceneRegister;
  readonly files: SceneFiles;
  readonly pool: WorkPool;
}

export interface Compared {
  readonly patches: readonly IssuedPatch[];
  /** One per patch, in the order of `patches`. */
  readonly answers: readonly StandingAnswer[];
  readonly newResults: number;
  readonly newTasks: number;
  /** Images whose files are gone or changed: not asked. */
  readonly scenesGone: readonly string[];
}

/** Raised whenever the code that makes answers changes its results. */
const VERSION = 1;
/** Growth of fewer pixels than these is the staircase of an edge. */
const LEAST_GROWN_PX = 4;

export async function compareIssued(filter: IssuedFilter, recipe: Recipe, ports: ComparePorts): Promise<Compared> {
  const { register } = ports;
  const patches = await register.patches(filter);
  const everywhere = (await register.patches({})).filter(isOutlined);
  const { scenes, gone } = await usableScenes(patches, ports);
  const own = await register.ownPatches(patches.filter(isOutlined).map(({ geometry }) => geometry));
  const before = new Map((await register.answers(filter)).map((answer) => [answer.keyId, answer]));
  const keys = await resultIds(patches, { everywhere, scenes, own, recipe }, ports);
  const fresh = patches.filter(({ keyId }) => before.get(keyId)?.resultId !== keys.get(keyId));
  const answered = await answersOf(fresh, { everywhere, scenes, own, recipe }, ports);
  const judged = await judge(fresh, answered, recipe, ports);
  const standing = patches.map((patch): StandingAnswer => {
    const { keyId, contentId } = patch;
    const resultId = keys.get(keyId) ?? '';
    const known = before.get(keyId);
    const answer = answered.get(keyId) ?? known?.answer;
    if (!answer) throw unanswered(patch);
    const judgement = answered.has(keyId) ? (judged.get(keyId) ?? null) : (known?.judged ?? null);
    return {
      keyId,
      contentId,
      resultId,
      answer,
      judged: judgement,
      listed: null,
      siteId: known?.siteId ?? null,
      taskId: null,
    };
  });
  const places = await issuedPlaces(patches, standing, own, { recipe, records: ports.records, pool: ports.pool });
  const { answers, tasks } = await tasksOf(patches, standing, places, register);
  const { newResults, newTasks } = await register.publish({ answers, tasks });
  return { patches, answers, newResults, newTasks, scenesGone: gone };
}

export function isOutlined(patch: IssuedPatch): patch is Outlined {
  return patch.geometry !== null;
}

function unanswered({ facts, source, quarter }: IssuedPatch): Fault {
  return new Fault(
    'issued.unanswered',
    `${source} ${quarter} 图斑 ${facts.number} 没有比对结果；任何图斑都必须有结果，请报告此问题 (an issued patch has no result)`,
    { blame: 'system' },
  );
}

interface World {
  /** All issued patches of the workspace with an outline. */
  readonly everywhere: readonly Outlined[];
  readonly scenes: readonly Scene[];
  readonly own: readonly OwnPatch[];
  readonly recipe: Recipe;
}

/** Old images are often archived away: what is gone or changed is left out and told. */
async function usableScenes(
  patches: readonly IssuedPatch[],
  { scenes: register, files }: ComparePorts,
): Promise<{ scenes: Scene[]; gone: string[] }> {
  const all = await register.list();
  const near = new Set(
    patches.filter(isOutlined).flatMap(({ geometry }) => nearScenes(all, geometry).map(({ id }) => id)),
  );
  const scenes: Scene[] = [];
  const gone: string[] = [];
  for (const scene of all) {
    if (!near.has(scene.id)) continue;
    try {
      await verifyScene(scene, files);
      scenes.push(scene);
    } catch (error) {
      if (!(error instanceof Fault) || !['scene.gone', 'scene.changed'].includes(error.code)) throw error;
      gone.push(scene.path);
    }
  }
  return { scenes, gone };
}

async function resultIds(
  patches: readonly IssuedPatch[],
  { everywhere, scenes, own, recipe }: World,
  { records }: ComparePorts,
): Promise<Map<string, string>> {
  const outlines = everywhere.map(({ geometry }) => geometry);
  const neighbours = neighboursOf(outlines);
  const layers = new Map<string, string>();
  const ownNear = (outline: MultiPolygonRings | null): readonly OwnPatch[] =>
    outline === null ? [] : own.filter(({ geometry }) => boxesMeet(boxOf(geometry), boxOf(outline)));
  const ids = new Map<string, string>();
  for (const patch of patches) {
    const { keyId, contentId, geometry, quarter } = patch;
    const near = geometry === null ? [] : nearScenes(scenes, geometry);
    const last = near
      .map(({ acquiredOn }) => acquiredOn)
      .sort()
      .at(-1);
    const until = last === undefined ? quarter : quarterOf(last);
    const since = patch.facts.before?.to ?? null;
    const span = `${until} ${since ?? ''}`;
    const layersHash = layers.get(span) ?? (await records.layersHash(until, since));
    layers.set(span, layersHash);
    ids.set(
      keyId,
      contentHash({
        version: VERSION,
        contentId,
        scenes: near.map(({ id, acquiredOn, sensor }) => [id, acquiredOn, sensor]),
        own: ownNear(geometry).map(({ id }) => id),
        neighbours: geometry === null ? [] : neighbours([geometry]),
        layersHash,
        raster: rasterRecipeHash(recipe.raster),
        judgement: recipe.judgement,
      }),
    );
  }
  return ids;
}

async function answersOf(
  fresh: readonly IssuedPatch[],
  world: World,
  ports: ComparePorts,
): Promise<Map<string, IssuedAnswer>> {
  const { everywhere, scenes, recipe } = world;
  const toleranceM = (gsdM: number): number => recipe.judgement.toleranceSigmas * sigmaOf(gsdM);
  const patches = fresh.filter(isOutlined);
  const looked = await lookAtIssued(
    { patches, outlines: everywhere.map(({ geometry }) => geometry), scenes, recipe: recipe.raster, toleranceM },
    ports,
  );
  const answers = new Map<string, IssuedAnswer>();
  for (const patch of fresh) {
    if (!isOutlined(patch)) answers.set(patch.keyId, revisit(blank(patch)));
  }
  for (const one of looked) {
    const limits = {
      toleranceM: toleranceM(one.newest?.gsdM ?? 0),
      minGrownM2: Math.max(recipe.judgement.minOutsideM2, LEAST_GROWN_PX * (one.look?.pixelM2 ?? 0)),
    };
    const own = await touching(one, world.own, limits.toleranceM, ports.pool);
    const measured = await measure(one, own, world.own, limits, ports.pool);
    const near = nearScenes(scenes, one.patch.geometry);
    answers.set(one.patch.keyId, revisit({ ...one, near, own, measured, ...limits }));
  }
  return answers;
}

function blank(patch: IssuedPatch): Parameters<typeof revisit>[0] {
  const none = { newest: null, reference: null, referenceRefused: null, look: null, measured: null };
  return { patch, near: [], hidden: [], own: [], toleranceM: 0, minGrownM2: 0, ...none };
}

/** Own patches of quarters from HSX to the newest image that overlap the outline or lie within the tolerance. */
async function touching(
  { patch, newest }: Looked,
  own: readonly OwnPatch[],
  toleranceM: number,
  pool: WorkPool,
): Promise<OwnTouch[]> {
  if (!newest) return [];
  const from = quarterIndex(quarterOf(horizonOf(patch).on));
  const to = quarterIndex(quarterOf(newest.on));
  const during = own.filter(({ quarter }) => quarterIndex(quarter) >= from && quarterIndex(quarter) <= to);
  if (during.length === 0) return [];
  const boundaries = during.map(({ id, geometry }) => ({ id, kind: 'lawful' as const, geometry }));
  const [overlaps] = await pool.run('overlay', { patches: [patch.geometry], boundaries, reachM: toleranceM });
  const met = during.filter(({ id }) => (overlaps ?? []).some(({ boundaryId }) => boundaryId === id));
  if (met.length === 0) return [];
  const measures = await pool.run('outside', {
    boundaries: [patch.geometry],
    items: met.map(({ geometry }) => ({ patch: geometry, boundaries: [0], toleranceM: [toleranceM], maxShiftM: 0 })),
  });
  return met.map(({ id, quarter }, i) => ({ id, quarter, beyondM2: measures[i]?.beyondToleranceM2 ?? 0 }));
}

/** Open ground of the newest image, with those own patches that show growth. */
async function measure(
  { patch, look }: Looked,
  touches: readonly OwnTouch[],
  own: readonly OwnPatch[],
  { toleranceM, minGrownM2 }: { readonly toleranceM: number; readonly minGrownM2: number },
  pool: WorkPool,
): Promise<Measured | null> {
  if (!look) return null;
  const grown = new Set(touches.filter(({ beyondM2 }) => beyondM2 >= minGrownM2).map(({ id }) => id));
  const added = own.filter(({ id }) => grown.has(id)).map(({ geometry }) => geometry);
  const parts = [...look.measured.map((polygon) => [polygon]), ...added];
  if (parts.length === 0) return null;
  const united =
    added.length === 0 ? look.measured : (await pool.run('unite', { polygons: parts, snapM: 0 })).geometry.flat();
  const [outside] = await pool.run('outside', {
    boundaries: [patch.geometry],
    items: [{ patch: united, boundaries: [0], toleranceM: [toleranceM], maxShiftM: 0 }],
  });
  const geometry = quantise(united);
  return {
    geometry,
    areaM2: polygonAreaM2(geometry),
    outsideM2: outside?.outsideM2 ?? 0,
    beyondM2: outside?.beyondToleranceM2 ?? 0,
  };
}

/** Judged against what stood on some day between their two dates. */
async function judge(
  patches: readonly IssuedPatch[],
  answers: ReadonlyMap<string, IssuedAnswer>,
  recipe: Recipe,
  { records, pool }: ComparePorts,
): Promise<Map<string, JudgedPatch>> {
  const spans = new Map<string, { quarter: Quarter; since: string | null; group: { keyId: string; patch: Patch }[] }>();
  for (const issued of patches) {
    const answer = answers.get(issued.keyId);
    const patch = answer ? asPatch(issued, answer) : null;
    if (!patch) continue;
    const [quarter, since] = [quarterOf(patch.dateAfter ?? ''), patch.dateBefore];
    const span = spans.get(`${quarter} ${since}`) ?? { quarter, since, group: [] };
    span.group.push({ keyId: issued.keyId, patch });
    spans.set(`${quarter} ${since}`, span);
  }
  const judged = new Map<string, JudgedPatch>();
  for (const { quarter, since, group } of spans.values()) {
    const boundaries = await records.register(quarter, since);
    const layers = [...new Set(boundaries.versions.map(({ kind }) => kind))].sort();
    const patches = shelfOf(group.map(({ patch }) => patch));
    await judgeShelves({ patches, boundaries, layers, recipe: recipe.judgement }, pool, async (results, places) => {
      for (const [k, one] of results.entries()) judged.set(group[places[k] ?? -1]?.keyId ?? '', one);
    });
  }
  return judged;
}
