import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../dist/src/adapters/pool/pool.js';
import { blocksOf, componentsOf, fitPair, recutComponents } from '../../dist/src/comparison.js';
import { recipeSchema } from '../../dist/src/model/recipe.js';
import { finePair, writeFinePair } from './fine-pair.mjs';

const OPTIONS = { size: 900, seed: 5, mines: 4, shift: 0.3 };
let dir = '';
let pool;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-fine-'));
  pool = createPool(2);
  writeFinePair(dir, OPTIONS);
});
afterAll(async () => {
  await pool.close();
  rmSync(dir, { recursive: true });
});

async function outlines(blockPx) {
  const use = (file) => ({
    path: join(dir, file),
    bands: ['blue', 'green', 'red', 'nir'].map((role, i) => ({ role, index: i + 1 })),
    sensor: 'test',
    acquiredOn: null,
  });
  const pair = { before: use('t0.tif'), after: use('t1.tif'), masks: [] };
  const recipe = recipeSchema.parse({ raster: { kind: 'mining', blockPx } }).raster;
  const fitted = await fitPair(pool, pair, recipe);
  const { model, extent } = fitted;
  const blocks = blocksOf(extent, blockPx);
  const results = await Promise.all(blocks.map((block) => pool.run('compare', { pair, model, extent, block })));
  return recutComponents(pool, fitted, componentsOf(results, model));
}

describe('a made 2 m pair', () => {
  it('is the same for the same seed and another for another', () => {
    const small = { size: 256, seed: 3, mines: 1, shift: 0 };
    expect(finePair(small).after[3]).toEqual(finePair(small).after[3]);
    expect(finePair({ ...small, seed: 4 }).after[3]).not.toEqual(finePair(small).after[3]);
  });

  it('has its pits found, and their outlines drawn again the same whatever the blocks', async () => {
    const whole = await outlines(4096);
    const truth = JSON.parse(readFileSync(join(dir, 'truth.geojson'), 'utf8')).features;
    expect(truth.length).toBe(OPTIONS.mines);
    expect(whole.length).toBeGreaterThan(0);
    for (const blockPx of [256, 300]) expect(await outlines(blockPx)).toEqual(whole);
  });
});
