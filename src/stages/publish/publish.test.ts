import { expect, it } from 'vitest';
import type { JudgedPatch, ViolationCode } from '../../model/patch.js';
import { publish } from './publish.js';

function patch(id: string, score: number, areaM2: number, violations: readonly ViolationCode[] = ['no-licence']) {
  const judged = { patch: { id, areaM2 }, judgement: { score, violations } } as unknown as JudgedPatch;
  return { judged, siteId: id };
}

it('ranks by score, then area, then id; lawful patches get no task, unclear ones do', () => {
  const patches = [
    patch('b', 50, 900),
    patch('a', 50, 900),
    patch('c', 50, 1000),
    patch('d', 80, 10),
    patch('e', 99, 10, ['lawful']),
    patch('f', 1, 10, ['cannot-say']),
    patch('g', 1, 5, ['lawful', 'off-plan']),
  ];
  const { standing, added } = publish('2026Q3', patches, []);
  expect(standing.map(({ id, rank }) => [id, rank])).toEqual([
    ['Td', 1],
    ['Tc', 2],
    ['Ta', 3],
    ['Tb', 4],
    ['Tf', 5],
    ['Tg', 6],
  ]);
  expect(publish('2026Q3', patches.toReversed(), []).standing).toEqual(standing);
  expect(added).toHaveLength(6);
});

it('says what is new, changed, withdrawn; nothing when nothing changed; a task can come back', () => {
  const first = publish('2026Q3', [patch('a', 50, 900), patch('b', 40, 900)], []).standing;
  const same = publish('2026Q3', [patch('a', 50, 900), patch('b', 40, 900)], first);
  expect([same.added, same.changed, same.withdrawn]).toEqual([[], [], []]);
  const later = publish('2026Q3', [patch('b', 60, 900), patch('c', 10, 900)], first);
  expect([later.added, later.changed, later.withdrawn]).toEqual([['Tc'], ['Tb'], ['Ta']]);
  const withdrawn = first.map((task) => (task.id === 'Ta' ? { ...task, state: 'withdrawn' as const } : task));
  const back = publish('2026Q3', [patch('a', 50, 900), patch('b', 40, 900)], withdrawn);
  expect([back.added, back.changed, back.withdrawn]).toEqual([[], ['Ta'], []]);
  expect(publish('2026Q3', [], withdrawn).withdrawn).toEqual(['Tb']);
});
