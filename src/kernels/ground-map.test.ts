import { describe, expect, it } from 'vitest';
import { CELLS_PER_DEGREE, cellMarginPx, countCells } from './cells.js';
import { controlPoints, GROUND_STEP, type GroundMap, toGround, toPixel } from './ground-map.js';
import { isSeen, seenMap } from './seen-map.js';

/** A made projection with rotation and curvature: lon and lat as smooth functions of the pixel. */
const truth = (x: number, y: number) => ({
  lon: 106.5 + (x * 9e-5 + y * 3e-6) + 1e-12 * x * y,
  lat: 29.8 + (x * 2e-6 - y * 9e-5) - 5e-13 * x * x,
});

function mapOf(window: { col: number; row: number; width: number; height: number }): GroundMap {
  const points = controlPoints(window);
  const lon = new Float64Array(points.cols * points.rows);
  const lat = new Float64Array(lon.length);
  for (let j = 0; j < points.rows; j++) {
    for (let i = 0; i < points.cols; i++) {
      const at = truth(points.col0 + i * GROUND_STEP, points.row0 + j * GROUND_STEP);
      lon[j * points.cols + i] = at.lon;
      lat[j * points.cols + i] = at.lat;
    }
  }
  return { ...points, lon, lat };
}

const extent = { col: 70, row: 30, width: 500, height: 400 };
const map = mapOf(extent);

describe('ground map', () => {
  it('covers the window and follows the projection to 1e-8 degree (1 mm)', () => {
    expect(map.col0).toBe(64);
    expect(map.col0 + (map.cols - 1) * GROUND_STEP).toBeGreaterThanOrEqual(570);
    const out = { lon: 0, lat: 0 };
    for (const [x, y] of [
      [70.5, 30.5],
      [100.25, 211],
      [569.5, 429.5],
    ] as const) {
      toGround(map, x, y, out);
      expect(Math.abs(out.lon - truth(x, y).lon)).toBeLessThan(1e-8);
      expect(Math.abs(out.lat - truth(x, y).lat)).toBeLessThan(1e-8);
    }
  });

  it('goes back to the pixel it came from, also across control points and beyond the edge', () => {
    const out = { lon: 0, lat: 0 };
    for (let x = 50; x < 600; x += 13.7) {
      for (let y = 10; y < 450; y += 17.3) {
        toGround(map, x, y, out);
        const [backX, backY] = toPixel(map, out.lon, out.lat);
        expect(Math.abs(backX - x) + Math.abs(backY - y)).toBeLessThan(1e-6);
      }
    }
  });
});

describe('seen map', () => {
  it('does not depend on how blocks cut the runs', () => {
    const whole = seenMap([Int32Array.of(30, 0, 99, 31, 5, 9, 31, 20, 29)], 30, 3);
    const cut = seenMap([Int32Array.of(31, 25, 29, 30, 50, 99), Int32Array.of(30, 0, 49, 31, 5, 9, 31, 20, 24)], 30, 3);
    expect(cut).toEqual(whole);
    expect([isSeen(whole, 99, 30), isSeen(whole, 100, 30), isSeen(whole, 10, 31), isSeen(whole, 20, 31)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([isSeen(whole, 5, 29), isSeen(whole, 5, 32), isSeen(whole, 5, 33), isSeen(whole, Number.NaN, 30)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('cells', () => {
  const marginPx = cellMarginPx(10);
  const wide = mapOf({
    col: extent.col - marginPx,
    row: extent.row - marginPx,
    width: extent.width + 2 * marginPx,
    height: extent.height + 2 * marginPx,
  });
  const rows = Array.from({ length: extent.height }, (_, r) => [
    extent.row + r,
    extent.col,
    extent.col + extent.width - 1,
  ]);
  const all = seenMap([Int32Array.from(rows.flat())], extent.row, extent.height);
  const counts = countCells(wide, extent, marginPx, all);

  it('counts every seen pixel once and cells at the edge as partly seen', () => {
    expect(counts.seen.reduce((a, b) => a + b)).toBe(extent.width * extent.height);
    const inner = [...counts.total].filter((total, k) => total > 0 && counts.seen[k] === total);
    const partly = [...counts.total].filter((total, k) => (counts.seen[k] ?? 0) > 0 && (counts.seen[k] ?? 0) < total);
    expect(inner.length).toBeGreaterThan(1000);
    expect(partly.length).toBeGreaterThan(100);
    // A cell of 1/1024 degree holds about (1/1024 / 9e-5)² pixels, wherever it lies.
    const expected = (1 / CELLS_PER_DEGREE / 9e-5) ** 2;
    for (let k = 0; k < counts.total.length; k++) {
      if ((counts.seen[k] ?? 0) > 0) expect(Math.abs((counts.total[k] ?? 0) - expected)).toBeLessThan(expected * 0.2);
    }
  });

  it('puts a pixel into the same cell however the runs are cut', () => {
    const pieces = rows.flatMap(([row = 0, from = 0, to = 0]) => [row, from, from + 33, row, from + 34, to]);
    const cut = countCells(wide, extent, marginPx, seenMap([Int32Array.from(pieces)], extent.row, extent.height));
    expect(cut.seen).toEqual(counts.seen);
  });
});
