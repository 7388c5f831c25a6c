import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../model/fault.js';
import { readSheets, type TableReading } from './read-sheets.js';
import type { Sheet } from './sheet.js';

type Cell = string | number | null;
const sheet = (rows: readonly (readonly Cell[])[], name = 'Sheet1'): Sheet => ({
  name,
  rows: rows.map((cells, i) => ({ row: i + 1, cells: cells.map((cell) => (cell === null ? null : String(cell))) })),
});

/** What matters of a reading: per plot its name, rings as lists of point names, what is deducted. */
function told({ groups }: TableReading) {
  return groups.flatMap(({ plots, declared }) =>
    plots.map(({ attributes, rings }) => ({
      name: attributes.名称 ?? attributes.矿山名称 ?? null,
      datum: declared.datum,
      rings: rings.map(({ points, deduct }) => `${deduct ? '-' : ''}${points.map(({ name }) => name).join(' ')}`),
    })),
  );
}

const A: Cell[][] = [
  [1, 3998000.12, 39560000.5],
  [2, 3998000, 39560300],
  [3, 3998300, 39560300],
  [4, 3998300, 39560000],
];
const B: Cell[][] = [
  [1, 3998100, 39560100],
  [2, 3998100, 39560200],
  [3, 3998200, 39560200],
];

describe('readSheets', () => {
  it('reads a title, titles, points, and the last lines: heights and area', () => {
    const reading = readSheets([
      sheet([
        ['东山采石场矿区范围拐点坐标表（2000国家大地坐标系）', null, null],
        ['点号', 'X', 'Y'],
        ...A,
        ['开采标高：由+285米至+8米', null, null],
        ['矿区面积：0.0900平方公里', null, null],
      ]),
    ]);
    expect(reading.groups).toHaveLength(1);
    const [group] = reading.groups;
    const [plot] = group?.plots ?? [];
    expect(group?.declared).toMatchObject({ datum: '2000国家', axis: null });
    expect(plot).toMatchObject({
      line: 3,
      attributes: { 名称: '东山采石场', 矿区面积: '0.0900平方公里', 开采标高: '由+285米至+8米' },
      statedArea: { value: 0.09, unit: 'km2', unitWritten: true },
    });
    expect(plot?.rings).toEqual([
      {
        points: A.map(([name, first, second], i) => ({
          name: String(name),
          first: String(first),
          second: String(second),
          line: i + 3,
        })),
        upper: 285,
        lower: 8,
        remark: null,
        deduct: false,
      },
    ]);
    expect(reading.notes).toEqual(['第 3 行起的面以表题“东山采石场”为名称']);
  });

  it('takes the CGCS2000 columns of two systems side by side, under merged titles or in the titles', () => {
    const both = A.map(([name = null, x = null, y = null]) => [name, Number(x) - 5, Number(y) + 115, x, y]);
    const merged = readSheets([
      sheet([['拐点', '1980西安坐标系', null, '2000国家大地坐标系', null], [null, 'X', 'Y', 'X', 'Y'], ...both]),
    ]);
    const inTitles = readSheets([
      sheet([['点号', 'X(1980西安)', 'Y(1980西安)', 'X（CGCS2000）', 'Y（CGCS2000）'], ...both]),
    ]);
    for (const reading of [merged, inTitles]) {
      expect(reading.groups[0]?.plots[0]?.rings[0]?.points[0]).toMatchObject({ name: '1', first: '3998000.12' });
      expect(reading.groups[0]?.declared.datum).toMatch(/2000/);
      expect(reading.notes.join()).toContain('有 2 套坐标');
      expect(reading.notes.join()).toContain('其余未用');
    }
  });

  it('refuses two sets of plane coordinates of which neither says that it is CGCS2000', () => {
    expect(() =>
      readSheets([sheet([['点号', 'X', 'Y', 'X', 'Y'], ...A.map((row) => [...row, row[1] ?? null, row[2] ?? null])])]),
    ).toThrow(expect.objectContaining({ code: 'table.systems' }));
  });

  it('refuses a plot whose point has the old coordinates but not the new ones', () => {
    const rows = A.map(([name = null, x = null, y = null], i) => [
      name,
      Number(x) - 5,
      Number(y) + 115,
      i === 2 ? null : x,
      i === 2 ? null : y,
    ]);
    const reading = readSheets([sheet([['点号', 'X(80西安)', 'Y(80西安)', 'X(2000)', 'Y(2000)'], ...rows])]);
    expect(reading.groups).toEqual([]);
    expect(reading.refused).toEqual([{ line: 2, why: '第 4 行的点 3 缺少坐标' }]);
  });

  it.each<[string, Cell[][]]>([
    ['a blank row', [...A, [null, null, null], ...B]],
    ['numbers that begin anew', [...A, ...B]],
    ['closing points', [...A, A[0] ?? [], ...B, B[0] ?? []]],
  ])('ends a ring at %s', (_, rows) => {
    const reading = readSheets([sheet([['点号', 'X', 'Y'], ...rows])]);
    expect(told(reading).map(({ rings }) => rings.map((ring) => ring.replace(/ 1$/, '')))).toEqual([
      ['1 2 3 4', '1 2 3'],
    ]);
    expect(reading.notes.join()).toContain('作为同一面的另一圈');
  });

  it('ends a ring where a ring number changes, and deducts where a heading or a column says so', () => {
    const numbered = readSheets([
      sheet([
        ['圈号', '点号', 'X坐标', 'Y坐标', '扣除'],
        ...A.map((row) => [1, ...row, null]),
        ...B.map((row) => [2, ...row, '是']),
      ]),
    ]);
    expect(told(numbered)[0]?.rings).toEqual(['1 2 3 4', '-1 2 3']);
    const headed = readSheets([sheet([['点号', 'X', 'Y'], ...A, ['扣除范围', null, null], ...B])]);
    expect(told(headed)[0]?.rings).toEqual(['1 2 3 4', '-1 2 3']);
    expect(headed.notes.join()).toContain('“扣除范围”：其后为同一面的另一圈，按扣除读');
    const kept = readSheets([sheet([['点号', 'X', 'Y'], ...A, ['第二圈', null, null], ...B])]);
    expect(told(kept)[0]?.rings).toEqual(['1 2 3 4', '1 2 3']);
  });

  it('tells plots apart by titles, by labels, by a column, by sheets', () => {
    const titles = sheet([
      ['东山矿', null, null],
      ['点号', 'X', 'Y'],
      ...A,
      [null, null, null],
      ['西山矿', null, null],
      ['点号', 'X', 'Y'],
      ...B,
    ]);
    expect(told(readSheets([titles]))).toMatchObject([
      { name: '东山矿', rings: ['1 2 3 4'] },
      { name: '西山矿', rings: ['1 2 3'] },
    ]);
    const labels = sheet([
      ['矿山名称：东山矿', null, '采矿权人：甲'],
      ['点号', 'X', 'Y'],
      ...A,
      ['矿山名称', '西山矿', null],
      ['点号', 'X', 'Y'],
      ...B,
    ]);
    expect(told(readSheets([labels])).map(({ name }) => name)).toEqual(['东山矿', '西山矿']);
    expect(readSheets([labels]).groups[0]?.plots[0]?.attributes).toEqual({ 矿山名称: '东山矿', 采矿权人: '甲' });
    const column = sheet([
      ['许可证号', '点号', 'X', 'Y'],
      ...A.map((row) => ['C1', ...row]),
      ...B.map((row) => ['C2', ...row]),
    ]);
    expect(readSheets([column]).groups[0]?.plots.map(({ attributes }) => attributes.许可证号)).toEqual(['C1', 'C2']);
    const merged = sheet([
      ['许可证号', '点号', 'X', 'Y'],
      ...A.map((row, i) => [i === 0 ? 'C1' : null, ...row]),
      ...B.map((row, i) => [i === 0 ? 'C2' : null, ...row]),
    ]);
    expect(told(readSheets([merged])).map(({ rings }) => rings)).toEqual([['1 2 3 4'], ['1 2 3']]);
    const sheets = [
      sheet([['点号', 'X', 'Y'], ...A], '东山矿'),
      sheet([['点号', 'X', 'Y'], ...B], '西山矿'),
      sheet([['说明', null]], '说明'),
    ];
    expect(told(readSheets(sheets)).map(({ name }) => name)).toEqual(['东山矿', '西山矿']);
    expect(readSheets(sheets).notes).toContain('工作表“说明”中没有坐标，未读取');
  });

  it('reads a list folded into columns, downwards or across, and refuses one in no order', () => {
    const titles = ['点号', 'X', 'Y', '点号', 'X', 'Y'];
    const [a = [], b = [], c = [], d = []] = A;
    expect(told(readSheets([sheet([titles, [...a, ...c], [...b, ...d]])]))[0]?.rings).toEqual(['1 2 3 4']);
    expect(told(readSheets([sheet([titles, [...a, ...b], [...c, ...d]])]))[0]?.rings).toEqual(['1 2 3 4']);
    expect(() => readSheets([sheet([titles, [...a, ...d], [...c, ...b]])])).toThrow(
      expect.objectContaining({ code: 'table.folded' }),
    );
  });

  it('knows columns by what they are called, whatever their order', () => {
    for (const [x, y, axis] of [
      ['纵坐标(X)', '横坐标(Y)', 'xy'],
      ['北坐标', '东坐标', 'xy'],
      ['纬度', '经度', 'xy'],
      ['X（米）', 'Y（米）', null],
      ['X坐标值', 'Y坐标值', null],
    ] as const) {
      const reading = readSheets([
        sheet([['界址点号', y, x], ...A.map(([name, north, east]) => [name ?? null, east ?? null, north ?? null])]),
      ]);
      expect(reading.groups[0]?.plots[0]?.rings[0]?.points[0]).toMatchObject({
        first: '3998000.12',
        second: '39560000.5',
      });
      expect(reading.groups[0]?.declared.axis).toBe(axis);
    }
  });

  it('hands on what the words declare: zone, width, notation of degrees', () => {
    const zone = readSheets([sheet([['高斯克吕格投影3度带，中央子午线117°', null, null], ['点号', 'X', 'Y'], ...A])]);
    expect(zone.groups[0]?.declared).toMatchObject({ zone: 39, width: 3 });
    const packed = readSheets([
      sheet([
        ['点号', '经度(ddd.mmss)', '纬度(dd.mmss)'],
        [1, 118.1, 36.1],
        [2, 118.2, 36.1],
        [3, 118.2, 36.2],
      ]),
    ]);
    expect(packed.groups[0]?.declared.angle).toBe('packed');
    const dms = readSheets([
      sheet([
        ['点号', '经度', '纬度'],
        [1, '118°10′00″', '36°10′00″'],
        [2, '118°20′00″', '36°10′00″'],
        [3, '118°20′00″', '36°20′00″'],
      ]),
    ]);
    expect(dms.groups[0]?.plots[0]?.rings[0]?.points[1]).toMatchObject({ first: '36°10′00″', second: '118°20′00″' });
  });

  it('refuses shifted map coordinates by name', () => {
    expect(() =>
      readSheets([
        sheet([
          ['百度坐标', null, null],
          ['点号', '经度', '纬度'],
          [1, 118.1, 36.1],
        ]),
      ]),
    ).toThrow(expect.objectContaining({ code: 'corners.shifted' }));
  });

  it('reads points without any titles, and one licence a row with its points in a cell', () => {
    const bare = readSheets([sheet(A)]);
    expect(told(bare)[0]?.rings).toEqual(['1 2 3 4']);
    expect(bare.notes.join()).toContain('没有表头');
    const string = '1,3,1,3998000,39560000,2,3998000,39560300,3,3998300,39560300,285,8,,1,';
    const rows = readSheets([
      sheet([
        ['采矿许可证台账', null, null],
        ['许可证号', '矿山名称', '拐点坐标'],
        ['C1', '东山矿', string],
        ['C2', '西山矿', '见附件'],
        ['C3', '南山矿', string.replace('1,3,', '2,3,')],
      ]),
    ]);
    expect(rows.groups[0]?.plots[0]).toMatchObject({ line: 3, attributes: { 许可证号: 'C1', 矿山名称: '东山矿' } });
    expect(rows.refused.map(({ line }) => line)).toEqual([4, 5]);
  });

  it('ends with a reading or a Fault whatever the cells hold', () => {
    const cell = fc.oneof(
      fc.constantFrom<Cell>(
        null,
        '点号',
        'X',
        'Y',
        '经度',
        '纬度',
        '圈号',
        '扣除',
        '许可证号',
        '1980西安',
        '2000',
        '矿区面积：1',
        '标高：1至2',
        '第二圈',
      ),
      fc.constantFrom<Cell>(1, 2, 3998000, 39560000.5, '118°10′', 'C1'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 7 }), { maxLength: 14 }), (rows) => {
        try {
          for (const { plots } of readSheets([sheet(rows)]).groups) {
            for (const { rings } of plots) expect(rings.length).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 500 },
    );
  });
});
