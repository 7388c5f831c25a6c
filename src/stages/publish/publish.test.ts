import { expect, it } from 'vitest';
import type { JudgedPatch, ViolationCode } from '../../model/patch.js';
import { NO_RULES, publish } from './publish.js';

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

const ten = Array.from({ length: 10 }, (_, i) => patch(`p${i}`, 90 - i, 900));
const listed = (tasks: readonly { id: string; state: string }[], state: string) =>
  tasks.filter((task) => task.state === state).map(({ id }) => id);

it('cuts the list to the budget; the rest keeps its rank and is told why', () => {
  const { standing } = publish('2026Q3', ten, [], { ...NO_RULES, budget: 4 });
  expect(listed(standing, 'new')).toEqual(['Tp0', 'Tp1', 'Tp2', 'Tp3']);
  expect(standing.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(standing[4]).toMatchObject({
    state: 'reserve',
    notes: ['后备：本季度核查预算为 4 个任务，本任务按得分排第 5，超出预算，得分与理由保留'],
  });
});

it('never cuts issued patches and types that must be visited; they take their places first', () => {
  const patches = [
    ...ten,
    patch('x', 1, 900, ['other-holder']),
    { ...patch('y', 2, 900), origin: 'issued' as const },
    { ...patch('z', 99, 900, ['other-holder']) },
  ];
  const { standing } = publish('2026Q3', patches, [], { ...NO_RULES, budget: 4, mustVisit: ['other-holder'] });
  expect(listed(standing, 'new')).toEqual(['Tz', 'Tp0', 'Ty', 'Tx']);
  const notes = Object.fromEntries(standing.map(({ id, notes: told }) => [id, told?.join()]));
  expect(notes.Tx).toBe('必核类型“疑似进入他人矿区”，不受本季度核查预算（4 个）限制');
  expect(notes.Ty).toContain('上级下发图斑');
  expect(notes.Tz).toBeUndefined();
  expect(listed(publish('2026Q3', patches, [], { ...NO_RULES, budget: 0 }).standing, 'new')).toEqual(['Ty']);
});

it('puts a random sample of the reserve on the list, with the chance it had', () => {
  const draw = (ids: readonly string[], count: number) => ids.toSorted().reverse().slice(0, count);
  const { standing } = publish('2026Q3', ten, [], { ...NO_RULES, budget: 4, sampleReserve: 2, draw, seed: 'seed' });
  expect(listed(standing, 'new')).toEqual(['Tp0', 'Tp1', 'Tp2', 'Tp3', 'Tp8', 'Tp9']);
  expect(standing[9]).toMatchObject({
    rank: 10,
    origin: 'sample',
    sample: { stratum: 'reserve', size: 6, drawn: 2, probability: 1 / 3, seed: 'seed' },
  });
  expect(standing[9]?.notes).toHaveLength(2);
  expect(standing[9]?.notes?.[1]).toContain('随机抽查：从 6 个后备任务中抽取 2 个（概率 0.3333）');
});

it('keeps what a person decided as it is: neither changed nor withdrawn, whatever the new run says', () => {
  const first = publish('2026Q3', [patch('a', 50, 900), patch('b', 40, 900)], []).standing;
  const before = first.map((task) => (task.id === 'Ta' ? { ...task, state: 'decided' as const } : task));
  const rules = { ...NO_RULES, decided: new Set(['Ta']) };
  const again = publish('2026Q3', [patch('a', 10, 900), patch('b', 40, 900)], before, rules);
  expect(again.standing.find(({ id }) => id === 'Ta')).toBe(before[0]);
  expect(again.changed).toEqual(['Tb']);
  expect(publish('2026Q3', [], before, rules).withdrawn).toEqual(['Tb']);
});

it('puts quiet places last, without a task to do, and free of the budget', () => {
  const patches = [{ ...patch('a', 90, 900), quiet: '误报记忆' }, patch('b', 40, 900), patch('c', 30, 900)];
  const { standing } = publish('2026Q3', patches, [], { ...NO_RULES, budget: 1 });
  expect(standing.map(({ id, state, rank }) => [id, state, rank])).toEqual([
    ['Tb', 'new', 1],
    ['Tc', 'reserve', 2],
    ['Ta', 'quiet', 3],
  ]);
  expect(standing[2]?.notes).toEqual(['误报记忆']);
});

it('lists the sample of seen ground after the rest', () => {
  const ground = [{ id: 'Tg', siteId: 'g', origin: 'sample' as const, judged: patch('g', 0, 1).judged }];
  const { standing, added } = publish('2026Q3', [patch('a', 1, 9)], [], { ...NO_RULES, budget: 0, ground });
  expect(standing.map(({ id, rank, state }) => [id, rank, state])).toEqual([
    ['Ta', 1, 'reserve'],
    ['Tg', 2, 'new'],
  ]);
  expect(added).toEqual(['Ta', 'Tg']);
});
