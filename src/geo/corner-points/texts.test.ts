/** The three corner-point texts: what a person may write and how it is read; random plots through every writer and back; noise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CornerPlot, CornerRing, CornerText } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { cornerFormat, readCornerText } from './corner-text.js';
import { readExchange, writeExchange } from './exchange.js';
import { keptAttributes, keptCorners } from './kept-corners.js';
import { readRegistration, writeRegistration } from './registration.js';
import { readCornerString, readStringText, writeCornerString, writeStringText } from './string.js';

const RUNS = { seed: 52, numRuns: 150 } as const;

const word = fc.stringMatching(/^[\p{Script=Han}A-Z0-9]{1,8}$/u);
const metres = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least * 1000, max: most * 1000 }).map((mm) => (mm / 1000).toFixed(3));
const height = fc.option(fc.integer({ min: -900, max: 5000 }), { nil: null });

const ring = (deduct: fc.Arbitrary<boolean>): fc.Arbitrary<CornerRing> =>
  fc.record({
    points: fc
      .uniqueArray(fc.tuple(metres(2_000_000, 5_900_000), metres(39_300_000, 39_700_000)), {
        minLength: 3,
        maxLength: 12,
        selector: ([first]) => first,
      })
      .map((pairs) => pairs.map(([first, second], i) => ({ name: `J${i + 1}`, first, second, line: 0 }))),
    upper: height,
    lower: height,
    remark: fc.option(word, { nil: null }),
    deduct,
  });
/** One kept ring, then deductions: what every format can say. */
const rings = fc
  .tuple(ring(fc.constant(false)), fc.array(ring(fc.constant(true)), { maxLength: 3 }))
  .map(([kept, deducted]) => [kept, ...deducted]);

/** Line numbers differ between writings of the same. */
function bare(plots: readonly CornerPlot[]): unknown {
  return plots.map((plot) => ({ ...plot, line: 0, rings: plot.rings.map(bareRing) }));
}
const bareRing = (one: CornerRing): CornerRing => ({
  ...one,
  points: one.points.map((point) => ({ ...point, line: 0 })),
});

const plot = (attributes: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<CornerPlot> =>
  fc.record({
    line: fc.constant(0),
    attributes,
    rings,
    statedArea: fc.constant(null),
    warnings: fc.constant([]),
  });

describe('writing and reading back', () => {
  it('corner strings: points, heights, remarks and flags, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(ring(fc.boolean()), { minLength: 1, maxLength: 4 }), (given) => {
        const text = writeCornerString(given);
        const read = readCornerString(text, 7);
        expect(read.map(bareRing)).toEqual(given.map(bareRing));
        expect(writeCornerString(read)).toBe(text);
      }),
      RUNS,
    );
  });

  it('a table of strings keeps its columns', () => {
    const columns = fc.record({ 许可证号: word, 矿山名称: word });
    fc.assert(
      fc.property(fc.array(plot(columns), { minLength: 1, maxLength: 4 }), (plots) => {
        const text = writeStringText(plots, ['许可证号', '矿山名称']);
        const read = readStringText(text);
        expect([bare(read.plots), read.refused]).toEqual([bare(plots), []]);
        expect(writeStringText(read.plots, ['许可证号', '矿山名称'])).toBe(text);
      }),
      RUNS,
    );
  });

  it('registration texts: several plots, attributes, rings closed by their height rows', () => {
    const attributes = fc.record({ 许可证号: word, 矿山名称: word });
    fc.assert(
      fc.property(fc.array(plot(attributes), { minLength: 1, maxLength: 3 }), (plots) => {
        const text = writeRegistration(plots, 39);
        const read = readRegistration(text);
        expect([bare(read.plots), read.refused]).toEqual([bare(plots), []]);
        expect(read.declared).toMatchObject({ datum: '2000国家大地坐标系', zone: 39, width: 3 });
        expect(writeRegistration(read.plots, 39)).toBe(text);
      }),
      RUNS,
    );
  });

  it('exchange texts: all but heights and remarks, which the format does not have', () => {
    const attributes = fc.tuple(word, word).map(([number, name]) => ({
      地块面积: '',
      地块编号: number,
      地块名称: name,
      图形类型: '面',
      图幅号: '',
      地块用途: '',
      地类编码: '',
    }));
    fc.assert(
      fc.property(fc.array(plot(attributes), { minLength: 1, maxLength: 3 }), (plots) => {
        const text = writeExchange(plots, { zone: 39, producer: '某局' });
        const read = readExchange(text);
        const expected = plots.map((one) => ({
          ...one,
          attributes: Object.fromEntries(Object.entries(one.attributes).map(([name, value]) => [name, value || null])),
          rings: one.rings.map((each) => ({ ...each, upper: null, lower: null, remark: null })),
        }));
        expect([bare(read.plots), read.refused]).toEqual([bare(expected), []]);
        expect(writeExchange(read.plots, { zone: 39, producer: '某局' })).toBe(text);
      }),
      RUNS,
    );
  });

  it('keeps the points of a boundary among its attributes, turned to X, Y', () => {
    fc.assert(
      fc.property(fc.array(ring(fc.boolean()), { minLength: 1, maxLength: 3 }), fc.boolean(), (given, turned) => {
        const frame = { kind: 'plane', datum: 'CGCS2000', width: 3, zone: 39, prefixed: true } as const;
        const columns = turned
          ? given.map((one) => ({
              ...one,
              points: one.points.map((p) => ({ ...p, first: p.second, second: p.first })),
            }))
          : given;
        const kept = keptCorners(keptAttributes(columns, { ...frame, order: turned ? 'yx' : 'xy' }));
        expect(kept?.frame).toEqual({ ...frame, order: 'xy' });
        expect(kept?.rings.map(bareRing)).toEqual(given.map(bareRing));
      }),
      RUNS,
    );
  });
});

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

describe('corner strings', () => {
  const RING = '3,1,100.5,900.5,2,100.5,950.5,3,150.5,950.5';

  it('reads empty heights, a closing point, a remark with commas, and no trailing comma', () => {
    const [one, two] = readCornerString(
      `2,4,1,1.5,9.5,2,1.5,8.5,3,2.5,8.5,1,1.50,9.50,,,,1,${RING},285,-8.5,扣除A,B范围,-1`,
      3,
    );
    expect(one).toMatchObject({ upper: null, lower: null, remark: null, deduct: false });
    expect(one?.points.map(({ name }) => name)).toEqual(['1', '2', '3']);
    expect(two).toMatchObject({ upper: 285, lower: -8.5, remark: '扣除A,B范围', deduct: true });
  });

  it.each([
    [`2,${RING},1,1,,1,`, '缺第 2 圈的点数'],
    [`1,${RING},1,1,,1,${RING},1,1,,1`, '圈数写 1，读完后还剩'],
    [`1,4${RING.slice(1)},1,1,,1`, '点数可能不对'],
    [`1,${RING},一,1,,1`, '应为第 1 圈的标高上限'],
    [`1,${RING},1,1,,2`, '标志（1 或 -1）'],
    ['0,', '应为圈数'],
  ])('refuses %s', (text, why) => {
    expect(() => readCornerString(text, 1)).toThrow(
      expect.objectContaining({ code: 'corners.string', message: expect.stringContaining(why) }),
    );
  });

  it('takes names from the first line, a licence number by its look, and a datum from a title', () => {
    const licence = 'C3703232010017130055555';
    const named = readStringText(`证号\t矿名\t拐点坐标\n${licence}\t甲矿\t1,${RING},1,1,,1,\n`);
    expect(named.plots[0]?.attributes).toEqual({ 证号: licence, 矿名: '甲矿' });
    const plain = readStringText(`1980西安坐标系\n\n${licence}\t甲矿\t1,${RING},1,1,,1,\n坏行\n`);
    expect(plain.plots[0]).toMatchObject({ line: 3, attributes: { 许可证号: licence, 第2列: '甲矿' } });
    expect(plain.declared.datum).toBe('1980西安');
    expect(plain.refused).toEqual([{ line: 4, why: expect.stringContaining('应以“圈数') }]);
    expect(() => readStringText(`GCJ-02坐标\n1,${RING},1,1,,1,`)).toThrow(
      expect.objectContaining({ code: 'corners.shifted' }),
    );
  });
});

describe('registration texts', () => {
  const rows = 'XY001=1,100.5,900.5\nXY002=2,100.5,950.5\nXY003=3,150.5,950.5\n';
  const read = (text: string): CornerText => readRegistration(`[登记项目]\n${text}`);

  it('reads the known code of the reference system and asks about others', () => {
    expect(read(`坐标系统=2\n${rows}`).declared.datum).toBe('1980西安坐标系');
    expect(read(`坐标系统=3\n${rows}`).declared.datum).toBe('坐标系统=3');
    expect(read(rows).declared.datum).toBeNull();
  });

  it('says what it took for granted', () => {
    const { plots } = read(`矿区面积=0.5\n${rows}`);
    expect(plots[0]).toMatchObject({ statedArea: { value: 0.5, unit: 'km2' }, attributes: { 矿区面积: '0.5' } });
    expect(plots[0]?.warnings).toEqual(['最后一圈之后没有标高行，按保留圈读，标高未知']);
    expect(read(rows.replace('XY003', 'XY007')).plots[0]?.warnings[0]).toContain('XY007 与上一行不连续');
  });

  it.each([
    [`矿区范围拐点坐标与标高的总行数= 9\n${rows}`, '总行数写 9，实有 3 行'],
    [`${rows}XY004=标高,220,100,,3\n`, '标志为 1 或 -1'],
    ['XY001=标高,220,100,,1\n', '标高之前没有坐标点'],
    ['XY001=1,100.5\n', '应为“点号,X,Y”'],
    [`${rows}XY004=标高,高,100,,1\n`, '不是数值'],
    ['许可证号=A\n', '没有 XY001'],
  ])('refuses %j', (text, why) => {
    expect(read(text).refused).toEqual([{ line: 1, why: expect.stringContaining(why) }]);
  });

  it('refuses more rows than three digits can number', () => {
    const points = Array.from({ length: 999 }, (_, i) => ({ name: String(i), first: String(i), second: '1', line: 1 }));
    const big = { points, upper: 1, lower: 0, remark: null, deduct: false };
    const one = { line: 1, attributes: {}, rings: [big], statedArea: null, warnings: [] };
    expect(() => writeRegistration([one], 39)).toThrow(expect.objectContaining({ code: 'corners.rows' }));
  });
});

describe('noise', () => {
  const fragment = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom(
      '[属性描述]',
      '【地块坐标】',
      '[登记项目]',
      '4,1,A,B,面,,,,@',
      'J1,1,3987654.3,39612345.6',
      '坐标系=GCJ02',
    ),
    fc.constantFrom(
      'XY001=1,2588801.00,39438457.00',
      'XY002=标高,220,100,,1',
      '1,3,1,2.5,3.5,2,4.5,5.5,3,6.5,7.5,1,0,,1,',
    ),
    fc.constantFrom(
      '带号=39',
      '计量单位=公里',
      '__proto__=1',
      'constructor',
      ',,,,,@',
      '=',
      '\t\t',
      '\u0000',
      '\uFEFF',
    ),
  );

  it('is never met with anything but a Fault', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 15 }), fc.constantFrom('\n', '\r\n', '\t', ','), (parts, between) => {
        const text = parts.join(between);
        for (const format of ['exchange', 'registration', 'string'] as const) {
          try {
            const { plots, refused } = readCornerText(text, format);
            expect(plots.length + refused.length).toBeLessThanOrEqual(text.length);
          } catch (error) {
            if (!(error instanceof Fault)) throw error;
          }
        }
      }),
      { seed: 54, numRuns: 1500 },
    );
  });
});
