import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rasterFolder, writeTiny } from '../../testing/rasters.js';
import { moved, noise } from '../../testing/texture.js';
import { measureField } from './measure-field.js';

const SIDE = 400;
const folder = rasterFolder();
const paths = ['t1.tif', 't2.tif'].map((name) => folder.path(name)) as [string, string];

beforeAll(() => {
  const still = moved(5, SIDE, SIDE, 0, 0);
  const west = moved(5, SIDE, SIDE, -3, 0);
  const east = moved(5, SIDE, SIDE, 3, 0);
  const speck = noise(SIDE * SIDE, 9);
  const at = (plane: Float32Array, i: number) => Math.round(1000 + 2 * (plane[i] ?? 0) + 4 * (speck[i] ?? 0));
  const write = (path: string, value: (col: number, i: number) => number) =>
    writeTiny(path, { width: SIDE, height: SIDE, bands: [(col, row) => value(col, row * SIDE + col)] });
  write(paths[0], (_col, i) => at(still, i));
  write(paths[1], (col, i) => at(col < SIDE / 2 ? west : east, i));
});
afterAll(() => folder.remove());

describe('measureField', () => {
  const extent = { col: 0, row: 0, width: SIDE, height: SIDE };
  const whole = { x: 0, y: 0, residualPx: 3, tiles: 9 };
  const measured = (role: 'sar' | 'red') => {
    const use = (path: string) => ({ path, bands: [{ role, index: 1 }], sensor: '', acquiredOn: null });
    return measureField({ before: use(paths[0]), after: use(paths[1]), masks: [] }, extent, whole, 2);
  };

  it('follows a shift that differs between two halves of an optical pair', () => {
    const { field } = measured('red');
    if (!field) throw new Error('one shift was kept');
    const middle = Math.floor(field.rows / 2) * field.cols;
    expect((field.x[middle] ?? 0) / 64).toBeGreaterThan(2.5);
    expect((field.x[middle + field.cols - 1] ?? 0) / 64).toBeLessThan(-2.5);
  });

  it('keeps the one shift of a radar pair: windows of speckle match by chance and would refuse good ground', () => {
    expect(measured('sar')).toBe(whole);
  });
});
