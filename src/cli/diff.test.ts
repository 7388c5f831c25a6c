import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lonLat } from '../adapters/gdal/lon-lat.js';
import { writeRasterFile } from '../testing/raster-file.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const SIZE = 240;
/** Pixels of the planted pit: 30 × 20 of 10 m. */
const PIT = { col: 100, row: 80, width: 30, height: 20 };
const ROLES = 'blue,green,red,nir,swir1,swir2';

let dir = '';
let before = '';
let after = '';

/** Vegetation with texture; the pit is bare and bright. Values in reflectance × 10 000. */
function scene(path: string, pit: boolean, gain: number, dx = 0): string {
  const vegetation = [400, 650, 500, 3000, 1800, 900];
  const bare = [1400, 1800, 2200, 2700, 3300, 2900];
  const noise = (c: number, r: number, b: number): number =>
    (Math.imul(c * 73856093 + r * 19349663 + b * 83492791, 2654435761) >>> 20) / 4096 - 0.5;
  const inPit = (c: number, r: number): boolean =>
    c >= PIT.col && c < PIT.col + PIT.width && r >= PIT.row && r < PIT.row + PIT.height;
  return writeRasterFile({
    path,
    width: SIZE,
    height: SIZE,
    epsg: 4549,
    transform: [500000 + dx, 10, 0, 4000000, 0, -10],
    bands: vegetation.map((value, b) => (c: number, r: number) => {
      const ground = (pit && inPit(c, r) ? (bare[b] ?? 0) : value) * (1 + 0.12 * Math.sin(c / 9) * Math.cos(r / 7));
      return Math.round(gain * (ground + 60 * noise(c, r, b)));
    }),
  });
}

function tuban(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: dir }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-diff-'));
  before = scene(join(dir, 'before.tif'), false, 1);
  after = scene(join(dir, 'after.tif'), true, 1.15);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('tuban diff', () => {
  it('finds a pit across a licence and writes every format', async () => {
    // The licence covers the western half of the pit (15 × 20 pixels).
    const toLonLat = lonLat('EPSG:4549');
    const corner = (col: number, row: number) => toLonLat.toLonLat(500000 + col * 10, 4000000 - row * 10);
    const ring = [corner(60, 60), corner(115, 60), corner(115, 120), corner(60, 120), corner(60, 60)];
    const licences = {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { 许可证号: 'C123', 有效期起: '2020-01-01', 有效期止: '2030-01-01' },
          geometry: { type: 'Polygon', coordinates: [ring] },
        },
      ],
    };
    writeFileSync(join(dir, 'licences.geojson'), JSON.stringify(licences));
    const outs = ['p.geojson', 'p.gpkg', 'p.shp', 'p.html'];
    const { status, stdout, stderr } = await tuban(
      'diff',
      before,
      after,
      '--bands',
      ROLES,
      '--layer',
      'licences=licences.geojson',
      '--date-before',
      '2026-03-01',
      '--date-after',
      '2026-08-01',
      ...outs.flatMap((out) => ['--out', out]),
      '--score',
      'score.tif',
      '--change',
      'change.tif',
      '--json',
    );
    expect(stderr).not.toMatch(/Error|at .*\.js/);
    expect(status).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ patches: 1, seen_share: 1 });
    expect(result.change_m2).toBeGreaterThan(0.9 * 60000);
    expect(result.change_m2).toBeLessThan(1.1 * 60000);
    for (const out of [...outs, 'score.tif', 'change.tif']) expect(existsSync(join(dir, out))).toBe(true);
    const patches = JSON.parse(readFileSync(join(dir, 'p.geojson'), 'utf8')) as {
      features: { properties: Record<string, unknown> }[];
    };
    const properties = patches.features[0]?.properties ?? {};
    expect(Number(properties.outside_m2)).toBeGreaterThan(0.85 * 30000);
    expect(Number(properties.outside_m2)).toBeLessThan(1.15 * 30000);
    expect(properties).toMatchObject({ violation: ['beyond-boundary'], licence_no: 'C123' });
    const change = gdal.open(join(dir, 'change.tif')).bands.get(1).pixels.read(0, 0, SIZE, SIZE);
    expect(change[(PIT.row + 10) * SIZE + PIT.col + 15]).toBe(1);
    expect(change[10 * SIZE + 10]).toBe(0);
    // Links that a person may follow, but nothing that the page fetches by itself.
    expect(readFileSync(join(dir, 'p.html'), 'utf8')).not.toMatch(
      /src="https?:|<link[^>]*https?:|url\(["']?https?:|fetch\(/,
    );
  });

  it('gives the same result with one process and with three', async () => {
    const one = await tuban('diff', before, after, '--bands', ROLES, '--jobs', '1', '--out', 'one.geojson', '--json');
    const three = await tuban(
      'diff',
      before,
      after,
      '--bands',
      ROLES,
      '--jobs',
      '3',
      '--out',
      'three.geojson',
      '--json',
    );
    expect([one.status, three.status]).toEqual([0, 0]);
    expect(readFileSync(join(dir, 'three.geojson'), 'utf8')).toBe(readFileSync(join(dir, 'one.geojson'), 'utf8'));
  });

  it.each(['mining', 'any'])('finds nothing between identical files (%s)', async (kind) => {
    const { status, stdout } = await tuban('diff', after, after, '--bands', ROLES, '--kind', kind, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ patches: 0, change_m2: 0, shift_px: [0, 0] });
  });

  it('refuses what cannot be compared with status 2, one sentence and no stack', async () => {
    const far = scene(join(dir, 'far.tif'), false, 1, 900000);
    writeFileSync(join(dir, 'text.tif'), 'this is not an image\n');
    const plain = writeRasterFile({
      path: join(dir, 'plain.tif'),
      width: 80,
      height: 80,
      type: 'uint8',
      bands: [(c, r) => (c * 7 + r * 13) % 200],
    });
    const calls: [string[], RegExp][] = [
      [['diff', before, far, '--bands', ROLES], /没有重叠/],
      [['diff', before, 'nowhere.tif'], /nowhere\.tif/],
      [['diff', before, 'text.tif'], /text\.tif/],
      [['diff', plain, plain, '--kind', 'any', '--out', 'x.gpkg'], /没有坐标系/],
      [['diff', before, plain, '--kind', 'any', '--bands-before', 'red', '--json'], /坐标系|波段/],
      [['diff', before, after, '--layer', 'licence=x.shp'], /--layer/],
      [['diff', before, after, '--out', 'x.doc'], /--out/],
      [['diff', before, after, '--min-area', '-5'], /--min-area/],
      [['diff', before, after, '--date-before', '2026-13-01'], /--date-before/],
      [['diff', before, after, '--kind', 'else'], /kind/],
      [['diff', before], /after/],
    ];
    for (const [args, words] of calls) {
      const { status, stdout, stderr } = await tuban(...args);
      expect({ args, status, stdout }).toEqual({ args, status: 2, stdout: '' });
      expect(stderr).toMatch(words);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  it('compares files without coordinate system in pixels', async () => {
    const t1 = writeRasterFile({
      path: join(dir, 'q1.tif'),
      width: 120,
      height: 120,
      type: 'uint8',
      bands: [(c, r) => 60 + ((c * 7 + r * 13) % 23)],
    });
    const t2 = writeRasterFile({
      path: join(dir, 'q2.tif'),
      width: 120,
      height: 120,
      type: 'uint8',
      bands: [(c, r) => (c > 40 && c < 70 && r > 50 && r < 80 ? 180 : 60) + ((c * 7 + r * 13) % 23)],
    });
    const { status, stdout } = await tuban(
      'diff',
      t1,
      t2,
      '--kind',
      'any',
      '--score',
      's2.tif',
      '--change',
      'c2.tif',
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ patches: 1, change_m2: null });
    const change = gdal.open(join(dir, 'c2.tif')).bands.get(1).pixels.read(0, 0, 120, 120) as Uint8Array;
    expect(change.filter((v) => v === 1).length).toBeGreaterThan(0.8 * 29 * 29);
    expect(change.filter((v) => v === 1).length).toBeLessThan(1.2 * 29 * 29);
  });

  it('tells season from what is new by earlier images, and wants their dates', async () => {
    const dates = ['--date-before', '2026-05-10', '--date-after', '2026-10-12'];
    const history = (path: string, date: string): string[] => ['--history', `${path}@${date}`];
    const autumns = ['2024-10-20', '2025-10-05'].flatMap((date) =>
      history(scene(join(dir, `${date}.tif`), true, 0.9), date),
    );
    const green = history(scene(join(dir, 'green.tif'), false, 1.1), '2025-06-01');
    const compare = (...more: string[]) =>
      tuban('diff', before, after, '--bands', ROLES, ...dates, '--json', '--out', 'seen.geojson', ...more);
    const patches = (): { properties: Record<string, unknown> }[] =>
      JSON.parse(readFileSync(join(dir, 'seen.geojson'), 'utf8')).features;

    expect(JSON.parse((await compare(...autumns, ...green)).stdout)).toMatchObject({ patches: 0, seasonal_dropped: 1 });
    expect(patches()).toEqual([]);
    expect(JSON.parse((await compare(...green)).stdout)).toMatchObject({ patches: 1, seasonal_dropped: 0 });
    expect(patches()[0]?.properties).toMatchObject({
      history: 'new',
      hist_dates: 1,
      hist_seen: 1,
      hist_from: '2025-06-01',
      reasons: expect.stringContaining('历史影像 1 期，其中 1 期可用（2025Q2），此前各期均为植被，本期首次出现裸露'),
    });
    expect(JSON.parse((await compare()).stdout)).toMatchObject({ patches: 1, seasonal_dropped: 0 });
    expect(patches()[0]?.properties).toMatchObject({
      history: 'unknown',
      hist_from: null,
      reasons: expect.stringContaining('仅有前后两期影像，未能排除季节变化'),
    });
    const undated = await compare('--history', join(dir, 'green.tif'));
    expect([undated.status, undated.stderr]).toEqual([2, expect.stringContaining('@YYYY-MM-DD')]);
    const misdated = await compare(...history(join(dir, 'green.tif'), '16-13-99'));
    expect([misdated.status, misdated.stderr]).toEqual([2, expect.stringContaining('16-13-99')]);
    expect(misdated.stderr).not.toContain('no such file');
    const elsewhere = history(scene(join(dir, 'elsewhere.tif'), false, 1, 50_000), '2025-06-01');
    expect((await compare(...elsewhere)).stderr).toContain('no earlier image reaches any patch');
  }, 60_000);
});
