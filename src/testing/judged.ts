/** Made patches and polygons on a plane in metres (origin 118.2 E, 36.2 N), judged by the real code with the real geometry. */
import { outside } from '../adapters/gdal/outside.js';
import { overlayPairs } from '../adapters/gdal/overlay.js';
import { split } from '../adapters/gdal/split.js';
import { localPlane } from '../geo/crs.js';
import { perimeterM, polygonAreaM2 } from '../geo/ellipsoid-area.js';
import { interiorPoint } from '../geo/interior-point.js';
import { quantise } from '../geo/quantise.js';
import { judgePatches } from '../judge.js';
import type { Boundary, BoundaryKind } from '../model/boundary.js';
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { judgementRecipeSchema } from '../model/judgement-recipe.js';
import type { JudgedPatch, Patch } from '../model/patch.js';
import type { WorkPool } from '../ports/work-pool.js';

/** The rule set as it comes. */
export const recipe = judgementRecipeSchema.parse({});
/** The children's work, done here. */
export const pool: WorkPool = {
  size: 1,
  close: async () => undefined,
  run: (async (name: string, input: never) =>
    name === 'overlayPairs'
      ? overlayPairs(input)
      : name === 'split'
        ? split(input)
        : outside(input)) as WorkPool['run'],
};

const plane = localPlane(118.2);
const [ox, oy] = plane.toPlane([[[[118.2, 36.2]]]])[0]?.[0]?.[0] ?? [0, 0];
const scale = plane.scaleAt(118.2, 36.2);
export function rectangle(x0: number, y0: number, x1: number, y1: number): MultiPolygonRings {
  const corners: Position[] = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
    [x0, y0],
  ];
  return quantise(plane.toLonLat([[corners.map(([x, y]): Position => [ox + x * scale, oy + y * scale])]]));
}

export function patch(geometry: MultiPolygonRings, facts: Partial<Patch> = {}): Patch {
  return {
    id: '1',
    pairs: ['p'],
    geometry,
    areaM2: polygonAreaM2(geometry),
    perimeterM: perimeterM(geometry),
    ...interiorPoint(geometry),
    confidence: 0.8,
    changeType: 'vegetation-to-bare',
    seenShare: 1,
    sigmaM: 5,
    dateBefore: '2026-05-01',
    dateAfter: '2026-08-01',
    reasons: [],
    ...facts,
  };
}

export function boundary(id: string, geometry: MultiPolygonRings, facts: Partial<Boundary> = {}): Boundary {
  return {
    id,
    kind: 'licences',
    row: 1,
    number: `C${id}`,
    name: `${id}矿`,
    holder: `${id}公司`,
    method: '露天开采',
    status: null,
    validFrom: '2020-01-01',
    validTo: '2030-01-01',
    zoneKind: null,
    geometry,
    areaM2: polygonAreaM2(geometry),
    excludedReason: null,
    attributes: {},
    ...facts,
  };
}

export async function judge(
  subject: Patch,
  boundaries: readonly Boundary[],
  layers: readonly BoundaryKind[] = ['licences'],
): Promise<JudgedPatch['judgement']> {
  const [judged] = await judgePatches({ patches: [subject], boundaries, layers, recipe }, pool);
  return (judged as JudgedPatch).judgement;
}
