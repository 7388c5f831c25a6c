/**
 * A made piece of ground over five years, one small six-band scene a quarter: fields that lie bare every autumn, a reservoir that is low
 * every autumn, a pit that opens and stays, a pit in such a field, a plot built over, an older pit. Light, haze and a shift of up to a
 * pixel differ from date to date, by a seed. Each place stands in woodland that is a little paler in winter.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import proj4 from 'proj4';
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { writeTiny } from './rasters.js';

const GSD_M = 10;
const SIZE = 200;
/** Upper left corner, UTM 48N metres. */
const WEST = 640_000;
const NORTH = 3_300_000;
export const SERIES_ROLES = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'] as const;
const toLonLat = proj4('+proj=utm +zone=48 +ellps=GRS80 +units=m +no_defs', '+proj=longlat +ellps=GRS80 +no_defs');

/** Reflectance × 10,000. */
const LOOKS = {
  wood: [350, 560, 380, 2900, 1500, 700],
  crop: [480, 800, 560, 3300, 1800, 900],
  stubble: [850, 1150, 1450, 2000, 2700, 2200],
  pit: [1700, 2150, 2550, 2900, 3600, 3200],
  roof: [2600, 2700, 2800, 2900, 2500, 2300],
  water: [500, 600, 350, 200, 90, 60],
  cloud: [5800, 5700, 5600, 6000, 4600, 3600],
} as const;
type Look = keyof typeof LOOKS;

export interface SeriesPlace {
  readonly name: 'field' | 'late field' | 'reservoir' | 'pit' | 'pit in field' | 'plot' | 'old pit';
  /** Its middle and half its width and height, pixels. */
  readonly col: number;
  readonly row: number;
  readonly halfCols: number;
  readonly halfRows: number;
  look(year: number, quarter: number): Look;
}

const farmed = (quarter: number): Look => (quarter === 4 ? 'stubble' : 'crop');
/** Opened in the autumn of 2026. */
const opened = (year: number, quarter: number): boolean => year > 2026 || (year === 2026 && quarter >= 4);

export const SERIES_PLACES: readonly SeriesPlace[] = [
  { name: 'field', col: 40, row: 40, halfCols: 9, halfRows: 6, look: (_y, q) => farmed(q) },
  { name: 'late field', col: 100, row: 40, halfCols: 7, halfRows: 7, look: (y, q) => (y < 2025 ? 'crop' : farmed(q)) },
  { name: 'reservoir', col: 160, row: 40, halfCols: 8, halfRows: 4, look: (_y, q) => (q === 4 ? 'stubble' : 'water') },
  { name: 'pit', col: 40, row: 100, halfCols: 8, halfRows: 8, look: (y, q) => (opened(y, q) ? 'pit' : 'wood') },
  {
    name: 'pit in field',
    col: 100,
    row: 100,
    halfCols: 7,
    halfRows: 5,
    look: (y, q) => (opened(y, q) ? 'pit' : farmed(q)),
  },
  { name: 'plot', col: 160, row: 100, halfCols: 5, halfRows: 5, look: (y, q) => (opened(y, q) ? 'roof' : 'crop') },
  {
    name: 'old pit',
    col: 40,
    row: 160,
    halfCols: 6,
    halfRows: 6,
    look: (y, q) => (y * 4 + q > 2026 * 4 + 1 ? 'pit' : 'wood'),
  },
];

/** Every quarter of the last two years before 2026Q4, the autumns before those, and 2027Q1. */
export const SERIES_QUARTERS: readonly (readonly [year: number, quarter: number])[] = [
  [2022, 4],
  [2023, 4],
  ...[2025, 2026].flatMap((year) => [1, 2, 3, 4].map((quarter) => [year, quarter] as const)),
  [2024, 4],
  [2027, 1],
];

export function seriesDate(year: number, quarter: number): string {
  return `${year}-${String(quarter * 3 - 1).padStart(2, '0')}-${String(10 + (year % 7)).padStart(2, '0')}`;
}

export interface SeriesOptions {
  readonly seed?: number;
  /** Dates on which a cloud hides the place. */
  readonly clouded?: Readonly<Record<string, SeriesPlace['name']>>;
}

export interface SeriesScene {
  readonly path: string;
  readonly date: string;
}

export function writeSeries(dir: string, { seed = 1, clouded = {} }: SeriesOptions = {}): SeriesScene[] {
  mkdirSync(dir, { recursive: true });
  return SERIES_QUARTERS.map(([year, quarter]) => {
    const date = seriesDate(year, quarter);
    const hidden = SERIES_PLACES.find(({ name }) => name === clouded[date]);
    const of = (k: number): number => noise(year * 4 + quarter, k, seed) - 0.5;
    const light = 1 + 0.2 * of(1);
    const haze = 60 + 120 * of(2);
    const [dx, dy] = [Math.round(1.4 * of(3)), Math.round(1.4 * of(4))];
    const winter = quarter === 1 || quarter === 4 ? 0.86 : 1;
    const look = (col: number, row: number): readonly number[] => {
      if (hidden && Math.hypot(col - hidden.col, row - hidden.row) < 18) return LOOKS.cloud;
      const place = SERIES_PLACES.find(
        (one) => Math.abs(col - one.col) <= one.halfCols && Math.abs(row - one.row) <= one.halfRows,
      );
      if (place) return LOOKS[place.look(year, quarter)];
      return LOOKS.wood.map((value, band) => (band === 3 ? value * winter : value));
    };
    const bands = SERIES_ROLES.map((_, band) => (c: number, r: number) => {
      const grain = 1 + 0.12 * (noise(c, r, 77) - 0.5) + 0.06 * (noise(c, r, seed * 100 + year * 4 + quarter) - 0.5);
      return Math.round(light * (look(c - dx, r - dy)[band] ?? 0) * grain + haze / (band + 1));
    });
    const path = writeTiny(join(dir, `made-${date}.tif`), {
      width: SIZE,
      height: SIZE,
      crs: 32_648,
      transform: [WEST, GSD_M, 0, NORTH, 0, -GSD_M],
      bands,
    });
    return { path, date };
  });
}

/** The outline of a place, lon/lat. */
export function outlineOf({ col, row, halfCols, halfRows }: SeriesPlace): MultiPolygonRings {
  const corner = (i: number, j: number): Position =>
    toLonLat.forward([
      WEST + (col + 0.5 + i * (halfCols + 0.5)) * GSD_M,
      NORTH - (row + 0.5 + j * (halfRows + 0.5)) * GSD_M,
    ]) as [number, number];
  return [[[corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)]]];
}

function noise(a: number, b: number, seed: number): number {
  let h = Math.imul(a | 0, 374761393) ^ Math.imul(b | 0, 668265263) ^ Math.imul(seed, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}
