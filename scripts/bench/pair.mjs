/**
 * pair: seeded 2 m pairs of any size, as plain tiled GeoTIFF and as COG, with truth and licences: a mosaic of the accuracy harness's
 * made squares, so that memory does not grow with the size. The same arguments give the same bytes; what was made is kept.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { createImage, writeTruth } from '../accuracy/fine-pair-files.mjs';
import { copyRows, makeSquares, planSquares } from './squares.mjs';

/** Raised when the same arguments give other pixels, so that pairs kept from before are not taken for these. */
const VERSION = 1;
const BLOCK = 512;
const COG = ['COMPRESS=DEFLATE', 'PREDICTOR=2', 'OVERVIEW_RESAMPLING=AVERAGE', `BLOCKSIZE=${BLOCK}`];

/** @param square largest side of a square. @returns {Promise<{ plain, cog, truth, licences }>} plain and cog: { before, after } */
export async function ensurePair({ root, size, seed, kind, square = 2500 }) {
  const folder = join(root, `${size}-${seed}-${kind}-${square}-v${VERSION}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.part`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    await makePair(unfinished, { size, seed, kind, square });
    renameSync(unfinished, folder);
  }
  const path = (name) => join(folder, name);
  return {
    plain: { before: path('before.tif'), after: path('after.tif') },
    cog: { before: path('before-cog.tif'), after: path('after-cog.tif') },
    truth: path('truth.geojson'),
    licences: path('licences.geojson'),
  };
}

async function makePair(folder, { size, ...how }) {
  const squares = planSquares({ size, ...how });
  const rawPath = ({ x, y }) => join(folder, `${x}-${y}.raw`);
  const made = makeSquares(squares, rawPath);
  const settings = [`BLOCKXSIZE=${BLOCK}`, `BLOCKYSIZE=${BLOCK}`];
  const images = ['before.tif', 'after.tif'].map((name) => createImage(join(folder, name), size, settings));
  // rows of blocks from the top, each written once and as soon as its squares are there: the order of bytes does not depend on time
  for (let y = 0; y < size; y += BLOCK) {
    const rows = Math.min(BLOCK, size - y);
    const here = squares.filter((one) => one.y < y + rows && one.y + one.height > y);
    await Promise.all(here.map((one) => made[squares.indexOf(one)]));
    images.forEach((image, date) => {
      writeRows(image, { here, rawPath, date, y, rows, size });
    });
    for (const one of here) if (one.y + one.height <= y + rows) rmSync(rawPath(one));
  }
  for (const image of images) image.close();
  const placed = (n, ring) => ring.map(([x, y]) => [x + squares[n].x, y + squares[n].y]);
  const all = await Promise.all(made);
  const pits = all.flatMap(({ pits }, n) => pits.map(({ ring, mode }) => ({ ring: placed(n, ring), mode })));
  writeTruth(
    folder,
    pits.map((pit, k) => ({ id: k + 1, ...pit })),
    all.flatMap(({ licences }, n) => licences.map((ring) => placed(n, ring))),
  );
  for (const name of ['before', 'after']) await writeCog(join(folder, name));
}

function writeRows(image, { here, rawPath, date, y, rows, size }) {
  for (let b = 0; b < 4; b++) {
    const strip = new Uint16Array(rows * size);
    for (const square of here)
      copyRows({ square, path: rawPath(square), plane: 4 * date + b, y, rows, strip, width: size });
    for (let row = 0; row < rows; row++) cutBorder(strip.subarray(row * size, (row + 1) * size), y + row, size);
    image.bands.get(b + 1).pixels.write(0, y, size, rows, strip);
  }
  image.flush();
}

/** Wedges without data along the left and the lower edge, narrower than the ground squares keep free of pits. */
function cutBorder(line, y, size) {
  const most = Math.min(75, 0.03 * size);
  line.fill(0, 0, Math.round(most * (1 - y / size)));
  const below = Math.round((size * (most - (size - 1 - y))) / most);
  if (below > 0) line.fill(0, size - below);
}

async function writeCog(stem) {
  const plain = gdal.open(`${stem}.tif`);
  const options = COG.flatMap((option) => ['-co', option]);
  const cog = await gdal.translateAsync(`${stem}-cog.tif`, plain, ['-of', 'COG', ...options]);
  cog.close();
  plain.close();
}
