/**
 * issued-tasks: issued patches in the queue. Each with an outline has a task: that of an own patch of its quarter at the same place, else
 * one of its own, of origin issued, ranked among the tasks of its quarter and never cut. One without an outline has no place to go to:
 * its answer says what is missing.
 */
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import { settleIssued } from './issued-places.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { IssuedPatch } from './model/issued.js';
import type { Recipe } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { SitedPatch } from './model/site.js';
import type { Task } from './model/task.js';
import type { IssuedPlaces } from './ports/issued-places.js';
import type { IssuedPublication, IssuedRegister, OwnPatch, StandingAnswer } from './ports/issued-register.js';
import type { SiteMemory } from './ports/site-memory.js';
import type { WorkPool } from './ports/work-pool.js';
import { recallDrawn } from './quarter-sites.js';
import { patchIdOf } from './stages/revisit/as-patch.js';

/** Two outlines are one place where they share at least this much of the smaller. */
const SAME_PLACE_SHARE = 0.5;

interface Place {
  readonly siteId: string;
  /** The patch with what its place's record says. */
  readonly sited: SitedPatch | null;
  /** Task of an own patch of the quarter at the same place. */
  readonly ownTask: string | null;
}

/** By key; those without an outline are not in it. */
export async function issuedPlaces(
  patches: readonly IssuedPatch[],
  standing: readonly StandingAnswer[],
  own: readonly OwnPatch[],
  { recipe, records, pool }: PlacePorts,
): Promise<Map<string, Place>> {
  const outlined = patches.flatMap(({ geometry, ...patch }) => (geometry === null ? [] : [{ ...patch, geometry }]));
  const quarters = [...new Set(outlined.map((patch): Quarter => patch.quarter))].sort();
  const merges = await settleIssued({ records, pool }, recipe.sites, quarters);
  const judged = new Map(standing.map((answer) => [answer.keyId, answer.judged]));
  const sited = new Map<string, SitedPatch>();
  const sites = new Map<string, string>();
  for (const quarter of quarters) {
    const settled = await records.issuedSites(quarter);
    for (const [keyId, siteId] of settled) sites.set(keyId, siteId);
    const group = outlined.flatMap(({ keyId, quarter: of, geometry }) => {
      const one = of === quarter ? judged.get(keyId) : null;
      return one ? [{ keyId, geometry, judged: one }] : [];
    });
    const found = await recallDrawn(
      { records, pool },
      {
        quarter,
        origin: 'issued',
        recipe,
        judged: group.map((one) => one.judged),
        sites: new Map(group.map((one) => [one.judged.patch.id, settled.get(one.keyId) ?? one.judged.patch.id])),
        merges: merges.filter((merge) => merge.quarter === quarter),
        outlines: group.map(({ geometry }) => geometry),
      },
    );
    for (const [i, one] of found.entries()) sited.set(group[i]?.keyId ?? '', one);
  }
  const ownTasks = await sameTasks(outlined, own, pool);
  return new Map(
    outlined.map((patch) => {
      const { keyId } = patch;
      const siteId = sites.get(keyId) ?? patchIdOf(patch);
      return [keyId, { siteId, sited: sited.get(keyId) ?? null, ownTask: ownTasks.get(keyId) ?? null }];
    }),
  );
}

/** By key: the task of an own patch of the quarter that is the same place. */
async function sameTasks(
  outlined: readonly (Omit<IssuedPatch, 'geometry'> & { readonly geometry: MultiPolygonRings })[],
  own: readonly OwnPatch[],
  pool: WorkPool,
): Promise<Map<string, string>> {
  const listed = new Map(own.filter(({ taskId }) => taskId !== null).map((one) => [one.id, one]));
  const overlaps = await pool.run('overlay', {
    patches: outlined.map(({ geometry }) => geometry),
    boundaries: [...listed.values()].map(({ id, geometry }) => ({ id, kind: 'lawful' as const, geometry })),
    reachM: 0,
  });
  const ownAreas = new Map(own.map(({ id, geometry }) => [id, polygonAreaM2(geometry)]));
  const found = new Map<string, string>();
  for (const [i, { keyId, quarter }] of outlined.entries()) {
    const [same] = (overlaps[i] ?? [])
      .flatMap(({ boundaryId, areaInsideM2: areaM2, areaOutsideM2 }) => {
        const one = listed.get(boundaryId);
        const smaller = Math.min(areaM2 + areaOutsideM2, ownAreas.get(boundaryId) ?? Number.POSITIVE_INFINITY);
        const isSame = one?.quarter === quarter && areaM2 > 0 && areaM2 >= SAME_PLACE_SHARE * smaller;
        return one?.taskId && isSame ? [{ id: one.id, taskId: one.taskId, areaM2 }] : [];
      })
      .sort((a, b) => b.areaM2 - a.areaM2 || (a.id < b.id ? -1 : 1));
    if (same) found.set(keyId, same.taskId);
  }
  return found;
}

interface PlacePorts {
  readonly recipe: Recipe;
  readonly records: SiteMemory & IssuedPlaces;
  readonly pool: WorkPool;
}

/** Answers with their site and task, and the tasks of origin issued, by rank. */
export async function tasksOf(
  patches: readonly IssuedPatch[],
  standing: readonly StandingAnswer[],
  places: ReadonlyMap<string, Place>,
  register: IssuedRegister,
): Promise<IssuedPublication> {
  const byKey = new Map(patches.map((patch) => [patch.keyId, patch]));
  const answers = standing.map((answer): StandingAnswer => {
    const place = places.get(answer.keyId);
    const patch = byKey.get(answer.keyId);
    if (!place || !patch || !answer.judged) return { ...answer, siteId: null, taskId: null };
    const listed = place.ownTask === null ? (place.sited?.judged ?? answer.judged) : null;
    return { ...answer, listed, siteId: place.siteId, taskId: place.ownTask ?? taskIdOf(patch) };
  });
  const unranked = answers.flatMap((answer) => {
    const patch = byKey.get(answer.keyId);
    const place = places.get(answer.keyId);
    return patch && place?.ownTask === null ? taskOf(patch, answer, place.sited) : [];
  });
  return { answers, tasks: await ranked(unranked, patches, register) };
}

function taskIdOf(patch: IssuedPatch): string {
  return `T${patchIdOf(patch)}`;
}

function taskOf(
  patch: IssuedPatch,
  { listed: judged, siteId, taskId, answer }: StandingAnswer,
  sited: SitedPatch | null,
): Omit<Task, 'rank'>[] {
  if (!judged || siteId === null || taskId === null) return [];
  const { keyId, source, quarter, facts } = patch;
  const issued = { keyId, source, county: facts.countyCode, number: facts.number, result: answer.result };
  const notes = ['上级下发图斑，不受核查预算限制', ...(sited?.notes ?? [])];
  const record = sited?.facts ? { facts: sited.facts } : {};
  return [{ id: taskId, quarter, siteId, judged, state: 'new', origin: 'issued', issued: [issued], notes, ...record }];
}

/** The place among all tasks of the quarter that stand; those of equal score share one. */
async function ranked(
  tasks: readonly Omit<Task, 'rank'>[],
  patches: readonly IssuedPatch[],
  register: IssuedRegister,
): Promise<Task[]> {
  // Those of patches that a task of our own carries now are about to be withdrawn.
  const ids = patches.map(taskIdOf);
  const done: Task[] = [];
  for (const quarter of [...new Set(tasks.map((task): Quarter => task.quarter))].sort()) {
    const group = tasks.filter((task) => task.quarter === quarter);
    const scores = [...(await register.scores(quarter, ids)), ...group.map(({ judged }) => judged.judgement.score)];
    for (const task of group) {
      done.push({ ...task, rank: 1 + scores.filter((score) => score > task.judged.judgement.score).length });
    }
  }
  return done.sort(
    (a, b) => (a.quarter === b.quarter ? a.rank - b.rank : a.quarter < b.quarter ? -1 : 1) || (a.id < b.id ? -1 : 1),
  );
}
