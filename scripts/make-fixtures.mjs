/**
 * Makes fixtures/demo from a folder laid out as `<source>/oscd_chongqing/t1.tif` and `t2.tif` (Sentinel-2, six bands, same grid):
 *   node scripts/make-fixtures.mjs --source DIR [--out fixtures/demo]
 * Seeded: the same source gives the same files with the same GDAL. fixtures/README.md says what is planted where.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import gdal from 'gdal-async';
import { coverWithCloud } from './fixtures/cloud.mjs';
import { bareGround, digPit, layRoad, pitOutline } from './fixtures/excavations.mjs';
import { featureCollection, strip, surveyedRing } from './fixtures/layers.mjs';
import { CLOUD_PLACE, DONOR, PITS, ROADS } from './fixtures/plan.mjs';
import { lateLicences, registers } from './fixtures/registers.mjs';
import { writeTiff } from './fixtures/write-tiff.mjs';

const BANDS = ['B02', 'B03', 'B04', 'B08', 'B11', 'B12'];

function readImage(path) {
  const dataset = gdal.open(path);
  const { x: width, y: height } = dataset.rasterSize;
  if (dataset.bands.count() !== BANDS.length) {
    throw new Error(`${path} has ${dataset.bands.count()} bands, expected ${BANDS.join(' ')}`);
  }
  const bands = BANDS.map((_, b) => dataset.bands.get(b + 1).pixels.read(0, 0, width, height));
  return { width, height, bands, transform: dataset.geoTransform, srs: dataset.srs };
}

const notice = (year) => `Contains modified Copernicus Sentinel data ${year}`;
const { values } = parseArgs({
  options: { source: { type: 'string' }, out: { type: 'string', default: 'fixtures/demo' } },
});
if (!values.source) {
  process.stderr.write(
    'Usage: node scripts/make-fixtures.mjs --source DIR [--out DIR]   (DIR/oscd_chongqing/t1.tif, t2.tif)\n',
  );
  process.exit(2);
}
const out = resolve(values.out);
mkdirSync(out, { recursive: true });

const before = readImage(join(values.source, 'oscd_chongqing', 't1.tif'));
const after = readImage(join(values.source, 'oscd_chongqing', 't2.tif'));
const untouched = { ...after, bands: after.bands.map((band) => band.slice()) };
const pool = bareGround(untouched);
let sum = 0;
for (let r = 0; r < DONOR.height; r++) {
  for (let c = 0; c < DONOR.width; c++) {
    for (const band of untouched.bands) sum += band[(DONOR.row + r) * after.width + DONOR.col + c];
  }
}
const donor = { ...DONOR, mean: sum / (DONOR.width * DONOR.height) };

ROADS.forEach((path, k) => {
  layRoad(after, untouched, pool, path, 900 + k);
});
const pits = PITS.map((pit) => ({ ...pit, ring: pitOutline(pit) }));
for (const pit of pits) digPit(after, untouched, pool, donor, pit);
const scl = coverWithCloud(after, CLOUD_PLACE);

const stamp = (date, text) => ({
  TIFFTAG_DATETIME: `${date.replaceAll('-', ':')} 00:00:00`,
  TIFFTAG_COPYRIGHT: notice(date.slice(0, 4)),
  TIFFTAG_IMAGEDESCRIPTION: text,
});
const name = (date) => join(out, `s2-${date}.tif`);
writeTiff(
  name('2017-04-14'),
  before,
  before.bands,
  gdal.GDT_UInt16,
  stamp('2017-04-14', 'Sentinel-2 L1C, 6 bands'),
  BANDS,
);
writeTiff(
  name('2018-04-02'),
  after,
  after.bands,
  gdal.GDT_UInt16,
  stamp(
    '2018-04-02',
    'Sentinel-2 L1C, 6 bands, with planted excavations and one planted cloud (see fixtures/README.md)',
  ),
  BANDS,
);
writeTiff(
  join(out, 's2-2018-04-02-scl.tif'),
  after,
  [scl],
  gdal.GDT_Byte,
  stamp('2018-04-02', 'Scene classification, Sentinel-2 codes'),
  ['SCL'],
);

for (const [kind, rows] of Object.entries(registers(surveyedRing, strip))) {
  writeFileSync(join(out, `${kind}.geojson`), featureCollection(kind, after.transform, rows));
}
writeFileSync(
  join(out, 'licences-late.geojson'),
  featureCollection('licences-late', after.transform, lateLicences(surveyedRing)),
);
const truth = pits.map(({ id, situation, expect, licence, text, ring }) => ({
  id,
  situation,
  seen: situation !== 'not-seen',
  expect,
  licence_no: licence,
  text,
  ring,
}));
writeFileSync(join(out, 'truth.geojson'), featureCollection('planted excavations', after.transform, truth));
process.stdout.write(`${out}: ${pits.length} pits from ${pool.length} bare pixels, 1 cloud\n`);
