import { describe, expect, it } from 'vitest';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { IssuedAttributes, IssuedRow } from '../../model/issued.js';
import { type IssueInput, issue } from './issue.js';

/** 0.002° at 36.18° N: 39,927.45 m². */
const square = (lon: number): MultiPolygonRings => [
  [
    [
      [lon, 36.18],
      [lon + 0.002, 36.18],
      [lon + 0.002, 36.182],
      [lon, 36.182],
      [lon, 36.18],
    ],
  ],
];
const row = (n: number, attributes: IssuedAttributes, geometry: MultiPolygonRings | null = square(118)): IssuedRow => ({
  row: n,
  attributes,
  geometry,
  refused: geometry === null ? '没有几何' : null,
  mended: null,
});
const read = (rows: readonly IssuedRow[], more: Partial<IssueInput> = {}) =>
  issue({
    reading: {
      fields: Object.keys(rows[0]?.attributes ?? {}).map((name) => ({ name, type: 'text', width: 0, decimals: 0 })),
      rows,
      encoding: 'GB18030',
      crsName: '',
      assumptions: [],
    },
    origin: { source: '部', quarter: '2025Q3' },
    batchId: 'B1',
    areaUnit: null,
    known: [],
    ...more,
  });

describe('issue', () => {
  it('finds what it needs under old, new and Chinese names', () => {
    const [old] = read([row(1, { TBBH: '0012', XZQHDM: '370323', XZQHMC: '沂源县', TBMJ: 39927.45, HSX: '20250715' })]);
    expect(old?.patch.facts).toMatchObject({
      number: '0012',
      countyCode: '370323',
      countyName: '沂源县',
      issuedM2: 39927.45,
    });
    expect(old?.patch.facts.after).toEqual({ raw: '20250715', from: '2025-07-15', to: '2025-07-15' });
    const [zh] = read([row(1, { 监测编号: 'A-1', 行政区代码: '370323', '图斑面积（亩）': '59.89' })]);
    expect(zh?.patch.facts.issuedM2).toBeCloseTo(39926.67, 2);
    expect(zh?.patch.facts.notes.join()).not.toContain('不符');
  });

  it('keeps 01 as it is, gives a numeric 1 its zero back, and says so', () => {
    const [text, number] = read([row(1, { JCBH: 'a', TBLX: '01' }), row(2, { JCBH: 'b', TBLX: 1 })]);
    expect([text?.patch.facts.typeCode, number?.patch.facts.typeCode]).toEqual(['01', '01']);
    expect(text?.notes.join()).not.toContain('数值');
    expect(number?.notes.join()).toContain('图斑类型为数值 1，按代码“01”处理');
    expect(read([row(1, { JCBH: 'c', TBLX: 'CK' })])[0]?.patch.facts.typeName).toBe('采矿');
  });

  it('tells the same number in another county apart, and an exact repetition not', () => {
    const rows = [
      row(1, { JCBH: '7', XZQDM: '370323' }),
      row(2, { JCBH: '7', XZQDM: '130400' }),
      row(3, { JCBH: '7', XZQDM: '370323' }),
    ];
    const [a, b, c] = read(rows);
    expect(a?.patch.keyId).not.toBe(b?.patch.keyId);
    expect([c?.outcome, c?.patch.row]).toEqual(['repeated', 1]);
  });

  it('keeps both where a number repeats in one file with other content', () => {
    const [a, b] = read([row(1, { JCBH: '7' }), row(2, { JCBH: '7' }, square(118.1))]);
    expect([a?.patch.facts.number, b?.patch.facts.number]).toEqual(['7', '7#2']);
    expect(b?.notes.join()).toContain('编号 7 重复而内容不同');
  });

  it('takes the same again as known and other content as a correction', () => {
    const [first] = read([row(1, { JCBH: '7', MJ: 1 })]);
    const known = first ? [first.patch] : [];
    expect(read([row(9, { JCBH: '7', MJ: 1 })], { known })[0]?.outcome).toBe('known');
    const [corrected] = read([row(1, { JCBH: '7', MJ: 2 })], { known });
    expect([corrected?.outcome, corrected?.patch.keyId]).toEqual(['corrected', first?.patch.keyId]);
  });

  it('matches a number that lost its zeros with the one known patch that has them', () => {
    const [first] = read([row(1, { JCBH: '0012', XZQDM: '370323' })]);
    const known = first ? [first.patch] : [];
    const [again] = read([row(1, { JCBH: 12, XZQDM: '370323' })], { known });
    expect([again?.outcome, again?.patch.facts.number]).toEqual(['corrected', '0012']);
    expect(again?.notes.join()).toContain('按已有图斑 0012 处理');
    expect(read([row(1, { JCBH: 12, XZQDM: '130400' })], { known })[0]?.patch.facts.number).toBe('12');
  });

  it('keeps a row without number or outline, with a name that its content decides', () => {
    const [a] = read([row(1, { JCBH: null, BZ: 'x' })]);
    const [b] = read([row(5, { JCBH: null, BZ: 'x' })]);
    expect(a?.patch.facts.number).toMatch(/^无编号-[0-9a-f]{8}$/);
    expect(b?.patch.keyId).toBe(a?.patch.keyId);
    expect(read([row(1, { JCBH: '7' }, null)])[0]?.patch).toMatchObject({ refused: '没有几何', areaM2: null });
  });

  it('says when the area does not fit, and which unit would', () => {
    const [wrong] = read([row(1, { JCBH: '7', MJ: 59.89 })]);
    expect(wrong?.notes.join()).toContain(
      '下发面积 59.89 m²（59.9 m²）与图形椭球面积 39927.5 m² 不符；若单位为亩则相符',
    );
    expect(read([row(1, { JCBH: '7', MJ: 59.89 })], { areaUnit: 'mu' })[0]?.notes.join()).not.toContain('不符');
    expect(read([row(1, { JCBH: '7', MJ: '3.9927公顷' })])[0]?.patch.facts.issuedM2).toBeCloseTo(39927, 1);
  });
});
