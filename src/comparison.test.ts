import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScores } from './adapters/files/raw-raster.js';
import { createPool } from './adapters/pool/pool.js';
import { blocksOf, componentsOf, fitPair, seenShares } from './comparison.js';
import type { ChangeKind } from './model/change.js';
import type { PairUse, RasterUse } from './model/raster.js';
import { recipeSchema } from './model/recipe.js';
import type { WorkPool } from './ports/work-pool.js';

const demo = fileURLToPath(new URL('../fixtures/demo/', import.meta.url));
const ROLES = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'] as const;
const use = (file: string): RasterUse => ({
  path: join(demo, file),
  bands: ROLES.map((role, i) => ({ role, index: i + 1 })),
  sensor: 'sentinel-2',
  acquiredOn: null,
});
const pair: PairUse = {
  before: use('s2-2017-04-14.tif'),
  after: use('s2-2018-04-02.tif'),
  masks: [{ date: 'after', code: 'scl', path: join(demo, 's2-2018-04-02-scl.tif') }],
};

let pool: WorkPool;
let dir = '';
beforeAll(() => {
  pool = createPool(2);
  dir = mkdtempSync(join(tmpdir(), 'tuban-blocks-'));
});
afterAll(async () => {
  await pool.close();
  rmSync(dir, { recursive: true });
});

async function compared(kind: ChangeKind, blockPx: number) {
  const recipe = recipeSchema.parse({ raster: { kind, blockPx } }).raster;
  const { model, extent, grid } = await fitPair(pool, pair, recipe);
  const scorePath = join(dir, `${kind}-${blockPx}`);
  startScores(scorePath, grid, extent);
  const keep = { scorePath, gridWidth: grid.width };
  const blocks = blocksOf(extent, blockPx);
  const results = await Promise.all(blocks.map((block) => pool.run('compare', { pair, model, extent, block, keep })));
  const components = componentsOf(results, model);
  const shareOf = seenShares(results, extent);
  return {
    blocks: blocks.length,
    model,
    components,
    shares: components.map((c) => shareOf(c.component)),
    scores: readFileSync(scorePath),
  };
}

describe('a pair compared in blocks of any size', () => {
  it.each(['mining', 'any'] as const)('gives the same scores and patches (%s)', async (kind) => {
    const whole = await compared(kind, 4096);
    expect(whole.blocks).toBe(1);
    expect(whole.components.length).toBeGreaterThan(5);
    for (const blockPx of [256, 300]) {
      const cut = await compared(kind, blockPx);
      expect(cut.blocks).toBeGreaterThan(5);
      expect(cut.model).toEqual(whole.model);
      expect(Buffer.compare(cut.scores, whole.scores)).toBe(0);
      expect(cut.components).toEqual(whole.components);
      expect(cut.shares).toEqual(whole.shares);
    }
  });

  it('does not look under a cloud', async () => {
    const { components, scores } = await compared('mining', 512);
    const values = new Float32Array(scores.buffer, scores.byteOffset, scores.length / 4);
    const unseen = values.filter((v) => Number.isNaN(v)).length / values.length;
    expect(unseen).toBeGreaterThan(0.005);
    expect(
      components.every(({ judgement }) => judgement.keep && judgement.confidence >= 0 && judgement.confidence <= 1),
    ).toBe(true);
  });
});
