import gdal from 'gdal-async';
import { describe, expect, it } from 'vitest';
import { fineScores, kindOf } from './fine.mjs';
import { polygonsOf } from './geometry.mjs';
import { groups, maskScores } from './mask.mjs';
import { patchScores } from './patch.mjs';
import { pixelScores } from './pixel.mjs';

const box = (west, south, east, north) =>
  gdal.Geometry.fromWKT(
    `POLYGON ((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south}))`,
  );

describe('pixelScores', () => {
  const truth = [2, 2, 2, 1, 1, 1, 1, 0];

  it('counts labelled pixels only', () => {
    const s = pixelScores(truth, [9, 8, 1, 2, 3, 8, 0, 99], [1, 1, 0, 0, 0, 1, 0, 1]);
    // tp 2, fp 1, fn 1, tn 3; chance = (3·3 + 4·4) / 49
    expect(s.oa).toBeCloseTo(5 / 7, 12);
    expect(s.kappa).toBeCloseTo((5 / 7 - 25 / 49) / (24 / 49), 12);
    expect(s.f1).toBeCloseTo(4 / 6, 12);
    expect(s.precision).toBeCloseTo(2 / 3, 12);
    expect(s.recall).toBeCloseTo(2 / 3, 12);
    // of 12 pairs: 9 beats all four, 8 beats three and ties one, 1 beats one
    expect(s.auc).toBeCloseTo(8.5 / 12, 12);
    // hits at ranks 1, 2 and 6
    expect(s.ap).toBeCloseTo((1 + 1 + 3 / 6) / 3, 12);
    expect(s.seen).toBe(1);
  });

  it('gives what was not seen the lowest score and "no change"', () => {
    const seen = pixelScores(truth, [9, 8, 1, 2, 3, 8, 0, 99], [1, 1, 0, 0, 0, 1, 0, 1]);
    const blind = pixelScores(truth, [Number.NaN, 8, 1, 2, 3, 8, 0, 99], [255, 1, 0, 0, 0, 1, 0, 1]);
    expect(blind.recall).toBeCloseTo(1 / 3, 12);
    expect(blind.auc).toBeCloseTo(4.5 / 12, 12);
    expect(blind.auc).toBeLessThan(seen.auc);
    expect(blind.seen).toBeCloseTo(6 / 7, 12);
  });
});

describe('patchScores', () => {
  const mines = [box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10)];

  it('finds a mine from 30 % cover, whole IoU of what touches it; the rest is false', () => {
    const patches = [box(0, 0, 10, 5), box(20, 0, 22, 10), box(60, 0, 61, 1), box(10, 0, 12, 10)];
    const s = patchScores(mines, patches, 50);
    // the second mine is touched but 20 % covered; the last patch only shares an edge with the first
    expect(s).toMatchObject({ mines: 3, found: 1, patches: 4, falseCount: 2, falsePer100Km2: 4 });
    expect(s.meanIou).toBeCloseTo(0.5, 12);
    expect(s.touched).toEqual([true, true, false, false]);
  });

  it('does not call a patch on a pardoned mine false, nor a hit; an edge in common excuses nothing', () => {
    const s = patchScores(mines, [box(60, 0, 61, 1), box(58, 0, 59, 9)], 50, [box(59, 0, 70, 9)]);
    expect(s).toMatchObject({ falseCount: 1, touched: [false, false], excused: [true, false] });
  });
});

describe('groups and maskScores', () => {
  const change = Uint8Array.from([...[1, 0, 0, 0, 1], ...[0, 1, 0, 0, 1], ...[0, 0, 0, 0, 0], ...[1, 0, 0, 1, 1]]);

  it('joins corners, not the ends of lines, and drops the small', () => {
    expect(Array.from(groups(change, 5, 2))).toEqual([
      ...[1, 0, 0, 0, 2],
      ...[0, 1, 0, 0, 2],
      ...[0, 0, 0, 0, 0],
      ...[0, 0, 0, 3, 3],
    ]);
  });

  it('tells pits found, pits not asked for and false groups', () => {
    const pits = Int32Array.from([...[1, 1, 0, 0, -2], ...[1, 1, 0, 0, 0], ...[0, 0, 0, 0, 0], ...[4, 4, 4, 4, 0]]);
    const s = maskScores(pits, change, 5, 2, 10);
    // pit 1 half covered, pit 4 a quarter; no group is off every pit
    expect(s).toEqual({ mines: 2, found: 1, patches: 3, falseCount: 0, falsePer100Km2: 0 });
    expect(maskScores(pits.fill(0), change, 5, 2, 10)).toMatchObject({ mines: 0, falseCount: 3, falsePer100Km2: 30 });
  });
});

describe('fineScores', () => {
  it('matches by IoU, tells kinds, and sums the area outside', () => {
    const truths = [
      { geometry: box(0, 0, 10, 10), mode: 'inside', outsideM2: 0 },
      { geometry: box(20, 0, 30, 10), mode: 'crossing', outsideM2: 40 },
      { geometry: box(40, 0, 50, 10), mode: 'absent', outsideM2: 100 },
    ];
    const patches = [
      { geometry: box(0, 0, 10, 8), kind: 'inside', outsideM2: 0 },
      { geometry: box(20, 0, 30, 5), kind: 'absent', outsideM2: 50 },
      { geometry: box(40, 0, 42, 10), kind: 'absent', outsideM2: 20 },
      { geometry: box(70, 0, 72, 10), kind: 'absent', outsideM2: 20 },
    ];
    const s = fineScores(truths, patches);
    expect(s).toMatchObject({ truth: 3, patches: 4, matched: 2, precision: 0.5, kindRight: 0.5 });
    expect(s.recall).toBeCloseTo(2 / 3, 12);
    expect(s.meanIou).toBeCloseTo((0.8 + 0.5) / 2, 12);
    expect(s.outsideAreaError).toBeCloseTo(0.25, 12);
  });

  it('reads the kind from violation codes', () => {
    expect(kindOf('beyond-boundary,no-licence')).toBe('crossing');
    expect(kindOf('no-licence')).toBe('absent');
    expect(kindOf('')).toBe('inside');
  });
});

describe('polygonsOf', () => {
  it('makes one valid polygon a number', () => {
    const labels = [...[1, 1, 0], ...[0, 2, 0], ...[2, 0, 0]];
    const frame = { srs: gdal.SpatialReference.fromEPSG(4326), transform: [100, 2, 0, 50, 0, -2] };
    const list = polygonsOf(labels, 3, 3, frame);
    expect(list.map(({ n }) => n)).toEqual([1, 2]);
    expect(list[0]?.geometry.getArea()).toBeCloseTo(8, 12);
    expect(list[1]?.geometry.getArea()).toBeCloseTo(8, 12);
    expect(list[0]?.geometry.getEnvelope()).toEqual({ minX: 100, maxX: 104, minY: 48, maxY: 50 });
  });
});
