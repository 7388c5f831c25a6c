/**
 * queue-pits: pits that people report. A pit gets its place by the ground near it like every patch, is judged and scored like our own, and comes to the
 * list with a task of its own; a pit that is on the list already does not. Runs and judging again take the reported pits of their quarter along.
 *   report → checked → ground of its quarter and since → place → judged → with the place's record → ranked → one transaction of the person
 */
import { keyReasonsOf } from './adapters/postgres/key-patches.js';
import { addPit, areasAt, lockPits, pitGround } from './adapters/postgres/reported-pits.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import { judgeShelves } from './judge.js';
import { Fault } from './model/fault.js';
import type { JudgedPatch } from './model/patch.js';
import { type Actor, hasRole } from './model/person.js';
import { quarterIndex, quarterOf } from './model/quarter.js';
import type { Recipe } from './model/recipe.js';
import type { PlacedPit, ReportedPit } from './model/reported-pit.js';
import type { Quarter } from './model/scene.js';
import type { SitedPatch } from './model/site.js';
import type { Task } from './model/task.js';
import type { Desk, Turn } from './ports/desk.js';
import type { MissedPits, PitAnswer } from './ports/missed-pits.js';
import type { StandingGround } from './ports/reported-pits.js';
import type { RunRecords } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import type { Workspace } from './ports/workspace.js';
import { recallDrawn, trackPatches } from './quarter-sites.js';
import { shelfOf } from './shelves.js';
import { NO_RULES, publish } from './stages/publish/publish.js';
import { pitNotes, pitOf, pitPatch } from './stages/report-pit/report-pit.js';

/** Two outlines are one place where they share at least this much of the smaller: as for issued patches. */
const SAME_PLACE_SHARE = 0.5;

/** Each is overtaken by somebody who was served. */
const MOST_TRIES = 50;

const REPORTERS = ['officer', 'analyst', 'reviewer', 'supervisor'] as const;

interface PitPorts {
  readonly records: RunRecords;
  readonly pool: WorkPool;
}

export function createMissedPits(
  desk: Desk,
  workspace: Pick<Workspace, 'database' | 'pool' | 'recipe' | 'queueSettings'>,
): MissedPits {
  const { database, pool, queueSettings } = workspace;
  const ports: PitPorts = { records: createRunRecords(database, queueSettings), pool };
  return {
    async report(actor, report) {
      const pit = await desk.as(actor, (turn) => admitted(turn, pitOf(report, dayInChina(turn.at))));
      for (let i = 0; i < MOST_TRIES; i++) {
        const answer = await attempt(actor, pit);
        if (answer !== null) return answer;
      }
      throw new Fault(
        'pit.busy',
        '同一季度正有许多人上报，请稍后再试 (many are reporting for this quarter: try again)',
      );
    },
  };

  /** Null: somebody else reported for the quarter meanwhile, perhaps the same place. */
  async function attempt(actor: Actor, pit: ReportedPit): Promise<PitAnswer | null> {
    // Not once for all: rules may have been adopted while this process runs.
    const { recipe } = workspace;
    const ground = pitGround(database);
    const count = await ground.count(pit.quarter);
    const near = await withOverlap(await ground.groundSince(pit.quarter, pit.geometry), pit, pool);
    const same = near.filter((one) => isSamePlace(one, pit.quarter));
    const repeated = same.find(({ id }) => id === pit.id);
    const detected = same.find(({ kind }) => kind === 'detected') ?? null;
    const siteId = await siteOf(ports, recipe, pit, near);
    const placed: PlacedPit = { ...pit, siteId, detectedId: detected?.id ?? null };
    const sited = (await sitedPits(ports, recipe, pit.quarter, [placed]))[0];
    if (!sited) throw new RangeError('a pit is judged');
    const task = rankedTask(pit.quarter, sited, await ground.scores(pit.quarter));
    const known = repeated ? null : same.find(({ taskId }) => taskId !== null);
    const { lon, lat } = sited.judged.patch;
    const [keyWhy = []] = await keyReasonsOf(database, [task], queueSettings);
    const added = await desk.as(actor, async (turn) => {
      if ((await lockPits(turn, pit.quarter)) !== count) return null;
      const own = { pit: placed, lon, lat, keyWhy };
      // What the detector had found, too, is kept for the estimate of what it misses.
      const entry = known
        ? known.kind === 'detected'
          ? { ...own, task: null, detectedTask: known.taskId }
          : null
        : { ...own, task, detectedTask: null };
      const isNew = entry !== null && (await addPit(turn, entry));
      turn.record({
        action: known ? 'pit.known' : 'pit.report',
        subject: `task:${known?.taskId ?? task.id}`,
        body: { quarter: pit.quarter, seenOn: pit.seenOn, added: isNew },
      });
      return { isNew, visible: known ? await isVisible(turn, known.taskId ?? '') : true };
    });
    if (added === null) return null;
    if (known) throw isKnown(added.visible ? known.taskId : null);
    return { task, added: added.isNew };
  }
}

export function dayInChina(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Fault pit.role. The database asks the same again (tuban.may_report). */
export async function admitted({ sql, member }: Turn, pit: ReportedPit): Promise<ReportedPit> {
  const { lon, lat } = pitPatch(pit);
  const areas = await areasAt(sql, lon, lat);
  if (REPORTERS.some((role) => hasRole(member, role, areas))) return pit;
  throw new Fault(
    'pit.role',
    '只有该区域的执法、影像分析、审核、督查人员可以上报 (only officers, analysts, reviewers and supervisors of the area report pits)',
  );
}

export async function isVisible({ sql }: Turn, taskId: string): Promise<boolean> {
  return (await sql.query('SELECT 1 FROM tuban.task WHERE id = $1', [taskId])).length > 0;
}

function isKnown(taskId: string | null): Fault {
  return new Fault(
    'pit.known',
    taskId === null
      ? '该处已有核查任务（您无权查看）；已记录，不再另立任务 (there is a task for this place, not yours to see)'
      : `该处已有核查任务 ${taskId}，请在该任务中补充；不再另立任务 (there is a task for this place already: use that one)`,
    { details: { taskId } },
  );
}

export type Overlapping = StandingGround & { readonly overlapM2: number; readonly share: number };

export const isSamePlace = ({ quarter, share }: Overlapping, wanted: Quarter): boolean =>
  quarter === wanted && share >= SAME_PLACE_SHARE;

export async function withOverlap(
  near: readonly StandingGround[],
  pit: ReportedPit,
  pool: WorkPool,
): Promise<readonly Overlapping[]> {
  if (near.length === 0) return [];
  const [overlaps] = await pool.run('overlay', {
    patches: [pit.geometry],
    boundaries: near.map(({ geometry }, i) => ({ id: `${i}`, kind: 'lawful' as const, geometry })),
    reachM: 0,
  });
  return (overlaps ?? []).flatMap(({ boundaryId, areaInsideM2: overlapM2 }) => {
    const one = near[Number(boundaryId)];
    if (!one || overlapM2 <= 0) return [];
    return [{ ...one, overlapM2, share: overlapM2 / Math.min(pit.areaM2, polygonAreaM2(one.geometry)) }];
  });
}

/**
 * By earlier ground and what people drew for the quarter; else by what runs and issuers found in the quarter or since; else it begins one. What a
 * person drew alone never makes two places one.
 */
async function siteOf(
  ports: PitPorts,
  recipe: Recipe,
  pit: ReportedPit,
  near: readonly Overlapping[],
): Promise<string> {
  const repeated = near.find(({ id }) => id === pit.id);
  if (repeated) return repeated.siteId;
  const request = { quarter: pit.quarter, recipe: recipe.sites, patches: [pit], drawnToo: true };
  const { tracked } = await trackPatches(ports, request);
  const earlier = tracked.sites.get(pit.id);
  if (earlier !== undefined && earlier !== pit.id) return earlier;
  const [since] = near
    .filter(({ share }) => share >= recipe.sites.overlapShare)
    .toSorted(
      (a, b) =>
        quarterIndex(a.quarter) - quarterIndex(b.quarter) || b.overlapM2 - a.overlapM2 || (a.id < b.id ? -1 : 1),
    );
  return since?.siteId ?? pit.id;
}

/** As publishing the quarter makes it, at its rank among the tasks that stand. */
function rankedTask(quarter: Quarter, sited: SitedPatch, scores: readonly number[]): Task {
  const [task] = publish(quarter, [sited], [], NO_RULES).standing;
  if (!task) throw new RangeError('a reported pit has a task');
  return { ...task, rank: 1 + scores.filter((score) => score > task.judged.judgement.score).length };
}

/** Pits of a quarter that the run's own patches do not stand for, judged with the register as it is, and those own patches that do. */
export async function pitsOfQuarter(
  ports: PitPorts,
  { quarter, recipe, own }: { readonly quarter: Quarter; readonly recipe: Recipe; readonly own: ReadonlySet<string> },
): Promise<{ sited: readonly SitedPatch[]; reported: ReadonlySet<string> }> {
  const pits = await ports.records.reportedPits(quarter);
  const isCarried = (pit: (typeof pits)[number]): boolean =>
    pit.detectedTask !== null && pit.detectedId !== null && own.has(pit.detectedId);
  const sited = await sitedPits(
    ports,
    recipe,
    quarter,
    pits.filter((pit) => !isCarried(pit)),
  );
  return { sited, reported: new Set(pits.filter(isCarried).flatMap(({ detectedId }) => detectedId ?? [])) };
}

async function sitedPits(
  { records, pool }: PitPorts,
  recipe: Recipe,
  quarter: Quarter,
  pits: readonly PlacedPit[],
): Promise<readonly SitedPatch[]> {
  if (pits.length === 0) return [];
  const judged = new Map<string, JudgedPatch>();
  const seen = new Map<Quarter, PlacedPit[]>();
  for (const pit of pits) seen.set(quarterOf(pit.seenOn), [...(seen.get(quarterOf(pit.seenOn)) ?? []), pit]);
  for (const [seenIn, group] of seen) {
    const boundaries = await records.register(seenIn, null);
    const layers = [...new Set(boundaries.versions.map(({ kind }) => kind))].sort();
    const shelves = { patches: shelfOf(group.map(pitPatch)), boundaries, layers, recipe: recipe.judgement };
    await judgeShelves(shelves, pool, async (results) => {
      for (const one of results) judged.set(one.patch.id, one);
    });
  }
  const inOrder = pits.flatMap((pit) => judged.get(pit.id) ?? []);
  const sited = await recallDrawn(
    { records, pool },
    {
      quarter,
      origin: 'reported',
      recipe,
      judged: inOrder,
      sites: new Map(pits.map(({ id, siteId }) => [id, siteId])),
      merges: [],
      outlines: pits.map(({ geometry }) => geometry),
    },
  );
  const byId = new Map(pits.map((pit) => [pit.id, pit]));
  return sited.map((one) => {
    const pit = byId.get(one.judged.patch.id);
    return { ...one, notes: [...(pit ? pitNotes(pit) : []), ...(one.notes ?? [])] };
  });
}
