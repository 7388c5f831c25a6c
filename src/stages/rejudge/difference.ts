/**
 * rejudge: the list of a quarter's tasks before and after judging again becomes a report of what changed: tasks that appear, are
 * withdrawn, change their type or their priority, with the parts of the score that moved and the polygons that caused it.
 * In:  both lists, the patches as judged now, which polygons changed with their titles, tasks that a person has decided about.
 * Out: one TaskDifference per task that is not the same, by kind of change, rank and id; the number of the others.
 */
import {
  CHANGE_WORDS,
  type PartMove,
  type TaskChange,
  type TaskDifference,
  type TaskState,
} from '../../model/difference.js';
import { canonicalJson } from '../../model/id.js';
import type { JudgedPatch, Judgement } from '../../model/patch.js';
import type { Task } from '../../model/task.js';

export interface DifferenceInput {
  /** The list that stood, withdrawn ones too. */
  readonly before: readonly Task[];
  /** The list as it shall be, without withdrawn ones. */
  readonly after: readonly Task[];
  /** All patches of the quarter as they were judged, and as judged now. */
  readonly judgedBefore: readonly JudgedPatch[];
  readonly judged: readonly JudgedPatch[];
  /** Ids of polygons that changed, with their titles. */
  readonly changed: ReadonlyMap<string, string>;
  /** Ids of tasks that a person has decided about. */
  readonly decided: ReadonlySet<string>;
}

export interface Differences {
  readonly tasks: readonly TaskDifference[];
  readonly untouched: number;
  readonly rankOnly: number;
}

export function differencesOf({ before, after, judgedBefore, judged, changed, decided }: DifferenceInput): Differences {
  const old = new Map(before.filter(({ state }) => state !== 'withdrawn').map((task) => [task.id, task]));
  const now = new Map(after.map((task) => [task.id, task]));
  const patches = new Map(judged.map((one) => [one.patch.id, one]));
  const patchesBefore = new Map(judgedBefore.map((one) => [one.patch.id, one]));
  const tasks: TaskDifference[] = [];
  let untouched = 0;
  let rankOnly = 0;
  for (const id of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(id), now.get(id)];
    const patchId = (was ?? is)?.judged.patch.id ?? '';
    // What a person decided about stays on the list as it was: what would have changed is in the patches.
    const kept = decided.has(id);
    const current = (kept ? null : is?.judged) ?? patches.get(patchId);
    const earlier = (kept ? null : was?.judged) ?? patchesBefore.get(patchId);
    const change = kept ? keptChange(earlier, current) : changeOf(was, is);
    if (change !== null) {
      tasks.push(describe(id, change, { was, is, earlier, current, changed }));
      continue;
    }
    untouched++;
    if (was?.rank !== is?.rank) rankOnly++;
  }
  const order = Object.keys(CHANGE_WORDS);
  const rank = ({ after: a, before: b }: TaskDifference): number => a?.rank ?? b?.rank ?? Number.POSITIVE_INFINITY;
  tasks.sort(
    (a, b) => order.indexOf(a.change) - order.indexOf(b.change) || rank(a) - rank(b) || (a.id < b.id ? -1 : 1),
  );
  return { tasks, untouched, rankOnly };
}

function keptChange(earlier: JudgedPatch | undefined, current: JudgedPatch | undefined): 'decided' | null {
  return canonicalJson(earlier?.judgement) === canonicalJson(current?.judgement) ? null : 'decided';
}

/** Null: nothing but perhaps the rank. */
function changeOf(was: Task | undefined, is: Task | undefined): Exclude<TaskChange, 'decided'> | null {
  if (!was) return 'appeared';
  if (!is) return 'vanished';
  const [a, b] = [was.judged.judgement, is.judged.judgement];
  if (a.violations.join() !== b.violations.join() || a.licenceNo !== b.licenceNo) return 'type';
  if (a.score !== b.score) return 'priority';
  return canonicalJson(a) === canonicalJson(b) ? null : 'reasons';
}

interface Sides {
  readonly was: Task | undefined;
  readonly is: Task | undefined;
  readonly earlier: JudgedPatch | undefined;
  readonly current: JudgedPatch | undefined;
  readonly changed: ReadonlyMap<string, string>;
}

function describe(id: string, change: TaskChange, { was, is, earlier, current, changed }: Sides): TaskDifference {
  const [a, b] = [earlier?.judgement, current?.judgement];
  const place = current?.patch ?? earlier?.patch;
  const near = [...(a?.overlaps ?? []), ...(b?.overlaps ?? [])].flatMap(
    ({ boundaryId }) => changed.get(boundaryId) ?? [],
  );
  const known = new Set(a?.reasons ?? []);
  return {
    id,
    change,
    before: a ? stateOf(a, was?.rank ?? null) : null,
    after: b ? stateOf(b, is?.rank ?? null) : null,
    parts: movesOf(a, b),
    causes: [...new Set(near)].sort(),
    reasons: (b?.reasons ?? []).filter((reason) => !known.has(reason)),
    lon: place?.lon ?? 0,
    lat: place?.lat ?? 0,
    geometry: place?.geometry ?? [],
  };
}

function stateOf({ violations, score, licenceNo }: Judgement, rank: number | null): TaskState {
  return { violations, score, rank, licenceNo };
}

function movesOf(a: Judgement | undefined, b: Judgement | undefined): PartMove[] {
  if (!a || !b) return [];
  const names = new Map([...a.parts, ...b.parts].map(({ part, name }) => [part, name]));
  const points = ({ parts }: Judgement, wanted: string): number =>
    parts.find(({ part }) => part === wanted)?.points ?? 0;
  return [...names]
    .map(([part, name]) => ({ part, name, before: points(a, part), after: points(b, part) }))
    .filter(({ before, after }) => before !== after);
}
