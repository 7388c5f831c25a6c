/** The three corner-point texts: what a person may write and how it is read; random plots through every writer and back; noise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CornerText } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { bare, bareRing, plot, ring, word } from '../../testing/corner-plots.js';
import { readCornerText } from './corner-text.js';
import { readExchange, writeExchange } from './exchange.js';
import { keptAttributes, keptCorners } from './kept-corners.js';
import { readRegistration, writeRegistration } from './registration.js';
import { readCornerString, readStringText, writeCornerString, writeStringText } from './string.js';

const RUNS = { seed: 52, numRuns: 150 } as const;

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
