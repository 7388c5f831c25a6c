import { expect, it } from 'vitest';
import type { JudgedPatch } from '../../model/patch.js';
import type { Task } from '../../model/task.js';
import { testJudgement } from '../../testing/judgement.js';
import { differencesOf } from './difference.js';

const judged = (id: string, score: number) =>
  ({ patch: { id, lon: 118, lat: 36, geometry: [] }, judgement: testJudgement({ score }) }) as unknown as JudgedPatch;
const task = (id: string, score: number, state: Task['state'] = 'new', rank = 1): Task => ({
  id: `T${id}`,
  quarter: '2026Q3',
  siteId: id,
  rank,
  judged: judged(id, score),
  state,
});

function differences(before: readonly Task[], after: readonly Task[], now: readonly JudgedPatch[]) {
  return differencesOf({
    before,
    after,
    judgedBefore: before.map((one) => one.judged),
    judged: now,
    changed: new Map(),
    decided: new Set(['Td']),
  });
}

it('a task that a person decided about is told only where its patch is judged otherwise, with both scores', () => {
  const decided = task('d', 50, 'decided');
  expect(differences([decided], [decided], [judged('d', 50)])).toMatchObject({ tasks: [], untouched: 1 });
  const { tasks } = differences([decided], [decided], [judged('d', 80)]);
  expect(tasks.map(({ id, change, before, after }) => [id, change, before?.score, after?.score])).toEqual([
    ['Td', 'decided', 50, 80],
  ]);
  expect(differences([decided], [], []).tasks.map(({ change, after }) => [change, after])).toEqual([['decided', null]]);
});

it('tasks in reserve and quiet ones are no new ones', () => {
  const before = [task('a', 50, 'reserve', 1), task('b', 40, 'quiet', 2), task('c', 30, 'withdrawn', 3)];
  const after = [task('a', 50, 'reserve', 2), task('b', 40, 'quiet', 3), task('c', 30, 'new', 1)];
  const { tasks, untouched, rankOnly } = differences(
    before,
    after,
    after.map((one) => one.judged),
  );
  expect(tasks.map(({ id, change }) => [id, change])).toEqual([['Tc', 'appeared']]);
  expect([untouched, rankOnly]).toEqual([2, 2]);
});
