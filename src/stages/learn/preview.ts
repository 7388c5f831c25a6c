/**
 * preview: a past quarter's tasks in the order of the scores that other weights give their frozen facts, beside the order of those they have.
 * In: tasks with both scores. Out: what of the first k would stay, violations among the first k, and the open tasks that move, furthest first.
 * Places are by score alone, ties by id: what was issued from above or must be visited is told apart on the list, not here.
 */
import type { MovedTask, QuarterPreview } from '../../model/learning.js';
import { ENDED_STATES, type FileState } from '../../model/task-flow.js';

export interface ScoredTwice {
  readonly taskId: string;
  readonly state: FileState;
  readonly guilty: boolean | null;
  readonly before: number;
  readonly after: number;
}

export function previewQuarter(
  quarter: string,
  tasks: readonly ScoredTwice[],
  k: number,
): { readonly quarter: QuarterPreview; readonly moved: readonly MovedTask[] } {
  const [before, after] = [inOrder(tasks, (task) => task.before), inOrder(tasks, (task) => task.after)];
  const places = new Map(after.map(({ taskId }, i) => [taskId, i + 1]));
  const [firstBefore, firstAfter] = [before.slice(0, k), after.slice(0, k)];
  const still = new Set(firstAfter);
  const moved = before.flatMap((task, i): MovedTask[] => {
    const to = places.get(task.taskId) ?? i + 1;
    if (to === i + 1 || task.guilty !== null || ENDED_STATES.includes(task.state)) return [];
    const { taskId, state } = task;
    return [
      { taskId, quarter, state, from: { place: i + 1, score: task.before }, to: { place: to, score: task.after } },
    ];
  });
  const count = (those: readonly ScoredTwice[], which: (task: ScoredTwice) => boolean) => those.filter(which).length;
  const decided = ({ guilty }: ScoredTwice) => guilty !== null;
  const violation = ({ guilty }: ScoredTwice) => guilty === true;
  return {
    quarter: {
      quarter,
      tasks: tasks.length,
      firstK: firstBefore.length,
      kept: count(firstBefore, (task) => still.has(task)),
      decided: { before: count(firstBefore, decided), after: count(firstAfter, decided) },
      violations: { before: count(firstBefore, violation), after: count(firstAfter, violation) },
      openMoved: moved.length,
    },
    moved: [...moved].sort((a, b) => distance(b) - distance(a) || (a.taskId < b.taskId ? -1 : 1)),
  };
}

function distance({ from, to }: MovedTask): number {
  return Math.abs(from.place - to.place);
}

function inOrder(tasks: readonly ScoredTwice[], score: (task: ScoredTwice) => number): ScoredTwice[] {
  return [...tasks].sort((a, b) => score(b) - score(a) || (a.taskId < b.taskId ? -1 : 1));
}
