/**
 * write: a made pair as files t1.tif, t2.tif, truth.tif, cause.tif (1 where the cause shows) in a folder.
 *   node scripts/accuracy/deceivers/write.mjs --out DIR [--only ID…]     writes the whole set, one folder each
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import gdal from 'gdal-async';
import { writeTiff } from '../../fixtures/write-tiff.mjs';
import { CROPS, readCrops } from '../crops.mjs';
import { DECEIVERS, makeDeceiver } from './causes.mjs';

const NAMES = ['B02', 'B03', 'B04', 'B08', 'B11', 'B12'];
const NOTICE = 'Contains modified Copernicus Sentinel data 2015-2018; altered on purpose for testing';

/** Means of block × block pixels. */
function coarser(band, width, height, block) {
  const [w, h] = [Math.floor(width / block), Math.floor(height / block)];
  return Float32Array.from({ length: w * h }, (_, i) => {
    let sum = 0;
    for (let v = 0; v < block; v++) {
      for (let u = 0; u < block; u++) sum += band[(Math.floor(i / w) * block + v) * width + (i % w) * block + u];
    }
    return sum / block ** 2;
  });
}

/** @param frame: srs and transform of the pair's grid. */
export function writePair(folder, pair, frame) {
  mkdirSync(folder, { recursive: true });
  const { width, height } = pair;
  for (const [name, bands, { type, block }] of [
    ['t1.tif', pair.before, pair.files.before],
    ['t2.tif', pair.after, pair.files.after],
  ]) {
    const [x0, dx, rx, y0, ry, dy] = frame.transform;
    const like = {
      srs: frame.srs,
      width: Math.floor(width / block),
      height: Math.floor(height / block),
      transform: [x0, dx * block, rx, y0, ry, dy * block],
    };
    const Plane = type === 'uint8' ? Uint8Array : Uint16Array;
    const planes = bands.map((band) =>
      Plane.from(block === 1 ? band : coarser(band, width, height, block), (v) => Math.round(v)),
    );
    writeTiff(
      join(folder, name),
      like,
      planes,
      type === 'uint8' ? gdal.GDT_Byte : gdal.GDT_UInt16,
      { TIFFTAG_COPYRIGHT: NOTICE },
      // one band is radar: it must not be called blue
      planes.length === 1 ? [] : NAMES,
      1,
    );
  }
  const like = { ...frame, width, height };
  for (const name of ['truth', 'cause']) {
    if (pair[name]) writeTiff(join(folder, `${name}.tif`), like, [pair[name]], gdal.GDT_Byte, {}, [name], 1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string', multiple: true } } });
  if (!values.out) {
    process.stderr.write('Usage: node scripts/accuracy/deceivers/write.mjs --out DIR [--only ID…]\n');
    process.exit(2);
  }
  const crops = readCrops(CROPS);
  for (const scene of DECEIVERS.filter(({ id }) => !values.only || values.only.includes(id))) {
    const pair = makeDeceiver(scene, crops);
    writePair(join(values.out, scene.id), pair, crops[scene.ground].frame);
    const count = (list, value) => list.reduce((n, v) => n + (v === value ? 1 : 0), 0);
    process.stdout.write(
      `${scene.id}: pits ${new Set(pair.pits.filter((_n, i) => pair.truth[i] === 2)).size}, cause ${count(pair.cause, 1)} px, hidden ${count(pair.hidden, 1)} px\n`,
    );
  }
}
