/** The exchange text as offices write it: every habit by itself and with the others, at random. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CornerPlot, CornerText } from '../../model/corners.js';
import { plot, word } from '../../testing/corner-plots.js';
import { cornerFormat } from './corner-text.js';
import { readExchange } from './exchange.js';

interface Habits {
  readonly brackets: boolean;
  readonly names: 'J' | 'plain' | 'running';
  readonly closing: boolean;
  readonly count: 'points' | 'lines' | 'rings';
  readonly attributes: 8 | 9 | 12;
  readonly unit: '' | '公顷' | '平方米';
  readonly blank: boolean;
  readonly wideComma: boolean;
  readonly project: boolean;
  readonly zone: boolean;
  readonly swapped: boolean;
  readonly at: boolean;
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly equals: '=' | '＝';
}

const habits: fc.Arbitrary<Habits> = fc.record({
  brackets: fc.boolean(),
  names: fc.constantFrom('J', 'plain', 'running'),
  closing: fc.boolean(),
  count: fc.constantFrom('points', 'lines', 'rings'),
  attributes: fc.constantFrom(8, 9, 12),
  unit: fc.constantFrom('', '公顷', '平方米'),
  blank: fc.boolean(),
  wideComma: fc.boolean(),
  project: fc.boolean(),
  zone: fc.boolean(),
  swapped: fc.boolean(),
  at: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  equals: fc.constantFrom('=', '＝'),
});

/** An exchange text as different offices write it. */
function written(plots: readonly CornerPlot[], habit: Habits): string {
  const section = (name: string): string => (habit.brackets ? `【${name}】` : `[${name}]`);
  const comma = habit.wideComma ? '，' : habit.blank ? ', ' : ',';
  const lines = [
    ...(habit.project ? [section('项目信息'), `项目名称${habit.equals}某矿`] : []),
    section('属性描述'),
    `坐标系${habit.equals}2000国家大地坐标系`,
    `几度分带${habit.equals}3`,
    ...(habit.zone ? [`带号${habit.equals}39`] : []),
    `转换参数${habit.equals},,,,,,`,
    section('地块坐标'),
  ];
  for (const { attributes, rings: of } of plots) {
    const points = of.reduce((sum, one) => sum + one.points.length, 0);
    const closings = habit.closing ? of.length : 0;
    const count = { points, lines: points + closings, rings: points + of.length }[habit.count];
    const more = Array.from({ length: habit.attributes - 8 }, () => '');
    const values = [
      `1.5${habit.unit}`,
      attributes.地块编号,
      attributes.地块名称,
      '面',
      '',
      '采矿用地',
      '0602',
      ...more,
    ];
    lines.push([count, ...values, ...(habit.at ? ['@'] : [])].join(comma));
    let running = 0;
    for (const [i, { points: corners }] of of.entries()) {
      const [first] = corners;
      for (const point of habit.closing && first ? [...corners, first] : corners) {
        running++;
        const name = { J: point.name, plain: point.name.slice(1), running: `J${running}` }[habit.names];
        const pair = habit.swapped ? [point.second, point.first] : [point.first, point.second];
        lines.push([name, i + 1, ...pair].join(comma));
      }
    }
  }
  return lines.join(habit.lineEnd);
}

describe('exchange texts as offices write them', () => {
  const attributes = fc.tuple(word, word).map(([number, name]) => ({ 地块编号: number, 地块名称: name }));

  it('are one and the same plot in every habit', () => {
    fc.assert(
      fc.property(fc.array(plot(attributes), { minLength: 1, maxLength: 3 }), habits, (plots, habit) => {
        const text = written(plots, habit);
        expect(cornerFormat(text)).toBe('exchange');
        const read = readExchange(text);
        expect(read.refused).toEqual([]);
        const values = (list: readonly CornerPlot[], turn: boolean): unknown =>
          list.map(({ rings: of, attributes: { 地块编号, 地块名称 } }) => ({
            地块编号,
            地块名称,
            rings: of.map(({ points, deduct }) => ({
              deduct,
              points: points.map(({ first, second }) => (turn ? [second, first] : [first, second])),
            })),
          }));
        expect(values(read.plots, habit.swapped)).toEqual(values(plots, false));
        expect(read.plots[0]?.statedArea).toMatchObject({ value: 1.5, unit: habit.unit === '平方米' ? 'm2' : 'ha' });
        expect(read.declared).toMatchObject({ datum: '2000国家大地坐标系', width: 3, zone: habit.zone ? 39 : null });
      }),
      { seed: 53, numRuns: 300 },
    );
  });

  const SQUARE = 'J1,1,100,900\nJ2,1,100,950\nJ3,1,150,950\nJ4,1,150,900';
  const text = (heading: string, points: string): CornerText => readExchange(`[地块坐标]\n${heading}\n${points}\n`);

  it.each([
    ['4,,,,面,,,,@', SQUARE],
    ['5,,,,面,,,,@', SQUARE],
    ['5,,,,面,,,,@', `${SQUARE}\nJ1,1,100,900`],
    ['4,,,,面,,,,@', `${SQUARE}\nJ1,1,100,900`],
  ])('count %s is right for four corners', (heading, points) => {
    const { plots, refused } = text(heading, points);
    expect([plots[0]?.rings[0]?.points.length, refused]).toEqual([4, []]);
  });

  it.each([
    ['3,,,,面,,,,@', SQUARE, '界址点数写 3，实有 4 行'],
    ['7,,,,面,,,,@', SQUARE, '界址点数写 7'],
    ['x,,,,面,,,,@', SQUARE, '第一项应为界址点数'],
    ['4,,,,面,,,,@', `${SQUARE}\nJ5,1,100`, '第 7 行应为“点号,圈号,X,Y”'],
    ['4,,,,面,,,,@', '', '没有界址点'],
  ])('refuses the plot %s and says why', (heading, points, why) => {
    const { plots, refused } = text(heading, points);
    expect(plots).toEqual([]);
    expect(refused).toEqual([{ line: 2, why: expect.stringContaining(why) }]);
  });

  it('goes on after a plot that is wrong', () => {
    const { plots, refused } = text('9,,A,,面,,,,@', `${SQUARE}\n4,,B,,面,,,,@\n${SQUARE}`);
    expect(refused.map(({ line }) => line)).toEqual([2]);
    expect(plots.map(({ line, attributes: { 地块编号 } }) => [line, 地块编号])).toEqual([[7, 'B']]);
  });

  it('takes a second ring with the number of the outline for a second outline, and says so', () => {
    const two = `${SQUARE}\nJ1,1,100,900\nJ1,1,300,900\nJ2,1,300,950\nJ3,1,350,950\nJ1,1,300,900`;
    const [read] = text('7,,,,面,,,,@', two).plots;
    expect(read?.rings.map(({ deduct, points }) => [deduct, points.length])).toEqual([
      [false, 4],
      [false, 3],
    ]);
    expect(read?.warnings).toEqual(['圈号 1 出现 2 次，按 2 个外圈读']);
  });

  it('names what further attributes there are', () => {
    const [read] = text('4,1,A,B,面,,,,甲,乙,丙,丁,@', SQUARE).plots;
    expect(read?.attributes).toMatchObject({ 地块编号: 'A', 地块名称: 'B', 属性9: '甲', 属性12: '丁' });
  });

  it('says the producer and that parameters were not used; refuses unknown units and shifted systems', () => {
    const head = (line: string): CornerText => readExchange(`[属性描述]\n${line}\n[地块坐标]\n`);
    expect(head('数据产生单位=某局').notes).toEqual(['数据产生单位：某局']);
    expect(head('转换参数=1.5,2,3,,,,').notes).toEqual(['文件带有转换参数，未使用']);
    expect(head('转换参数=0,0,0,,,,').notes).toEqual([]);
    expect(head('计量单位=度分秒').declared.angle).toBe('packed');
    expect(() => head('计量单位=公里')).toThrow(expect.objectContaining({ code: 'corners.unit' }));
    expect(() => head('坐标系=火星坐标系(GCJ-02)')).toThrow(expect.objectContaining({ code: 'corners.shifted' }));
    expect(() => readExchange('[项目信息]\n备注=百度坐标\n[地块坐标]\n')).toThrow(
      expect.objectContaining({ code: 'corners.shifted' }),
    );
  });
});
