/**
 * picture: both dates of a lon/lat box as pictures for people. Nothing is measured on them.
 * Method: three bands (true colour, else near infrared–red–green, else one grey band) are resampled to a lon/lat grid with
 * pixels that are square on the ground. Each date's darkest percentile of a channel is taken off (haze); the span up to the
 * 98th is shared by both dates, so that tones compare; a gamma opens dark forest. Percentiles come from fixed windows.
 * In:  a pair, a box in degrees EPSG:4490, the longest side in pixels. Out: see `Picture`.
 */
import gdal from 'gdal-async';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { Fault } from '../../model/fault.js';
import type { PairUse, RasterUse } from '../../model/raster.js';
import type { Picture, WorkCatalogue } from '../../model/work.js';
import { openRaster } from './open.js';

const NO_DATA_GREY = 214;
const GAMMA = 1 / 1.6;
const SAMPLE_SIDE_PX = 128;
const SAMPLE_WINDOWS = 6;

interface Rendering {
  readonly name: Picture['rendering'];
  /** Band numbers of red, green, blue. */
  readonly before: readonly [number, number, number];
  readonly after: readonly [number, number, number];
}
/** Of one channel: value = (raw − dark point of its date) / span. */
interface Stretch {
  readonly darkBefore: number;
  readonly darkAfter: number;
  readonly span: number;
}

export function picture({
  pair,
  box,
  maxPx,
  shiftPx = [0, 0],
}: WorkCatalogue['picture']['input']): WorkCatalogue['picture']['output'] {
  const [minLon, minLat, maxLon, maxLat] = box;
  if (!(maxLon > minLon && maxLat > minLat)) {
    throw new Fault('picture.empty-box', `图片范围为空：${box.join(', ')} (the box of the picture is empty)`);
  }
  const rendering = chooseBands(pair);
  const before = openOnMap(pair.before);
  const after = openOnMap(pair.after);
  const stretches = sharedStretch(pair, rendering, before, after);
  const metres = metresPerDegree((minLat + maxLat) / 2);
  const widthM = (maxLon - minLon) * metres.lon;
  const heightM = (maxLat - minLat) * metres.lat;
  const metresPerPixel = Math.max(widthM, heightM) / maxPx;
  const width = Math.max(1, Math.round(widthM / metresPerPixel));
  const height = Math.max(1, Math.round(heightM / metresPerPixel));
  const moved = shiftInDegrees(after, box, shiftPx);
  const shownBefore = render(true, [minLon + moved[0], minLat + moved[1], maxLon + moved[0], maxLat + moved[1]]);
  const shownAfter = render(false, box);
  return {
    width,
    height,
    before: shownBefore.rgb,
    after: shownAfter.rgb,
    beforeData: shownBefore.data,
    afterData: shownAfter.data,
    metresPerPixel,
    rendering: rendering.name,
    transform: [minLon, (maxLon - minLon) / width, 0, maxLat, 0, -(maxLat - minLat) / height],
  };

  function render(isBefore: boolean, extent: readonly number[]): { rgb: Uint8Array; data: Uint8Array } {
    const dataset = isBefore ? before : after;
    const planes = resample(
      dataset,
      isBefore ? rendering.before : rendering.after,
      extent,
      width,
      height,
      metresPerPixel,
    );
    const rgb = new Uint8Array(width * height * 3);
    const data = new Uint8Array(width * height);
    for (let i = 0; i < width * height; i++) {
      const valid = planes.valid[i] !== 0 && planes.bands.every((band) => Number.isFinite(band[i]));
      data[i] = valid ? 255 : 0;
      for (let channel = 0; channel < 3; channel++) {
        const value = planes.bands[channel]?.[i] ?? Number.NaN;
        const stretch = stretches[channel];
        rgb[i * 3 + channel] =
          valid && stretch && Number.isFinite(value)
            ? toByte(value, isBefore ? stretch.darkBefore : stretch.darkAfter, stretch.span)
            : NO_DATA_GREY;
      }
    }
    return { rgb, data };
  }
}

function toByte(value: number, dark: number, span: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, (value - dark) / span)) ** GAMMA);
}

function chooseBands(pair: PairUse): Rendering {
  const find = (use: RasterUse, role: string) => use.bands.find((band) => band.role === role)?.index;
  const recipes: readonly [Picture['rendering'], readonly string[]][] = [
    ['true-colour', ['red', 'green', 'blue']],
    ['false-colour', ['nir', 'red', 'green']],
  ];
  for (const [name, roles] of recipes) {
    const [b0, b1, b2] = roles.map((role) => find(pair.before, role));
    const [a0, a1, a2] = roles.map((role) => find(pair.after, role));
    if (b0 && b1 && b2 && a0 && a1 && a2) return { name, before: [b0, b1, b2], after: [a0, a1, a2] };
  }
  const shared = pair.before.bands.find((band) => find(pair.after, band.role) !== undefined);
  const before = shared?.index ?? 1;
  const after = (shared && find(pair.after, shared.role)) ?? 1;
  return { name: 'grey', before: [before, before, before], after: [after, after, after] };
}

function openOnMap(use: RasterUse): gdal.Dataset {
  const dataset = openRaster(use.path);
  if (!dataset.srs) {
    throw new Fault(
      'picture.no-crs',
      `${use.path} 没有坐标系，无法按经纬度制图 (no coordinate system, no map picture)`,
    );
  }
  return dataset;
}

const knownStretches = new Map<string, Stretch[]>();

function sharedStretch(pair: PairUse, rendering: Rendering, before: gdal.Dataset, after: gdal.Dataset): Stretch[] {
  const key = JSON.stringify([pair.before.path, pair.after.path, rendering]);
  const known = knownStretches.get(key);
  if (known) return known;
  const made = [0, 1, 2].map((channel) => {
    const samples = [
      sampleBand(before.bands.get(rendering.before[channel] ?? 1)),
      sampleBand(after.bands.get(rendering.after[channel] ?? 1)),
    ].map((values) => Float32Array.from(values).sort());
    const [first, second] = samples.map((sorted) => ({ dark: at(sorted, 0.005), bright: at(sorted, 0.98) }));
    const spans = [first, second].map((date) => (date ? date.bright - date.dark : 0));
    return { darkBefore: first?.dark ?? 0, darkAfter: second?.dark ?? 0, span: Math.max(...spans, 1e-6) };
  });
  knownStretches.set(key, made);
  return made;
}

function at(sorted: Float32Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** Valid values of fixed windows: 6 × 6 of up to 128² pixels, spread evenly; a small image is read whole. */
function sampleBand(band: gdal.RasterBand): number[] {
  const { x: width, y: height } = band.size;
  const noData = band.noDataValue;
  const starts = (length: number) => {
    if (length <= SAMPLE_SIDE_PX * SAMPLE_WINDOWS) return [{ from: 0, size: length }];
    const step = (length - SAMPLE_SIDE_PX) / (SAMPLE_WINDOWS - 1);
    return Array.from({ length: SAMPLE_WINDOWS }, (_, k) => ({ from: Math.floor(k * step), size: SAMPLE_SIDE_PX }));
  };
  const values: number[] = [];
  for (const row of starts(height)) {
    for (const col of starts(width)) {
      const block = band.pixels.read(col.from, row.from, col.size, row.size, undefined, {
        data_type: gdal.GDT_Float32,
      });
      for (const value of block) if (Number.isFinite(value) && value !== noData) values.push(Number(value));
    }
  }
  return values;
}

function resample(
  dataset: gdal.Dataset,
  bands: readonly number[],
  extent: readonly number[],
  width: number,
  height: number,
  metresPerPixel: number,
): { bands: ArrayLike<number>[]; valid: ArrayLike<number> } {
  const chosen = gdal.translate('/vsimem/chosen.vrt', dataset, [
    '-of',
    'VRT',
    ...bands.flatMap((band) => ['-b', String(band)]),
  ]);
  const coarser = metresPerPixel > 1.5 * groundPixelM(dataset, extent);
  const warped = gdal.warp(
    'picture',
    null,
    [chosen],
    [
      ...['-of', 'MEM', '-ot', 'Float32', '-dstalpha', '-t_srs', 'EPSG:4490', '-r', coarser ? 'average' : 'cubic'],
      ...['-te', ...extent.map(String), '-ts', String(width), String(height)],
    ],
  );
  const read = (band: number) => warped.bands.get(band).pixels.read(0, 0, width, height);
  const planes = { bands: [read(1), read(2), read(3)], valid: read(4) };
  warped.close();
  chosen.close();
  gdal.vsimem.release('/vsimem/chosen.vrt');
  return planes;
}

function groundPixelM(dataset: gdal.Dataset, extent: readonly number[]): number {
  const transform = dataset.geoTransform;
  const size = transform ? Math.hypot(transform[1] ?? 0, transform[4] ?? 0) : 1;
  return dataset.srs?.isGeographic() ? size * metresPerDegree(((extent[1] ?? 0) + (extent[3] ?? 0)) / 2).lon : size;
}

/** The shift is a few pixels: it becomes degrees at the middle of the box; the turn of a projected grid's north is left out. */
function shiftInDegrees(
  after: gdal.Dataset,
  box: readonly [number, number, number, number],
  [x, y]: readonly [number, number],
): readonly [number, number] {
  const [, t1 = 0, t2 = 0, , t4 = 0, t5 = 0] = after.geoTransform ?? [];
  const metres = after.srs?.isGeographic() ? { lon: 1, lat: 1 } : metresPerDegree((box[1] + box[3]) / 2);
  return [(x * t1 + y * t2) / metres.lon, (x * t4 + y * t5) / metres.lat];
}
