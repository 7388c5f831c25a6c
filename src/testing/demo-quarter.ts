/**
 * The demo's imagery and register as a QuarterRecord without a database: the planted pits stand in for patches. For tests of
 * what shows a quarter (API, page, report); what finds patches is tested elsewhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { picture } from '../adapters/gdal/picture.js';
import { boxOf } from '../geo/distance.js';
import { polygonAreaM2 } from '../geo/ellipsoid-area.js';
import { interiorPoint } from '../geo/interior-point.js';
import { boxesMeet } from '../geo/map-frame.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../model/boundary.js';
import type { Box, MultiPolygonRings, PolygonRings } from '../model/grid.js';
import type { ViolationCode } from '../model/patch.js';
import type { PairUse } from '../model/raster.js';
import type { PlannedPair } from '../model/run.js';
import type { Observation, Task } from '../model/task.js';
import type { PairViews } from '../ports/pair-views.js';
import type { MappedBoundary, QuarterRecord } from '../ports/quarter-record.js';
import type { WorkPool } from '../ports/work-pool.js';
import { testJudgement, testPart } from './judgement.js';

export const DEMO_FOLDER = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
/** Corners of the demo scene. */
export const DEMO_BOX: Box = [106.269721985, 29.379183431, 106.322250366, 29.449762751];

const ROLES = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'] as const;
const use = (date: string) => ({
  path: join(DEMO_FOLDER, `s2-${date}.tif`),
  bands: ROLES.map((role, i) => ({ role, index: i + 1 })),
  sensor: 'sentinel-2',
  acquiredOn: date,
});
export const DEMO_PAIR: PairUse = { before: use('2017-04-14'), after: use('2018-04-02'), masks: [] };

interface Row {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly coordinates: PolygonRings };
}
const rows = (name: string): Row[] =>
  (JSON.parse(readFileSync(join(DEMO_FOLDER, `${name}.geojson`), 'utf8')) as { features: Row[] }).features;
const text = (row: Row, ...names: string[]): string | null => {
  const found = names.map((name) => row.properties[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : null;
};

export function demoBoundaries(): MappedBoundary[] {
  return BOUNDARY_KINDS.flatMap((kind: BoundaryKind) =>
    rows(kind).map((row, i) => {
      const geometry: MultiPolygonRings = [row.geometry.coordinates];
      return {
        id: `${kind}-${i + 1}`,
        kind,
        row: i + 1,
        number: text(row, '许可证号', 'licence_no'),
        name: text(row, '矿山名称', '名称', '项目名称', 'XZQMC'),
        holder: text(row, '采矿权人'),
        method: text(row, '开采方式'),
        status: null,
        validFrom: text(row, '有效期起'),
        validTo: text(row, '有效期止'),
        zoneKind: text(row, 'zone_kind'),
        geometry,
        areaM2: polygonAreaM2(geometry),
        excludedReason: null,
      };
    }),
  );
}

export interface PlantedPit {
  readonly id: string;
  readonly situation: string;
  readonly seen: boolean;
  readonly expect: readonly ViolationCode[];
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  /** A point inside. */
  readonly lon: number;
  readonly lat: number;
}

/** What was planted (truth.geojson). */
export function demoPits(): PlantedPit[] {
  return rows('truth').map(({ properties, geometry: { coordinates } }) => ({
    id: String(properties.id),
    situation: String(properties.situation),
    seen: properties.seen === true,
    expect: properties.expect as ViolationCode[],
    geometry: [coordinates],
    areaM2: polygonAreaM2([coordinates]),
    ...interiorPoint([coordinates]),
  }));
}

export function demoTasks(): Task[] {
  return rows('truth')
    .filter((row) => row.properties.seen === true)
    .map((row, i): Task => {
      const geometry: MultiPolygonRings = [row.geometry.coordinates];
      const [minLon, minLat, maxLon, maxLat] = boxOf(geometry);
      const areaM2 = polygonAreaM2(geometry);
      const id = `2018Q2-${String(row.properties.id).toLowerCase()}`;
      return {
        id: `T${id}`,
        quarter: '2018Q2',
        siteId: id,
        rank: i + 1,
        state: 'new',
        judged: {
          patch: {
            id,
            pairs: ['Pdemo'],
            geometry,
            areaM2,
            perimeterM: 0,
            lon: (minLon + maxLon) / 2,
            lat: (minLat + maxLat) / 2,
            confidence: 0.9,
            changeType: 'vegetation-to-bare',
            seenShare: 1,
            sigmaM: 7.1,
            dateBefore: '2017-04-14',
            dateAfter: '2018-04-02',
            reasons: [String(row.properties.text)],
          },
          judgement: testJudgement({
            violations: row.properties.expect as ViolationCode[],
            licenceNo: text(row, 'licence_no'),
            outsideM2: 0,
            outsideM: null,
            overlaps: [],
            reasons: [],
            score: 90 - 5 * i,
            parts: [
              testPart({ part: 'violation', name: '疑似类型', points: 40, evidence: '见依据' }),
              testPart({ part: 'area', name: '面积', points: 50 - 5 * i, evidence: `${areaM2.toFixed(0)} m²` }),
            ],
          }),
        },
      };
    });
}

export function demoRecord(): QuarterRecord {
  const tasks = demoTasks();
  const boundaries = demoBoundaries();
  const observations: Observation[] = boundaries.map(({ id, name }) => ({
    boundaryId: id,
    quarter: '2018Q2',
    result: name === '演示己石灰岩矿' ? 'not-seen' : 'unchanged',
    seenShare: name === '演示己石灰岩矿' ? 0 : 1,
    changedM2: 0,
    pairs: ['Pdemo'],
    patches: [],
    reason: name === '演示己石灰岩矿' ? '后时相有云' : '',
  }));
  const pair = { id: 'Pdemo', use: DEMO_PAIR, beforeOn: '2017-04-14', afterOn: '2018-04-02' } as PlannedPair;
  return {
    quarters: async () => [{ quarter: '2018Q2', tasks: tasks.length, finishedAt: null }],
    tasks: async (_quarter, { violation, text: part = '', minScore = 0, offset, limit }) => {
      const found = tasks.filter(
        ({ id, judged: { judgement } }) =>
          (violation === undefined || judgement.violations.includes(violation)) &&
          judgement.score >= minScore &&
          (id.toLowerCase().includes(part.toLowerCase()) || (judgement.licenceNo ?? '').includes(part)),
      );
      return { total: found.length, tasks: found.slice(offset, offset + limit) };
    },
    task: async (id) => tasks.find((task) => task.id === id) ?? null,
    patches: async () => tasks.map(({ judged }) => judged),
    run: async () => ({ id: 'run', recipeHash: 'hash', pairs: [pair], summary: null }),
    boundaries: async (box) => boundaries.filter(({ geometry }) => boxesMeet(boxOf(geometry), box)),
    observations: async () => observations,
    shiftPx: async () => [0, 0],
  };
}

export const demoViews: PairViews = {
  box: async () => DEMO_BOX,
  picture: async (_pair, box, maxPx) => picture({ pair: DEMO_PAIR, box, maxPx }),
};

/** Makes pictures in this process instead of in a child. */
export const picturePool: WorkPool = {
  size: 1,
  run: async (_name, input) => picture(input as Parameters<typeof picture>[0]) as never,
  close: async () => {},
};
