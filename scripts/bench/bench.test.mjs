import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finePair } from '../accuracy/fine-pair.mjs';
import { findPostgres } from '../test/servers.mjs';
import { withBench } from './document.mjs';
import { median, ratios, spread } from './figures.mjs';
import { imageTables } from './image-tables.mjs';
import { makeLayers } from './layers.mjs';
import { childSeconds, measure } from './measure.mjs';
import * as overlay from './overlay.mjs';
import { ensurePair } from './pair.mjs';
import { scorePatches } from './score.mjs';
import { planSquares } from './squares.mjs';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-bench-test-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const OPTIONS = { size: 700, seed: 7, kind: 'dense', square: 350 };

function planes(path) {
  const file = gdal.open(path);
  const { x, y } = file.rasterSize;
  const out = [1, 2, 3, 4].map((b) => file.bands.get(b).pixels.read(0, 0, x, y));
  file.close();
  return out;
}

/** Compared far faster than numbers one by one. */
const bytesOf = (plane) => Buffer.from(plane.buffer, plane.byteOffset, plane.byteLength).toString('base64');

describe('the pair maker', () => {
  let pair;
  beforeAll(async () => {
    pair = await ensurePair({ root: join(dir, 'first'), ...OPTIONS });
  });

  it('gives the same bytes for the same seed, and keeps what it made', async () => {
    await ensurePair({ root: join(dir, 'second'), ...OPTIONS });
    const [folder] = readdirSync(join(dir, 'first'));
    const names = readdirSync(join(dir, 'first', folder)).sort();
    expect(names.filter((name) => name.endsWith('.tif')).length).toBe(4);
    expect(names.filter((name) => name.endsWith('.raw'))).toEqual([]);
    for (const name of names)
      expect(
        readFileSync(join(dir, 'second', folder, name)).equals(readFileSync(join(dir, 'first', folder, name))),
      ).toBe(true);
    expect(await ensurePair({ root: join(dir, 'first'), ...OPTIONS })).toEqual(pair);
    expect(readdirSync(join(dir, 'first'))).toEqual([folder]);
  });

  it('puts every square where it belongs, up to the seams, on both dates', () => {
    const images = { before: planes(pair.plain.before), after: planes(pair.plain.after) };
    for (const { x, y, width, height, side, seed, mines } of planSquares(OPTIONS)) {
      const made = finePair({ size: side, seed, mines, shift: 0, border: false });
      // the wedges without data reach 21 pixels in
      const [left, rows] = [x === 0 ? 21 : 0, Math.min(height, 679 - y)];
      for (const date of ['before', 'after']) {
        for (let row = 0; row < rows; row++) {
          const at = (y + row) * 700 + x;
          const line = images[date].map((plane) => plane.subarray(at + left, at + width));
          const wanted = made[date].map((plane) => plane.subarray(row * side + left, row * side + width));
          expect(line.map(bytesOf)).toEqual(wanted.map(bytesOf));
        }
      }
    }
  });

  it('leaves wedges without data at the edge, and has the same pixels in the COG', () => {
    const [blue] = planes(pair.plain.before);
    expect(blue[0]).toBe(0);
    expect(blue[699 * 700 + 699]).toBe(0);
    expect(blue.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0) / blue.length).toBeLessThan(0.05);
    expect(planes(pair.cog.after).map(bytesOf)).toEqual(planes(pair.plain.after).map(bytesOf));
    expect(gdal.open(pair.cog.after).bands.get(1).overviews.count()).toBeGreaterThan(0);
  });

  it('has as many pits as the kind asks for, where the truth says', () => {
    const pits = (options) => planSquares({ ...options, seed: 1, square: 2500 }).map(({ mines }) => mines);
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    expect(sum(pits({ size: 10_000, kind: 'dense' }))).toBe(125);
    expect(pits({ size: 10_000, kind: 'sparse' }).filter((n) => n === 1).length).toBe(12);
    expect(scorePatches(pair.truth, pair.truth)).toMatchObject({ recall: 1, precision: 1 });
  });
});

describe('measuring', () => {
  it('sees the memory of a grandchild', async () => {
    const hold = 'const b = Buffer.alloc(200e6, 1); setTimeout(() => b.length, 700)';
    const start = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold)}])`;
    const result = await measure([process.execPath, '-e', start], { memory: true });
    expect(result.status).toBe(0);
    expect(result.seconds).toBeGreaterThan(0.6);
    expect(result.peakBytes).toBeGreaterThan(200e6);
  });

  it('gives status, messages and processor time of what it ran', async () => {
    const work =
      'for (let c; c = process.cpuUsage(), c.user + c.system < 4e5; ); console.log("what"); console.error("why"); process.exit(3)';
    const result = await measure([process.execPath, '-e', work]);
    expect(result).toMatchObject({ status: 3, stdout: 'what\n', stderr: 'why\n', peakBytes: null });
    expect(result.cpuSeconds).toBeGreaterThan(0.35);
    expect(childSeconds('0m0.00s 0m0.00s\n1m2.50s 0m0.25s\n')).toBe(62.75);
  });
});

describe('figures', () => {
  it('are medians with their spread, and ratios within a round', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(spread([3, 1, 2])).toEqual({ middle: 2, least: 1, most: 3 });
    // the second round was slow for both
    expect(ratios([6, 30, 9], [2, 10, 2])).toEqual({ middle: 3, least: 3, most: 4.5 });
  });

  const row = (competitor, seconds, more = {}) => ({
    ...{ size: 1000, kind: 'dense', form: 'plain', competitor, label: competitor, installed: true, failed: false },
    ...{ seconds, cpuSeconds: seconds, peakBytes: 5e6, readShare: 1 },
    ...more,
  });
  const half = { size: 500 };
  const score = { patches: 4, pits: 2, recall: 0.5, precision: 0.25, outsideError: -0.1 };

  it('become tables that name what is not installed', () => {
    const rows = [
      row('decode', [1, 2]),
      row('tuban', [4, 8], { score }),
      row('tuban-one', [8, 8]),
      row('otb', [], { installed: false }),
      row('tuban', [2, 2], half),
      row('tuban-one', [4, 4], half),
    ];
    const scenes = ['plain', 'cog'].flatMap((form) =>
      ['dense', 'sparse'].map((kind) => row('decode', [1, 1], { form, kind })),
    );
    const tables = imageTables([...rows, ...scenes.slice(1)], [1000], ['dense', 'sparse']);
    const lines = tables.flatMap((table) => table.lines);
    expect(tables[0].title).toBe('1000 × 1000, dense (2 pits), plain GeoTIFF');
    expect(lines).toContain(
      '| tuban | 6.00 (4.00–8.00) | 4.00 (4.00–4.00) | 0.2 | 100 % | 6.0 | 5 | 4 | 0.50 | 0.25 | −10.0 % |',
    );
    expect(lines).toContain('| otb | not installed |  |  |  |  |  |  |  |  |  |');
    expect(lines).toContain('| 1 process | 4.00 (4.00–4.00) | 8.00 (8.00–8.00) | 0.50 (0.50–0.50) |');
  });

  it('go between the marks of their section, again and again', () => {
    const first = withBench('# Performance\n', 'images', 'one');
    expect(first).toContain(
      '<!-- bench images -->\n## What `npm run bench` measures: images\n\none\n<!-- /bench images -->',
    );
    expect(withBench(first, 'images', 'two')).toBe(first.replace('one', 'two'));
    const both = withBench(first, 'overlay', 'three');
    expect(withBench(both, 'images', 'two')).toBe(both.replace('one', 'two'));
  });
});

describe('the layers for the overlay', () => {
  const options = { patches: 600, licences: 60, seed: 3 };

  it('are the same for the same seed, closed, and of the asked sizes', () => {
    const { patches, licences } = makeLayers(options);
    expect(makeLayers(options)).toEqual({ patches, licences });
    expect(makeLayers({ ...options, seed: 4 }).patches[0]).not.toEqual(patches[0]);
    for (const [ring] of [...patches, ...licences]) expect(ring.at(-1)).toEqual(ring[0]);
    expect(licences.every(([ring]) => ring.length === 41)).toBe(true);
    const corners = patches.map(([ring]) => ring.length - 1);
    expect([Math.min(...corners), Math.max(...corners)]).toEqual([24, 119]);
  });

  it.skipIf(findPostgres().bin === null)('give the same pairs and areas here and in PostGIS', async () => {
    const { tables, raw, failures } = await overlay.run({ rounds: 1, seed: 3, say: () => {}, layers: options });
    expect(failures).toBe(0);
    expect(raw.agreement.pairs).toBeGreaterThan(50);
    expect(raw.agreement.pairs).toBe(raw.agreement.theirPairs);
    expect(raw.rows.map(({ id }) => id)).toEqual(['join', 'join-parallel', 'areas', 'judge']);
    expect(tables[0].lines.join('\n')).toContain('| **tuban**, judgement and score |');
    expect(raw.memory.map(({ step, patches }) => `${step} ${patches}`)).toEqual([
      ...['areas 150', 'judge 150', 'areas 600', 'judge 600'],
    ]);
    for (const { restingBytes, peakBytes } of raw.memory) expect(peakBytes[0]).toBeGreaterThan(0.5 * restingBytes[0]);
  });
});
