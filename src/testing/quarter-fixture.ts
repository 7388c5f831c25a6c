/**
 * A made county for tests of the whole run: two quarters of small four-band scenes written here, overlapping and in two zones, with pits
 * dug between the quarters, a cloud, and licences. Small enough that a run takes seconds.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import proj4 from 'proj4';
import { layerFiles } from '../adapters/files/layer-files.js';
import { sceneFiles } from '../adapters/files/scene-files.js';
import { createLayerRegister } from '../adapters/postgres/layer-register.js';
import { createSceneRegister } from '../adapters/postgres/scene-register.js';
import type { BoundaryKind } from '../model/boundary.js';
import type { Workspace } from '../ports/workspace.js';
import { ingest } from '../stages/ingest/stage.js';
import { registerLayer } from '../stages/register/stage.js';
import { writeTiny } from './rasters.js';

const GSD_M = 10;
/** Upper left corner of the made ground, UTM 48N metres. */
const WEST = 640_000;
const NORTH = 3_300_000;

export interface Pit {
  /** Metres east and south of the corner. */
  readonly x: number;
  readonly y: number;
  readonly radiusM: number;
  readonly clouded?: boolean;
}

/** On the seam of two scenes; one in each; under the cloud; where only the other zone's scene sees; across the edge of the two zones. */
export const PITS: readonly Pit[] = [
  { x: 4_000, y: 1_500, radiusM: 140 },
  { x: 1_200, y: 2_400, radiusM: 110 },
  { x: 5_900, y: 900, radiusM: 120 },
  { x: 2_200, y: 600, radiusM: 100, clouded: true },
  { x: 7_600, y: 2_000, radiusM: 130 },
  { x: 6_850, y: 1_500, radiusM: 140 },
];
const CLOUD = { x: 2_200, y: 600, radiusM: 420 };

function noise(a: number, b: number, seed: number): number {
  let h = Math.imul(a | 0, 374761393) ^ Math.imul(b | 0, 668265263) ^ Math.imul(seed, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Fields of 200 m with vegetation of differing vigour; a pit is bare. Reflectance × 10,000. */
function ground(band: number, x: number, y: number, dug: boolean, seed: number): number {
  const field = noise(Math.floor(x / 200), Math.floor(y / 200), 7);
  const grain = (noise(Math.round(x), Math.round(y), seed * 10 + band) - 0.5) * 60;
  const pit = dug && PITS.some((p) => Math.hypot(x - p.x, y - p.y) < p.radiusM);
  const vegetated = [420, 700, 480, 2600 + 900 * field][band] ?? 0;
  const bare = [1500, 1900, 2300, 2700][band] ?? 0;
  return Math.round((pit ? bare : vegetated * (0.8 + 0.4 * field)) + grain);
}

interface SceneSpec {
  readonly name: string;
  readonly date: string;
  /** Column and row of its corner on the lattice of the zone, and size, pixels. */
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly after: boolean;
  readonly zone?: 48 | 49;
  readonly cloudy?: boolean;
}

const SCENES: readonly SceneSpec[] = [
  { name: 'west-q2', date: '2026-05-10', col: 0, row: 0, width: 430, height: 300, after: false },
  { name: 'east-q2', date: '2026-05-12', col: 380, row: 0, width: 330, height: 300, after: false },
  { name: 'west-q3', date: '2026-08-10', col: 0, row: 0, width: 430, height: 300, after: true, cloudy: true },
  { name: 'east-q3', date: '2026-08-12', col: 370, row: 0, width: 330, height: 300, after: true },
  { name: 'far-q2', date: '2026-06-01', col: 680, row: -20, width: 240, height: 330, after: false, zone: 49 },
  { name: 'far-q3', date: '2026-09-02', col: 680, row: -20, width: 240, height: 330, after: true, zone: 49 },
];

const utm = (zone: number): string => `+proj=utm +zone=${zone} +ellps=GRS80 +units=m +no_defs`;
const toZone49 = proj4(utm(48), utm(49));
const toLonLat = proj4(utm(48), '+proj=longlat +ellps=GRS80 +no_defs');

function writeScene(dir: string, spec: SceneSpec): string {
  const { zone = 48, col, row, width, height, after, cloudy = false } = spec;
  const corner48: [number, number] = [WEST + col * GSD_M, NORTH - row * GSD_M];
  const corner = zone === 48 ? corner48 : (toZone49.forward(corner48) as [number, number]);
  const [west, north] = corner.map((v) => Math.round(v / GSD_M) * GSD_M) as [number, number];
  const bands = [0, 1, 2, 3].map((band) => (c: number, r: number) => {
    const at: [number, number] = [west + (c + 0.5) * GSD_M, north - (r + 0.5) * GSD_M];
    const [e, n] = zone === 48 ? at : (toZone49.inverse(at) as [number, number]);
    const [x, y] = [e - WEST, NORTH - n];
    if (cloudy && Math.hypot(x - CLOUD.x, y - CLOUD.y) < CLOUD.radiusM) return 0;
    return ground(band, x, y, after, after ? 2 : 1);
  });
  return writeTiny(join(dir, `${spec.name}.tif`), {
    width,
    height,
    crs: 32_600 + zone,
    transform: [west, GSD_M, 0, north, 0, -GSD_M],
    bands,
    noData: 0,
    options: ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64', 'COMPRESS=DEFLATE'],
  });
}

export interface QuarterFixture {
  readonly dir: string;
  readonly scenes: readonly { readonly path: string; readonly date: string }[];
  readonly layers: readonly { readonly kind: BoundaryKind; readonly path: string }[];
}

/** lon, lat of a place given in metres from the corner of the made ground. */
export function placeOf({ x, y }: { readonly x: number; readonly y: number }): [lon: number, lat: number] {
  return toLonLat.forward([WEST + x, NORTH - y]) as [number, number];
}

/** A square around a place, metres from the corner of the made ground, as a GeoJSON polygon. */
function square(x: number, y: number, halfM: number): object {
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
  ].map(([i = 0, j = 0]) => placeOf({ x: x + i * halfM, y: y + j * halfM }));
  return { type: 'Polygon', coordinates: [corners] };
}

const LICENCES: readonly (readonly [string, number, number, number])[] = [
  ['C-inside', 1_200, 2_400, 200],
  ['C-across', 5_990, 900, 90],
  ['C-cloud', 2_200, 600, 150],
  ['C-quiet', 3_000, 2_500, 150],
  ['C-elsewhere', 20_000, 2_500, 150],
];

function writeLicences(path: string, rows: typeof LICENCES): void {
  const features = rows.map(([no, x, y, half]) => ({
    type: 'Feature',
    properties: { licence_no: no, method: '露天', valid_from: '2020-01-01', valid_to: '2030-12-31' },
    geometry: square(x, y, half),
  }));
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
}

export function writeQuarterFixture(dir: string): QuarterFixture {
  mkdirSync(dir, { recursive: true });
  const scenes = SCENES.map((spec) => ({ path: writeScene(dir, spec), date: spec.date }));
  const licences = join(dir, 'licences.geojson');
  writeLicences(licences, LICENCES);
  return { dir, scenes, layers: [{ kind: 'licences', path: licences }] };
}

/** Registers everything as the commands do. */
export async function fillWorkspace(
  { database, pool }: Pick<Workspace, 'database' | 'pool'>,
  fixture: QuarterFixture,
): Promise<void> {
  const scenePorts = { pool, files: sceneFiles(), register: createSceneRegister(database) };
  for (const { path, date } of fixture.scenes) {
    await ingest(path, { acquired: date, bands: 'blue,green,red,nir', masks: [] }, scenePorts);
  }
  const layerPorts = { pool, files: layerFiles(), register: createLayerRegister(database) };
  for (const { kind, path } of fixture.layers) {
    await registerLayer(path, { kind, crs: null, encoding: null, validFrom: null }, false, layerPorts);
  }
}

/** A licence that comes after the others. */
export async function addLicence(
  { database, pool }: Pick<Workspace, 'database' | 'pool'>,
  path: string,
  { x, y, halfM }: { readonly x: number; readonly y: number; readonly halfM: number },
): Promise<void> {
  writeLicences(path, [['C-late', x, y, halfM]]);
  const ports = { pool, files: layerFiles(), register: createLayerRegister(database) };
  await registerLayer(path, { kind: 'licences', crs: null, encoding: null, validFrom: null }, false, ports);
}
