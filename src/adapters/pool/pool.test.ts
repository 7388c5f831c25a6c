import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../model/fault.js';
import type { RasterUse } from '../../model/raster.js';
import { writeRasterFile } from '../../testing/raster-file.js';
import { createPool } from './pool.js';

let dir = '';
let use: RasterUse;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-pool-'));
  const path = writeRasterFile({
    path: join(dir, 'a.tif'),
    width: 40,
    height: 30,
    epsg: 4549,
    bands: [(c, r) => c + r],
  });
  use = { path, bands: [{ role: 'b1', index: 1 }], sensor: 'unknown', acquiredOn: null };
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Processes whose parent is this one and that run the raster entry. */
function children(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.filter((line) => line.includes('raster.js')).map((line) => Number.parseInt(line, 10));
}

describe('createPool', () => {
  it('answers many requests with few children and leaves none behind', async () => {
    const pool = createPool(2);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => pool.run('meet', { pair: { before: use, after: use, masks: [] } })),
    );
    expect(answers.every((answer) => answer.window?.width === 40)).toBe(true);
    expect(children()).toHaveLength(2);
    await pool.close();
    expect(children()).toHaveLength(0);
    await expect(pool.run('meet', { pair: { before: use, after: use, masks: [] } })).rejects.toThrow(Fault);
  });

  it('brings a child’s fault with its code', async () => {
    const pool = createPool(1);
    const missing = { ...use, path: join(dir, 'nowhere.tif') };
    await expect(pool.run('meet', { pair: { before: missing, after: use, masks: [] } })).rejects.toMatchObject({
      code: 'raster.missing',
      blame: 'input',
    });
    await pool.close();
  });

  it('loses only the request of a killed child and goes on', async () => {
    const pool = createPool(1);
    await pool.run('meet', { pair: { before: use, after: use, masks: [] } });
    const [victim] = children();
    const size = { width: 6000, height: 6000 };
    const rawPath = join(dir, 'raw');
    writeFileSync(rawPath, new Uint8Array(size.width * size.height));
    const grid = { crs: '', transform: [0, 1, 0, 0, 0, 1] as const, ...size };
    const long = pool.run('writeRaster', { rawPath, type: 'uint8', noData: null, grid, path: join(dir, 'big.tif') });
    const next = pool.run('meet', { pair: { before: use, after: use, masks: [] } });
    if (victim) process.kill(victim, 'SIGKILL');
    await expect(long).rejects.toMatchObject({ code: 'pool.child-lost', retryable: true });
    expect((await next).window?.height).toBe(30);
    await pool.close();
  });
});
