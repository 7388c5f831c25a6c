import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Boundary } from './boundary.js';
import type { Box } from './grid.js';
import { lineageOf, meaningOf, type VersionFile, type VersionRow, versionsIn, versionsOf } from './versions.js';

const file = (seq: number, rest: Partial<VersionFile> = {}): VersionFile => ({
  id: `f${seq}`,
  kind: 'licences',
  seq,
  validFrom: null,
  complete: false,
  ...rest,
});
const HERE: Box = [113, 37, 113.01, 37.01];
const FAR: Box = [114, 38, 114.01, 38.01];

interface Row extends Partial<Omit<VersionRow, 'file'>> {
  readonly meaning: string;
}
function row(of: VersionFile, { meaning, ...rest }: Row): VersionRow {
  const plain = {
    id: meaning,
    kind: of.kind,
    lineage: 'licences|no|C1',
    box: HERE,
    effectiveFrom: null,
    validFrom: null,
  };
  return { ...plain, ...rest, meaning, file: of };
}

const YEAR = { first: '2026-01-01', last: '2026-12-31' };
const standing = (rows: readonly VersionRow[], period = YEAR, files: readonly VersionFile[] = []) =>
  versionsIn(versionsOf(rows, files.length > 0 ? files : rows.map((one) => one.file)), period).map(({ id, span }) =>
    span === null ? id : [id, span.from, span.until, span.delistedOn],
  );

describe('versions of a licence', () => {
  const [one, two, three] = [file(1), file(2), file(3)];

  it('follow each other by their dates, whatever the order of import', () => {
    const old = { meaning: 'old', effectiveFrom: '2020-01-01' };
    const now = { meaning: 'new', effectiveFrom: '2026-06-01' };
    const expected = [
      ['new', '2026-06-01', null, null],
      ['old', null, '2026-06-01', null],
    ];
    expect(standing([row(one, old), row(two, now)])).toEqual(expected);
    expect(standing([row(one, now), row(two, old)])).toEqual(expected);
    expect(standing([row(one, old), row(two, now)], { first: '2026-01-01', last: '2026-05-31' })).toEqual(['old']);
    expect(standing([row(one, old), row(two, now)], { first: '2026-06-01', last: '2026-07-31' })).toEqual(['new']);
  });

  it('of one date: the one recorded later corrects the earlier, also the first of all', () => {
    const a = row(one, { meaning: 'a', validFrom: '2020-01-01' });
    const b = row(two, { meaning: 'b', validFrom: '2020-01-01' });
    expect(standing([a, b], { first: '2010-01-01', last: '2010-12-31' })).toEqual(['b']);
    expect(standing([a, b])).toEqual(['b']);
  });

  it('without any date correct what was known last', () => {
    const rows = [
      row(one, { meaning: 'a', effectiveFrom: '2020-01-01' }),
      row(two, { meaning: 'b', effectiveFrom: '2026-03-01' }),
      row(three, { meaning: 'c' }),
    ];
    expect(standing(rows)).toEqual([
      ['a', null, '2026-03-01', null],
      ['c', '2026-03-01', null, null],
    ]);
  });

  it('said again is the same version, under its first id', () => {
    const rows = [
      row(one, { meaning: 'm', id: 'first' }),
      row(two, { meaning: 'm', id: 'second', validFrom: '2026-05-01' }),
    ];
    expect(standing(rows)).toEqual(['first']);
  });

  it('with several areas in one file stand together, and one of them may change alone', () => {
    const rows = [
      row(one, { meaning: 'north' }),
      row(one, { meaning: 'south', box: FAR }),
      row(two, { meaning: 'north', effectiveFrom: '2026-06-01' }),
      row(two, { meaning: 'south2', box: FAR, effectiveFrom: '2026-06-01' }),
    ];
    expect(standing(rows)).toEqual([
      'north',
      ['south', null, '2026-06-01', null],
      ['south2', '2026-06-01', null, null],
    ]);
  });

  it('that a complete list no longer names have ended by its date; others are not concerned', () => {
    const list = file(2, { complete: true, validFrom: '2026-07-01' });
    const rows = [row(one, { meaning: 'a' }), row(list, { meaning: 'b', lineage: 'licences|no|C2' })];
    expect(standing(rows, YEAR, [one, list])).toEqual([['a', null, null, '2026-07-01'], 'b']);
    const partial = { ...list, complete: false };
    const without = [row(one, { meaning: 'a' }), row(partial, { meaning: 'b', lineage: 'licences|no|C2' })];
    expect(standing(without, YEAR, [one, partial])).toEqual(['a', 'b']);
  });
});

describe('things without a number', () => {
  it('of one name are the same thing only where they meet', () => {
    const [one, two] = [file(1, { kind: 'closed' }), file(2, { kind: 'closed' })];
    const lineage = 'closed||无名坑|';
    const rows = (box: Box) => [
      row(one, { meaning: 'a', lineage }),
      row(two, { meaning: 'b', lineage, box, effectiveFrom: '2026-06-01' }),
    ];
    expect(standing(rows(HERE))).toEqual([
      ['a', null, '2026-06-01', null],
      ['b', '2026-06-01', null, null],
    ]);
    expect(standing(rows(FAR))).toEqual(['a', ['b', '2026-06-01', null, null]]);
  });

  const plain: Boundary = {
    id: 'x-1',
    kind: 'licences',
    row: 3,
    number: null,
    name: null,
    holder: null,
    method: null,
    status: null,
    validFrom: '2026-01-01',
    validTo: null,
    zoneKind: null,
    geometry: [],
    areaM2: 0,
    excludedReason: null,
    attributes: { FID: 1 },
  };

  it('have the lineage of their number, else name and holder, else their own', () => {
    expect(lineageOf({ ...plain, number: 'c 1２', name: 'any' })).toBe('licences|no|C12');
    expect(lineageOf({ ...plain, number: '无', name: '一矿', holder: '甲' })).toBe('licences||一矿|甲');
    expect(lineageOf(plain)).toBe('x-1');
    expect(lineageOf({ ...plain, kind: 'keyzones', name: '生态保护红线' })).toBe('x-1');
    expect(lineageOf({ ...plain, kind: 'plans', number: 'C1', name: '二期' })).toBe('plans|C1|二期|');
  });

  it('mean the same whatever their row, spare attributes and the date of the import', () => {
    const meaning = meaningOf(plain, null);
    expect(meaningOf({ ...plain, id: 'y', row: 9, attributes: { FID: 7 } }, null)).toBe(meaning);
    expect(meaningOf({ ...plain, holder: '乙' }, null)).not.toBe(meaning);
    expect(meaningOf({ ...plain, validFrom: '2026-07-01' }, '2026-07-01')).toBe(meaningOf(plain, '2026-01-01'));
  });
});

describe('at any day', () => {
  const day = fc
    .integer({ min: 0, max: 900 })
    .map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));

  it('exactly one version of a licence stands, and what comes later changes no earlier period', () => {
    fc.assert(
      fc.property(fc.array(fc.option(day), { minLength: 1, maxLength: 6 }), day, (dates, when) => {
        const rows = dates.map((effectiveFrom, i) => row(file(i + 1), { meaning: `m${i}`, effectiveFrom }));
        const on = { first: when, last: when };
        expect(standing(rows, on)).toHaveLength(1);
        const later = row(file(99), { meaning: 'later', effectiveFrom: '2030-01-01' });
        expect(standing([...rows, later], on)).toEqual(standing(rows, on));
      }),
    );
  });

  it('the order of the rows does not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.option(day), { minLength: 2, maxLength: 6 }), fc.nat(), (dates, seed) => {
        const rows = dates.map((effectiveFrom, i) => row(file(i + 1), { meaning: `m${i}`, effectiveFrom }));
        const turned = [...rows.slice(seed % rows.length), ...rows.slice(0, seed % rows.length)].reverse();
        expect(standing(turned)).toEqual(standing(rows));
      }),
    );
  });
});
