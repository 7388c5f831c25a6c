/** From coarse to fine and by cells: what is left unread must not matter. Made 2 m pairs; every answer beside the one that reads all. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsAreOf, readCells } from '../../dist/src/adapters/gdal/cells.js';
import { cellBound } from '../../dist/src/adapters/gdal/pair-cells.js';
import { openPair } from '../../dist/src/adapters/gdal/pair-reader.js';
import { createPool } from '../../dist/src/adapters/pool/pool.js';
import { componentsOf, fitPair, recutComponents } from '../../dist/src/comparison.js';
import { recipeSchema } from '../../dist/src/model/recipe.js';
import { compareByOverviews, overviewFactor } from '../../dist/src/overviews.js';
import { compareStrips, stripPlanOf } from '../../dist/src/strips.js';
import { drawCloud } from './draw-cloud.mjs';
import { writeFinePair } from './fine-pair.mjs';

const RECIPE = recipeSchema.parse({ raster: { kind: 'mining', minAreaM2: 400 } }).raster;
let dir = '';
let pool;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-coarse-'));
  pool = createPool(2);
});
afterAll(async () => {
  await pool.close();
  rmSync(dir, { recursive: true });
});

const use = (path) => ({
  path,
  bands: ['blue', 'green', 'red', 'nir'].map((role, i) => ({ role, index: i + 1 })),
  sensor: 'test',
  acquiredOn: null,
});
const pairIn = (folder) => ({ before: use(join(folder, 't0.tif')), after: use(join(folder, 't1.tif')), masks: [] });

/** By strips, all of it read; `later` as large scenes are fitted. */
async function wholly(pair, known = null) {
  const fitted = known ? { ...known, pair } : await fitPair(pool, pair, RECIPE, true);
  const results = await compareStrips(pool, fitted, stripPlanOf(fitted, 128, 2));
  const objects = await recutComponents(pool, fitted, componentsOf(results, fitted.model));
  return { fitted, results, objects };
}

const shapes = (objects) => objects.map(({ component, judgement }) => [[...component.runs], judgement]);

describe('coarse to fine', () => {
  it.each([
    ['averaged overviews', { resampling: 'AVERAGE' }],
    ['nearest overviews', { resampling: 'NEAREST' }],
    ['BEFORE moved by part of a pixel', { resampling: 'AVERAGE', shift: 0.6 }],
    ['clouds on both dates', { resampling: 'AVERAGE', clouds: true }],
  ])('finds what a look at everything finds: %s', async (name, { resampling, shift = 0, clouds = false }) => {
    const folder = join(dir, name.replaceAll(' ', '-'));
    writeFinePair(folder, { size: 1200, seed: 21, mines: 7, shift });
    if (clouds) {
      drawCloud(join(folder, 't1.tif'), { x: 300, y: 420, radius: 90 });
      drawCloud(join(folder, 't0.tif'), { x: 900, y: 940, radius: 70 });
    }
    for (const file of ['t0.tif', 't1.tif']) {
      const dataset = gdal.open(join(folder, file), 'r+');
      dataset.buildOverviews(resampling, [2, 4]);
      dataset.close();
    }
    const pair = pairIn(folder);
    const { fitted, results, objects } = await wholly(pair);
    const coarse = await compareByOverviews(pool, fitted, 4);
    expect(objects.length).toBeGreaterThan(3);
    expect(shapes(coarse.components)).toEqual(shapes(objects));
    // what a cloud hides is looked at in full
    if (!clouds) expect(coarse.readShare).toBeLessThan(0.8);
    const seen = results.reduce((sum, { seenPixels }) => sum + seenPixels, 0);
    expect(Math.abs(coarse.seenPixels - seen) / 1200 ** 2).toBeLessThan(0.02);
  });

  it('takes an overview of both files that is fine enough, and none where there is none', () => {
    expect(overviewFactor([2, 4, 8], [2, 4], 2)).toBe(4);
    expect(overviewFactor([2, 8], [2, 4], 2)).toBe(2);
    expect(overviewFactor([2, 4], [2, 4], 4)).toBe(2);
    expect(overviewFactor([8], [2, 4], 2)).toBeNull();
    expect(overviewFactor([2, 4], [2, 4], null)).toBeNull();
  });

  it('reads all where a part of the scene lies elsewhere', async () => {
    const folder = join(dir, 'moved');
    writeFinePair(folder, { size: 1840, seed: 5, mines: 6, shift: 0 });
    const file = gdal.open(join(folder, 't0.tif'), 'r+');
    for (let b = 1; b <= 4; b++) {
      const { pixels } = file.bands.get(b);
      const half = pixels.read(900, 0, 936, 1840);
      pixels.write(904, 0, 936, 1840, half);
    }
    file.close();
    for (const name of ['t0.tif', 't1.tif']) {
      const dataset = gdal.open(join(folder, name), 'r+');
      dataset.buildOverviews('AVERAGE', [4]);
      dataset.close();
    }
    const fitted = await fitPair(pool, pairIn(folder), RECIPE, true);
    const still = { ...fitted, model: { ...fitted.model, shift: { x: 0, y: 0, residualPx: 0, tiles: 9 } } };
    expect(await compareByOverviews(pool, still, 4)).toBeNull();
  });
});

const SIZE = 1024;
/** A made scene, of which all right of here is forest on both dates. */
const FOREST_FROM = 300;

/** What `draw` says is dug into AFTER's forest. Cells of 16 and tiles of 128 pixels. */
function forest(folder, draw) {
  writeFinePair(folder, { size: SIZE, seed: 9, mines: 1, shift: 0 });
  const width = SIZE - FOREST_FROM;
  for (const [date, name] of ['t0.tif', 't1.tif'].entries()) {
    const dataset = gdal.open(join(folder, name), 'r+');
    for (let b = 0; b < 4; b++) {
      const { pixels } = dataset.bands.get(b + 1);
      const values = pixels.read(FOREST_FROM, 0, width, SIZE);
      for (let i = 0; i < values.length; i++) {
        const [x, y] = [FOREST_FROM + (i % width), Math.floor(i / width)];
        const grain = (Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32 - 0.5;
        const dug = date === 1 ? draw(x, y) : null;
        values[i] = Math.round((dug ?? [330, 520, 380, 2700])[b] * (1 + 0.08 * grain));
      }
      pixels.write(FOREST_FROM, 0, width, SIZE, values);
    }
    dataset.close();
  }
}

const ROCK = [1250, 1450, 1900, 2150];
const disc = (cx, cy, r) => (x, y) => (Math.hypot(x - cx, y - cy) < r ? ROCK : null);

describe('cells', () => {
  it.each([
    ['a pit across the corner of four tiles', disc(640, 640, 22), 1],
    ['a small pit within two cells', disc(712, 520, 14), 1],
    ['pits at the edges of the scene', (x, y) => disc(1021, 400, 30)(x, y) ?? disc(700, 1022, 30)(x, y), 2],
    [
      'single pixels at corners of cells and a line along a seam',
      (x, y) => (x === 640 || (x % 16 === 15 && y % 64 === 0) ? ROCK : null),
      0,
    ],
    [
      'a cloud and its shade',
      (x, y) => {
        if (Math.hypot(x - 500, y - 300) < 80) return [5200, 5050, 4900, 4750];
        return Math.hypot(x - 700, y - 500) < 80 ? [260, 350, 228, 1130] : null;
      },
      0,
    ],
  ])('leave nothing out that matters: %s', async (name, draw, least) => {
    const folder = join(dir, name.replaceAll(' ', '-'));
    forest(folder, draw);
    const made = {};
    for (const file of ['t0.tif', 't1.tif']) {
      const out = join(folder, `made-${file}`);
      expect(await pool.run('optimise', { path: join(folder, file), out })).toEqual({ path: out, made: true });
      made[file] = out;
    }
    const pair = { before: use(made['t0.tif']), after: use(made['t1.tif']), masks: [] };
    const bounded = await wholly(pair);
    // the same files without cells are read as a whole
    const bare = Object.fromEntries(
      Object.entries(made).map(([file, path]) => {
        const copy = join(folder, `bare-${file}`);
        copyFileSync(path, copy);
        return [file, copy];
      }),
    );
    const all = await wholly({ before: use(bare['t0.tif']), after: use(bare['t1.tif']), masks: [] }, bounded.fitted);
    expect(bounded.objects.length).toBeGreaterThanOrEqual(least);
    const found = ({ results }) => results.map(({ patches, seenRuns }) => [patches, [...seenRuns]]);
    expect(found(bounded)).toEqual(found(all));
    expect(shapes(bounded.objects)).toEqual(shapes(all.objects));
    // where little can matter, little is read: else this test would hold for any bound
    const reader = openPair(pair);
    const placing = { grid: reader.grid, tile: reader.tile, offset: { x: 0, y: 0 } };
    const part = { col: FOREST_FROM + 200, row: 0, width: SIZE - FOREST_FROM - 200, height: SIZE };
    const strip = cellBound(pair, bounded.fitted.model, placing).of(part);
    const read = (strip?.need(part) ?? [part]).reduce((sum, { width, height }) => sum + width * height, 0);
    expect(read / (part.width * part.height)).toBeLessThan(name.includes('pit') ? 0.6 : 1.01);
  });

  it('are as if they were not there once the file is another', async () => {
    const folder = join(dir, 'stale');
    forest(folder, () => null);
    const out = join(folder, 'made.tif');
    await pool.run('optimise', { path: join(folder, 't1.tif'), out });
    expect(cellsAreOf(out)).toBe(true);
    expect(await pool.run('optimise', { path: join(folder, 't1.tif'), out })).toEqual({ path: out, made: false });
    const cells = readCells(out, [1, 4]);
    expect([cells.cols, cells.rows, cells.low.length, cells.valid[40]]).toEqual([64, 64, 2, 256]);
    const bytes = readFileSync(out);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(out, bytes);
    utimesSync(out, 1, 1);
    expect(cellsAreOf(out)).toBe(false);
    expect(await pool.run('optimise', { path: join(folder, 't1.tif'), out })).toEqual({ path: out, made: true });
  });
});
