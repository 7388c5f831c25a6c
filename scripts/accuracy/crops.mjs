/** crops: the bundled Sentinel-2 pairs (fixtures/accuracy), read once. Contain modified Copernicus Sentinel data 2015–2018. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';
import { readScene } from '../train-mining/scene.mjs';

export const FIXTURES = fileURLToPath(new URL('../../fixtures/accuracy', import.meta.url));
export const CROPS = ['dubai', 'valencia', 'brasilia', 'chongqing'];

/** @returns name → scene with `frame` (srs, transform). */
export function readCrops(names = CROPS) {
  return Object.fromEntries(
    names.map((name) => {
      const folder = join(FIXTURES, name);
      const file = gdal.open(join(folder, 't2.tif'));
      const frame = { srs: file.srs, transform: file.geoTransform };
      return [name, { ...readScene(folder), frame }];
    }),
  );
}
