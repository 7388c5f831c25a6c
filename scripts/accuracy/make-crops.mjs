/**
 * Makes the image pairs of fixtures/accuracy from a folder that holds oscd_dubai, oscd_valencia, oscd_brasilia, oscd_chongqing (Sentinel-2,
 * 6 or 13 bands) and taizhou (Landsat-7, with truth.tif): windows of six bands, unchanged values.
 *   node scripts/accuracy/make-crops.mjs --source DIR [--out fixtures/accuracy]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import gdal from 'gdal-async';
import { writeTiff } from '../fixtures/write-tiff.mjs';

const SIX = ['B02', 'B03', 'B04', 'B08', 'B11', 'B12'];
const OF_13 = [2, 3, 4, 8, 12, 13];
const SIDE = 360;
/** Where each window begins: fields and town (Valencia), lake and savanna town (Brasília), sand and gardens (Dubai), green hills (Chongqing). */
const WINDOWS = {
  dubai: { folder: 'oscd_dubai', col: 120, row: 290, dates: ['2015-12-11', '2018-03-30'] },
  valencia: { folder: 'oscd_valencia', col: 116, row: 98, dates: ['2016-07-30', '2017-11-07'] },
  brasilia: { folder: 'oscd_brasilia', col: 109, row: 0, dates: ['2015-09-16', '2017-10-17'] },
  chongqing: { folder: 'oscd_chongqing', col: 184, row: 370, dates: ['2017-04-14', '2018-04-02'] },
};
const LANDSAT_NAMES = ['B1', 'B2', 'B3', 'B4', 'B5', 'B7'];

function copy(from, to, { col, row, width, height }, indices, names, notice) {
  const file = gdal.open(from);
  const type = file.bands.get(1).dataType;
  const [x0, dx, rx, y0, ry, dy] = file.geoTransform;
  const planes = indices.map((index) => file.bands.get(index).pixels.read(col, row, width, height));
  const like = { width, height, srs: file.srs, transform: [x0 + col * dx, dx, rx, y0 + row * dy, ry, dy] };
  writeTiff(to, like, planes, type, { TIFFTAG_COPYRIGHT: notice }, names);
  file.close();
}

const { values } = parseArgs({
  options: { source: { type: 'string' }, out: { type: 'string', default: 'fixtures/accuracy' } },
});
if (!values.source) {
  process.stderr.write('Usage: node scripts/accuracy/make-crops.mjs --source DIR [--out DIR]\n');
  process.exit(2);
}
for (const [name, { folder, dates, ...at }] of Object.entries(WINDOWS)) {
  mkdirSync(join(values.out, name), { recursive: true });
  for (const [k, date] of dates.entries()) {
    const from = join(values.source, folder, `t${k + 1}.tif`);
    const count = gdal.open(from).bands.count();
    const indices = count >= 13 ? OF_13 : [1, 2, 3, 4, 5, 6];
    const notice = `Contains modified Copernicus Sentinel data ${date.slice(0, 4)}`;
    copy(from, join(values.out, name, `t${k + 1}.tif`), { ...at, width: SIDE, height: SIDE }, indices, SIX, notice);
  }
}
mkdirSync(join(values.out, 'taizhou'), { recursive: true });
const whole = { col: 0, row: 0, width: 400, height: 400 };
const landsat = 'Landsat-7 imagery courtesy of the U.S. Geological Survey; pair of ChangeDetectionRepository (MIT)';
for (const name of ['t1.tif', 't2.tif']) {
  const [from, to] = [join(values.source, 'taizhou', name), join(values.out, 'taizhou', name)];
  copy(from, to, whole, [1, 2, 3, 4, 5, 6], LANDSAT_NAMES, landsat);
}
const truth = ['taizhou', 'truth.tif'];
copy(
  join(values.source, ...truth),
  join(values.out, ...truth),
  whole,
  [1],
  ['truth'],
  'ChangeDetectionRepository (MIT)',
);
