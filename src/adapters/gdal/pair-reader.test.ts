import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairUse, RasterUse } from '../../model/raster.js';
import { writeRasterFile } from '../../testing/raster-file.js';
import { openPair } from './pair-reader.js';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-pair-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const use = (path: string, bands = 1): RasterUse => ({
  path,
  bands: Array.from({ length: bands }, (_, i) => ({ role: `b${i + 1}` as const, index: i + 1 })),
  sensor: 'unknown',
  acquiredOn: null,
});
const pairOf = (before: string, after: string, bands = 1): PairUse => ({
  before: use(before, bands),
  after: use(after, bands),
  masks: [],
});

const wave = (x: number, y: number): number => 1000 + 300 * Math.sin(x / 90) + 200 * Math.cos(y / 70);

describe('openPair', () => {
  it('reads BEFORE at its offset and moves it by the shift', () => {
    const after = writeRasterFile({
      path: join(dir, 'a1.tif'),
      width: 80,
      height: 60,
      type: 'float32',
      epsg: 4549,
      bands: [(c, r) => wave(c * 10, r * 10)],
    });
    const before = writeRasterFile({
      path: join(dir, 'b1.tif'),
      width: 100,
      height: 90,
      type: 'float32',
      epsg: 4549,
      transform: [499876, 10, 0, 4000050, 0, -10],
      bands: [(c, r) => wave(c * 10 - 124 - 15, r * 10 - 50 - 7)],
    });
    const reader = openPair(pairOf(before, after));
    expect(reader.extent).toEqual({ col: 0, row: 0, width: 80, height: 60 });
    const {
      before: earlier,
      after: now,
      seen,
    } = reader.read({ col: 5, row: 5, width: 70, height: 50 }, { x: 1.5, y: 0.7 });
    expect(seen.every((s) => s === 1)).toBe(true);
    for (let i = 0; i < seen.length; i++)
      expect(Math.abs((earlier[0]?.[i] ?? 0) - (now[0]?.[i] ?? 0))).toBeLessThan(0.05);
  });

  it('gives the same pixels whatever window they are asked in, moved or warped', () => {
    const after = writeRasterFile({
      path: join(dir, 'a2.tif'),
      width: 90,
      height: 70,
      type: 'float32',
      epsg: 4549,
      bands: [(c, r) => wave(c * 10, r * 10)],
    });
    const same = writeRasterFile({
      path: join(dir, 'b2.tif'),
      width: 90,
      height: 70,
      type: 'float32',
      epsg: 4549,
      bands: [(c, r) => wave(c * 10, r * 10) + ((c * 7 + r * 13) % 11)],
    });
    const other = writeRasterFile({
      path: join(dir, 'c2.tif'),
      width: 200,
      height: 160,
      type: 'float32',
      epsg: 4490,
      transform: [119.99, 0.0001, 0, 36.135, 0, -0.0001],
      bands: [(c, r) => 500 + ((c * 31 + r * 17) % 97)],
    });
    for (const path of [same, other]) {
      const reader = openPair(pairOf(path, after));
      expect(reader.extent).toEqual({ col: 0, row: 0, width: 90, height: 70 });
      const shift = { x: 0.4, y: -1.3 };
      const whole = reader.read({ col: 0, row: 0, width: 90, height: 70 }, shift);
      const part = reader.read({ col: 31, row: 17, width: 23, height: 29 }, shift);
      expect(part.seen.filter((s) => s === 1).length).toBe(29 * 23);
      for (let r = 0; r < 29; r++) {
        for (let c = 0; c < 23; c++) {
          expect(part.before[0]?.[r * 23 + c]).toBe(whole.before[0]?.[(r + 17) * 90 + c + 31]);
          expect(part.seen[r * 23 + c]).toBe(whole.seen[(r + 17) * 90 + c + 31]);
        }
      }
    }
  });

  it('takes no-data of either date as not seen, and unnamed black borders', () => {
    const after = writeRasterFile({
      path: join(dir, 'a3.tif'),
      width: 20,
      height: 10,
      epsg: 4549,
      noData: 7,
      bands: [(c) => (c === 3 ? 7 : 100)],
    });
    const before = writeRasterFile({
      path: join(dir, 'b3.tif'),
      width: 20,
      height: 10,
      epsg: 4549,
      type: 'float32',
      bands: [(c) => (c === 5 ? Number.NaN : 90)],
    });
    const { seen, before: earlier } = openPair(pairOf(before, after)).read(
      { col: 0, row: 0, width: 20, height: 10 },
      { x: 0, y: 0 },
    );
    expect([...seen.subarray(0, 8)]).toEqual([1, 1, 1, 0, 1, 0, 1, 1]);
    expect(earlier[0]?.every((v) => Number.isFinite(v))).toBe(true);

    const black = writeRasterFile({
      path: join(dir, 'c3.tif'),
      width: 20,
      height: 10,
      epsg: 4549,
      bands: [(c) => (c < 2 ? 0 : 9), (c) => (c < 3 ? 0 : 9), (c) => (c < 4 ? 0 : 9)],
    });
    const three = openPair(pairOf(black, black, 3)).read({ col: 0, row: 0, width: 20, height: 10 }, { x: 0, y: 0 });
    expect([...three.seen.subarray(0, 5)]).toEqual([0, 0, 1, 1, 1]);
  });

  it('compares files without coordinate system in pixels, and refuses one with and one without', () => {
    const plain = writeRasterFile({
      path: join(dir, 'p.tif'),
      width: 30,
      height: 20,
      type: 'uint8',
      bands: [(c) => c],
    });
    const larger = writeRasterFile({
      path: join(dir, 'q.tif'),
      width: 40,
      height: 25,
      type: 'uint8',
      bands: [(c) => c],
    });
    const reader = openPair(pairOf(larger, plain));
    expect(reader.extent).toEqual({ col: 0, row: 0, width: 30, height: 20 });
    expect(reader.grid.crs).toBe('');
    const placed = writeRasterFile({
      path: join(dir, 'r.tif'),
      width: 30,
      height: 20,
      type: 'uint8',
      epsg: 4549,
      bands: [(c) => c],
    });
    expect(() => openPair(pairOf(plain, placed))).toThrow(/坐标系/);
  });

  it('knows when the dates do not meet', () => {
    const here = writeRasterFile({ path: join(dir, 'h.tif'), width: 30, height: 20, epsg: 4549, bands: [() => 1] });
    const there = writeRasterFile({
      path: join(dir, 't.tif'),
      width: 30,
      height: 20,
      epsg: 4549,
      transform: [600000, 10, 0, 4000000, 0, -10],
      bands: [() => 1],
    });
    expect(openPair(pairOf(there, here)).extent).toBeNull();
  });

  it('loses an edge pixel to a shift only where its own place is not in BEFORE', () => {
    const path = writeRasterFile({
      path: join(dir, 'e.tif'),
      width: 40,
      height: 30,
      type: 'float32',
      epsg: 4549,
      noData: -1,
      bands: [(c, r) => (c === 20 && r === 15 ? -1 : wave(c * 10, r * 10))],
    });
    const reader = openPair(pairOf(path, path));
    const whole = { col: 0, row: 0, width: 40, height: 30 };
    const near = reader.read(whole, { x: 0.4, y: 0 });
    expect(near.seen.filter((s) => s === 0).length).toBe(1);
    expect(Math.abs((near.before[0]?.[39] ?? 0) - wave(394, 0))).toBeLessThan(15);
    const far = reader.read(whole, { x: 0.6, y: 0 });
    expect(far.seen[39]).toBe(0);
    expect(far.seen.filter((s) => s === 0).length).toBe(30 + 2);
    const part = reader.read({ col: 17, row: 13, width: 9, height: 7 }, { x: 0.4, y: -0.3 });
    const all = reader.read(whole, { x: 0.4, y: -0.3 });
    for (let r = 0; r < 7; r++) {
      for (let c = 0; c < 9; c++) expect(part.before[0]?.[r * 9 + c]).toBe(all.before[0]?.[(r + 13) * 40 + c + 17]);
    }
  });

  it('averages a finer BEFORE and finds where it lies', () => {
    const after = writeRasterFile({
      path: join(dir, 'a5.tif'),
      width: 60,
      height: 50,
      type: 'float32',
      epsg: 4549,
      bands: [(c, r) => wave(c * 10, r * 10)],
    });
    const fine = writeRasterFile({
      path: join(dir, 'b5.tif'),
      width: 200,
      height: 160,
      type: 'float32',
      epsg: 4549,
      transform: [500100, 2.5, 0, 3999900, 0, -2.5],
      bands: [(c, r) => wave(100 + c * 2.5 - 3.75, 100 + r * 2.5 - 3.75)],
    });
    const reader = openPair(pairOf(fine, after));
    expect(reader.extent).toEqual({ col: 10, row: 10, width: 50, height: 40 });
    const {
      before: earlier,
      after: now,
      seen,
    } = reader.read({ col: 10, row: 10, width: 50, height: 40 }, { x: 0, y: 0 });
    expect(seen.every((s) => s === 1)).toBe(true);
    for (let i = 0; i < seen.length; i++)
      expect(Math.abs((earlier[0]?.[i] ?? 0) - (now[0]?.[i] ?? 0))).toBeLessThan(0.5);
    const abroad = writeRasterFile({
      path: join(dir, 'c5.tif'),
      width: 20,
      height: 20,
      epsg: 4326,
      transform: [55, 0.0001, 0, 25, 0, -0.0001],
      bands: [() => 1],
    });
    expect(openPair(pairOf(abroad, after)).extent).toBeNull();
  });

  it('names file, band and pixels of a corrupt block, and still reads the others', () => {
    const path = writeRasterFile({
      path: join(dir, 'corrupt.tif'),
      width: 256,
      height: 256,
      epsg: 4549,
      bands: [(c, r) => (c * 31 + r * 17) % 251],
      options: ['TILED=YES', 'BLOCKXSIZE=128', 'BLOCKYSIZE=128', 'COMPRESS=DEFLATE'],
    });
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length - 400, bytes.length - 200);
    writeFileSync(path, bytes);
    const reader = openPair(pairOf(path, path));
    expect(reader.read({ col: 0, row: 0, width: 128, height: 128 }, { x: 0, y: 0 }).seen.every((s) => s === 1)).toBe(
      true,
    );
    expect(() => reader.read({ col: 128, row: 128, width: 128, height: 128 }, { x: 0, y: 0 })).toThrow(
      /corrupt\.tif 第 1 波段、列 128–255、行 128–255/,
    );
  });
});
