/**
 * publish: the ranked list of verification tasks (核查任务) of a quarter, and how it differs from the list that stands.
 * Rank: score, then area, then id; places that stay quiet come last. A patch whose only finding is that it is lawful gets no task; one
 * that cannot be judged does. Beyond the budget tasks are kept in reserve (后备) with their rank and the reason; issued ones, the types
 * that must be visited, and what people reported too, are never cut. Pits that people reported take no place of the budget, are on the list whatever is
 * said of them, and are never withdrawn. Of the reserve, and of seen ground without a patch, a random sample is on the list.
 * A task that no longer stands is withdrawn, never deleted: somebody may have acted on it. One that a person decided about stays as it is.
 * In:  judged patches with their sites; the tasks that stand; rules of the list. Out: tasks as they shall be; which are new, changed, withdrawn.
 */
import { canonicalJson } from '../../model/id.js';
import type { JudgedPatch } from '../../model/patch.js';
import type { SitesRecipe } from '../../model/recipe.js';
import type { Quarter } from '../../model/scene.js';
import type { SitedPatch } from '../../model/site.js';
import type { Task } from '../../model/task.js';
import { VIOLATION_WORDS } from '../../model/words.js';

export interface TaskChanges {
  /** All tasks of the quarter that stand, by rank. */
  readonly standing: readonly Task[];
  /** Ids. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly withdrawn: readonly string[];
}

export interface ListRules extends Pick<SitesRecipe, 'budget' | 'mustVisit' | 'sampleReserve'> {
  /** Tasks that a person decided about. */
  readonly decided: ReadonlySet<string>;
  /** Patches of ours that people reported, too. */
  readonly reported: ReadonlySet<string>;
  /** `count` of the ids at random, the same each time. */
  readonly draw: (ids: readonly string[], count: number) => readonly string[];
  /** Names the draw. */
  readonly seed: string;
  /** Tasks of the sample of seen ground; their ranks follow. */
  readonly ground: readonly Omit<Task, 'rank' | 'quarter' | 'state'>[];
}

export const NO_RULES: ListRules = {
  budget: null,
  mustVisit: [],
  sampleReserve: 0,
  decided: new Set(),
  reported: new Set(),
  draw: () => [],
  seed: '',
  ground: [],
};

export function publish(
  quarter: Quarter,
  sited: readonly SitedPatch[],
  before: readonly Task[],
  rules: ListRules = NO_RULES,
): TaskChanges {
  const suspected = sited.filter(
    ({ judged, origin }) => origin === 'reported' || judged.judgement.violations.some((code) => code !== 'lawful'),
  );
  const ranked = suspected
    .toSorted((a, b) => Number(a.quiet !== undefined) - Number(b.quiet !== undefined) || compare(a.judged, b.judged))
    .map(({ judged, siteId, origin, quiet, notes = [], facts }, index): Task => {
      const told = quiet === undefined ? notes : [quiet, ...notes];
      return {
        id: `T${judged.patch.id}`,
        quarter,
        siteId,
        rank: index + 1,
        judged,
        state: quiet === undefined ? 'new' : 'quiet',
        origin: origin ?? 'change',
        ...(told.length > 0 ? { notes: told } : {}),
        ...(facts ? { facts } : {}),
      };
    });
  const ground = rules.ground.map((task, i): Task => ({ ...task, quarter, rank: ranked.length + i + 1, state: 'new' }));
  const known = new Map(before.map((task) => [task.id, task]));
  const standing = [...sampled(cut(ranked, rules), rules), ...ground].map((task) => {
    const decided = rules.decided.has(task.id) ? known.get(task.id) : undefined;
    return decided ?? task;
  });
  const kept = new Set(standing.map((task) => task.id));
  const added = standing.filter((task) => !known.has(task.id));
  const changed = standing.filter((task) => {
    const old = known.get(task.id);
    return old !== undefined && canonicalJson(old) !== canonicalJson(task);
  });
  const withdrawn = before.filter(
    (task) =>
      task.state !== 'withdrawn' && task.origin !== 'reported' && !kept.has(task.id) && !rules.decided.has(task.id),
  );
  const ids = (tasks: readonly Task[]): string[] => tasks.map((task) => task.id).sort();
  return { standing, added: ids(added), changed: ids(changed), withdrawn: ids(withdrawn) };
}

/** What must be visited takes its places first; the others fill up by rank. */
function cut(ranked: readonly Task[], { budget, mustVisit, reported }: ListRules): Task[] {
  if (budget === null) return [...ranked];
  const must = (task: Task): string | null => {
    if (task.origin === 'issued') return '上级下发图斑';
    if (reported.has(task.judged.patch.id)) return '有人员上报';
    const code = task.judged.judgement.violations.find((one) => mustVisit.includes(one));
    return code ? `必核类型“${VIOLATION_WORDS[code].zh}”` : null;
  };
  const listed = ranked.filter(({ state, origin }) => state === 'new' && origin !== 'reported');
  let free = budget - listed.filter((task) => must(task) !== null).length;
  return ranked.map((task) => {
    if (task.state !== 'new' || task.origin === 'reported') return task;
    const why = must(task);
    if (why !== null)
      return task.rank > budget ? withNote(task, `${why}，不受本季度核查预算（${budget} 个）限制`) : task;
    free -= 1;
    if (free >= 0) return task;
    const note = `后备：本季度核查预算为 ${budget} 个任务，本任务按得分排第 ${task.rank}，超出预算，得分与理由保留`;
    return withNote({ ...task, state: 'reserve' }, note);
  });
}

function sampled(tasks: readonly Task[], { sampleReserve, draw, seed }: ListRules): Task[] {
  const reserve = tasks.filter(({ state }) => state === 'reserve').map(({ id }) => id);
  const drawn = new Set(draw(reserve, sampleReserve));
  const probability = drawn.size / reserve.length;
  return tasks.map((task) => {
    if (!drawn.has(task.id)) return task;
    const note = `随机抽查：从 ${reserve.length} 个后备任务中抽取 ${drawn.size} 个（概率 ${probability.toFixed(4)}），用于估计漏查`;
    const sample = { stratum: 'reserve' as const, size: reserve.length, drawn: drawn.size, probability, seed };
    return withNote({ ...task, state: 'new', origin: 'sample', sample }, note);
  });
}

function withNote(task: Task, note: string): Task {
  return { ...task, notes: [...(task.notes ?? []), note] };
}

function compare(a: JudgedPatch, b: JudgedPatch): number {
  return (
    b.judgement.score - a.judgement.score ||
    b.patch.areaM2 - a.patch.areaM2 ||
    (a.patch.id < b.patch.id ? -1 : a.patch.id > b.patch.id ? 1 : 0)
  );
}
