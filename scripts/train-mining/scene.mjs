/** scene: a folder with t1.tif and t2.tif (6 bands B02 B03 B04 B08 B11 B12, or 13 Sentinel-2 bands) becomes planar arrays. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { median } from './plant.mjs';

export const SIX = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'];
const OF_13 = [2, 3, 4, 8, 12, 13];

export function readBands(path, indices) {
  const file = gdal.open(path);
  const { x: width, y: height } = file.rasterSize;
  const bands = indices.map((index) => {
    const out = new Float32Array(width * height);
    file.bands.get(index).pixels.read(0, 0, width, height, out, { type: gdal.GDT_Float32 });
    return out;
  });
  file.close();
  return { width, height, bands };
}

export function readScene(folder) {
  const count = gdal.open(join(folder, 't2.tif')).bands.count();
  const indices = count >= 13 ? OF_13 : count >= 6 ? [1, 2, 3, 4, 5, 6] : [1, 2, 3, 4];
  const first = readBands(join(folder, 't1.tif'), indices);
  const second = readBands(join(folder, 't2.tif'), indices);
  const roles = SIX.slice(0, indices.length);
  const seen = new Uint8Array(first.width * first.height);
  for (let i = 0; i < seen.length; i++) {
    let valid = first.bands[0][i] > 0 && second.bands[0][i] > 0 ? 1 : 0;
    for (let b = 1; b < roles.length; b++) if (first.bands[b][i] === 0 && second.bands[b][i] === 0) valid = 0;
    seen[i] = valid;
  }
  return {
    folder,
    width: first.width,
    height: first.height,
    roles,
    before: first.bands,
    after: second.bands,
    seen,
    medians: second.bands.map((band) => median(band)),
    darkest: second.bands.map((band) => Float64Array.from(band).sort()[Math.floor(band.length * 0.004)]),
  };
}

/** The pair that a detector sees, with only the named roles (visible light only, no short-wave infrared …). */
export function pairOf(scene, after, roles) {
  const at = roles.map((role) => scene.roles.indexOf(role));
  return {
    width: scene.width,
    height: scene.height,
    roles,
    before: at.map((b) => scene.before[b]),
    after: at.map((b) => after[b]),
    seen: scene.seen,
  };
}

/**
 * Windows of a 2 m pair folder (t0.tif, t1.tif with blue, green, red, near infrared; truth.geojson with the field `id` in the pair's
 * own coordinates) as pairs with their truth.
 */
export function readFinePair(folder, side, limit) {
  const file = gdal.open(join(folder, 't1.tif'));
  const { x: width, y: height } = file.rasterSize;
  const [x0, dx, , y0, , dy] = file.geoTransform;
  file.close();
  const truthPath = join(mkdtempSync(join(tmpdir(), 'truth-')), 'truth.tif');
  execFileSync(
    'gdal_rasterize',
    [
      ...['-q', '-a', 'id', '-ot', 'Int32', '-te', x0, y0 + dy * height, x0 + dx * width, y0, '-ts', width, height],
      ...[join(folder, 'truth.geojson'), truthPath],
    ].map(String),
  );
  const windows = [];
  for (let row = 0; row + side <= height; row += side) {
    for (let col = 0; col + side <= width && windows.length < limit; col += side) {
      const read = (path, index) => {
        const out = new Float32Array(side * side);
        const raster = gdal.open(path);
        raster.bands.get(index).pixels.read(col, row, side, side, out, { type: gdal.GDT_Float32 });
        raster.close();
        return out;
      };
      const bands = (name) => [1, 2, 3, 4].map((index) => read(join(folder, name), index));
      const before = bands('t0.tif');
      const after = bands('t1.tif');
      const seen = Uint8Array.from(before[0], (value, i) => (value > 0 && after[0][i] > 0 ? 1 : 0));
      const truth = Int32Array.from(read(truthPath, 1), (value, i) => (seen[i] ? value : 0));
      windows.push({ width: side, height: side, roles: SIX.slice(0, 4), before, after, seen, truth });
    }
  }
  return windows;
}

/** The scene with its dates in the other order. */
export function flipped(scene) {
  return {
    ...scene,
    before: scene.after,
    after: scene.before,
    medians: scene.before.map((band) => median(band)),
    darkest: scene.before.map((band) => Float64Array.from(band).sort()[Math.floor(band.length * 0.004)]),
  };
}
