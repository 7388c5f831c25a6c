/**
 * issued-tasks: issued patches in the queue. Each with an outline has a task: that of an own patch of its quarter at the same place, else
 * one of its own, of origin issued, ranked among the tasks of its quarter and never cut. One without an outline has no place to go to:
 * its answer says what is missing.
 */
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { IssuedPatch } from './model/issued.js';
import type { Recipe } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { SitedPatch } from './model/site.js';
import type { Task } from './model/task.js';
import type { IssuedPublication, IssuedRegister, OwnPatch, StandingAnswer } from './ports/issued-register.js';
import type { SiteMemory } from './ports/site-memory.js';
import type { WorkPool } from './ports/work-pool.js';
import { placePatches } from './quarter-sites.js';
import { patchIdOf } from './stages/revisit/as-patch.js';
import { sitesOf } from './stages/revisit/site.js';

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
  const sited = await sitedOf(patches, standing, { recipe, records, pool });
  const before = new Map(standing.map(({ keyId, siteId }) => [keyId, siteId]));
  const outlined = patches.flatMap(({ geometry, ...patch }) => (geometry === null ? [] : [{ ...patch, geometry }]));
  const ownById = new Map(own.map((one) => [one.id, one]));
  const boundary = (id: string, geometry: MultiPolygonRings) => ({ id, kind: 'lawful' as const, geometry });
  const overlaps = await pool.run('overlay', {
    patches: outlined.map(({ geometry }) => geometry),
    boundaries: [
      ...own.map(({ id, geometry }) => boundary(id, geometry)),
      ...outlined.map((patch) => boundary(patchIdOf(patch), patch.geometry)),
    ],
    reachM: 0,
  });
  const placed = outlined.map((patch, i) => {
    const met = (overlaps[i] ?? []).filter(({ areaInsideM2 }) => areaInsideM2 > 0);
    const ours = met.flatMap(({ boundaryId, areaInsideM2: areaM2, areaOutsideM2 }) => {
      const one = ownById.get(boundaryId);
      return one ? [{ one, siteId: one.siteId, areaM2, wholeM2: areaM2 + areaOutsideM2 }] : [];
    });
    const issued = met
      .filter(({ boundaryId }) => !ownById.has(boundaryId) && boundaryId !== patchIdOf(patch))
      .map(({ boundaryId, areaInsideM2: areaM2 }) => ({ id: boundaryId, areaM2 }));
    const tracked = sited.get(patch.keyId)?.siteId ?? null;
    const previous = before.get(patch.keyId) ?? (tracked === patchIdOf(patch) ? null : tracked);
    return { keyId: patch.keyId, id: patchIdOf(patch), quarter: patch.quarter, own: ours, issued, before: previous };
  });
  const sites = sitesOf(placed);
  const ownAreas = new Map(own.map(({ id, geometry }) => [id, polygonAreaM2(geometry)]));
  return new Map(
    placed.map(({ keyId, id, quarter, own: ours }) => {
      const [same] = ours
        .filter(({ one, areaM2, wholeM2 }) => {
          const smaller = Math.min(wholeM2, ownAreas.get(one.id) ?? wholeM2);
          return one.quarter === quarter && one.taskId !== null && areaM2 >= SAME_PLACE_SHARE * smaller;
        })
        .sort((a, b) => b.areaM2 - a.areaM2 || (a.one.id < b.one.id ? -1 : 1));
      const siteId = sites.get(id) ?? id;
      return [keyId, { siteId, sited: sited.get(keyId) ?? null, ownTask: same?.one.taskId ?? null }];
    }),
  );
}

interface PlacePorts {
  readonly recipe: Recipe;
  readonly records: SiteMemory;
  readonly pool: WorkPool;
}

/** By key, quarter of issue by quarter: where earlier quarters put the place, and what its record adds to the score. */
async function sitedOf(
  patches: readonly IssuedPatch[],
  standing: readonly StandingAnswer[],
  { recipe, records, pool }: PlacePorts,
): Promise<Map<string, SitedPatch>> {
  const judgedOf = new Map(standing.map(({ keyId, judged }) => [keyId, judged]));
  const found = new Map<string, SitedPatch>();
  for (const quarter of [...new Set(patches.map((patch): Quarter => patch.quarter))].sort()) {
    const group = patches.flatMap(({ keyId, quarter: own }) => {
      const judged = own === quarter ? judgedOf.get(keyId) : null;
      return judged ? [{ keyId, judged }] : [];
    });
    const judged = group.map((one) => one.judged);
    const placed = await placePatches({ records, pool }, { quarter, recipe, judged, origin: 'issued' });
    for (const [i, one] of placed.patches.entries()) found.set(group[i]?.keyId ?? '', one);
  }
  return found;
}

/** Answers with their site and task, the sites that begin here, and the tasks of origin issued, by rank. */
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
    return { ...answer, listed, siteId: place.siteId, taskId: place.ownTask ?? `T${patchIdOf(patch)}` };
  });
  const unranked = answers.flatMap((answer) => {
    const patch = byKey.get(answer.keyId);
    const place = places.get(answer.keyId);
    return patch && place?.ownTask === null ? taskOf(patch, answer, place.sited) : [];
  });
  // Sites that are there already stay as they are; one whose patches a run has taken back comes again.
  const sites = new Map(
    unranked
      .toReversed()
      .map(({ siteId, quarter, judged }) => [
        siteId,
        { id: siteId, firstQuarter: quarter, geometry: judged.patch.geometry },
      ]),
  );
  return { answers, sites: [...sites.values()], tasks: await ranked(unranked, register) };
}

function taskOf(
  patch: IssuedPatch,
  { listed: judged, siteId, taskId, answer }: StandingAnswer,
  sited: SitedPatch | null,
): Omit<Task, 'rank'>[] {
  if (!judged || siteId === null || taskId === null) return [];
  const { keyId, source, quarter, facts } = patch;
  const issued = { keyId, source, county: facts.countyCode, number: facts.number, result: answer.result };
  const notes = ['上级下发图斑，不受核查预算限制', ...(sited?.quiet ? [sited.quiet] : []), ...(sited?.notes ?? [])];
  const record = sited?.facts ? { facts: sited.facts } : {};
  return [{ id: taskId, quarter, siteId, judged, state: 'new', origin: 'issued', issued: [issued], notes, ...record }];
}

/** The place among all tasks of the quarter that stand; those of equal score share one. */
async function ranked(tasks: readonly Omit<Task, 'rank'>[], register: IssuedRegister): Promise<Task[]> {
  const ids = tasks.map(({ id }) => id);
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
