/** quarter-ground: from the stored blocks of a run to the coverage: which pair serves which ground, and what was seen of it. */
import { cellMarginPx, countCells } from './kernels/cells.js';
import { controlPoints, GROUND_STEP, type GroundMap } from './kernels/ground-map.js';
import { seenMap } from './kernels/seen-map.js';
import type { BlockResult, PairModel } from './model/change.js';
import type { Coverage } from './model/coverage.js';
import { type Box, type MultiPolygonRings, type Position, pixelToMap, type Window } from './model/grid.js';
import { quarterDays } from './model/quarter.js';
import { type FitOutcome, isRefused, type PlannedPair, type RunRecord } from './model/run.js';
import type { RunRecords } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { blockSteps, fitKey } from './quarter-steps.js';
import { unpackBlock } from './stages/compare/payload.js';
import { type PairGround, serveGround } from './stages/pair/ground.js';

export interface ComparedPair {
  readonly pair: PlannedPair;
  readonly model: PairModel;
  readonly blocks: readonly BlockResult[];
}

export interface QuarterGround {
  /** Pairs that were compared, in the order of the plan and of the coverage. */
  readonly compared: readonly ComparedPair[];
  readonly coverage: Coverage;
  /** lon/lat boxes of the pairs' ground: outside of them nothing was seen. */
  readonly boxes: readonly Box[];
}

/** What each pair's fit gave, in the order of the plan. */
export async function fitsOf(records: RunRecords, { plan }: RunRecord): Promise<FitOutcome[]> {
  return (await records.results('fit', plan.pairs.map(fitKey))).map(({ body }) => body as FitOutcome);
}

export async function quarterGround(records: RunRecords, pool: WorkPool, run: RunRecord): Promise<QuarterGround> {
  const fits = await fitsOf(records, run);
  const compared: ComparedPair[] = [];
  const grounds: PairGround[] = [];
  for (const [i, pair] of run.plan.pairs.entries()) {
    const model = fits[i];
    if (!model || isRefused(model)) continue;
    const keys = blockSteps(run.plan, pair, model).map(({ key }) => key);
    const blocks = (await records.results('compare', keys)).map(({ payload }) =>
      unpackBlock(payload ?? new Uint8Array()),
    );
    compared.push({ pair, model, blocks });
    grounds.push(await groundOf(pair, blocks, pool));
  }
  return {
    compared,
    coverage: serveGround(grounds, quarterDays(run.quarter).last),
    boxes: grounds.map(({ map }) => boxOfMap(map)),
  };
}

function boxOfMap({ lon, lat }: GroundMap): Box {
  const ends = (values: Float64Array): [number, number] => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return [least, most];
  };
  const [[west, east], [south, north]] = [ends(lon), ends(lat)];
  return [west, south, east, north];
}

async function groundOf(pair: PlannedPair, blocks: readonly BlockResult[], pool: WorkPool): Promise<PairGround> {
  const { extent } = pair;
  const marginPx = cellMarginPx(pair.facts.gsdM ?? 1);
  const map = await groundMap(pair, marginPx, pool);
  const seen = seenMap(
    blocks.map((block) => block.seenRuns),
    extent.row,
    extent.height,
  );
  return { pair, map, seen, counts: countCells(map, extent, marginPx, seen) };
}

/** Exact lon/lat of every control point, one row of them as one "ring". */
async function groundMap({ grid, extent }: PlannedPair, marginPx: number, pool: WorkPool): Promise<GroundMap> {
  const widened: Window = {
    col: extent.col - marginPx,
    row: extent.row - marginPx,
    width: extent.width + 2 * marginPx,
    height: extent.height + 2 * marginPx,
  };
  const { col0, row0, cols, rows } = controlPoints(widened);
  const polygons = Array.from({ length: rows }, (_, j): MultiPolygonRings => {
    const points = Array.from(
      { length: cols },
      (_, i): Position => pixelToMap(grid.transform, col0 + i * GROUND_STEP, row0 + j * GROUND_STEP),
    );
    return [[[...points, points[0] as Position]]];
  });
  const placed = await pool.run('toLonLat', { crs: grid.crs, polygons });
  const lon = new Float64Array(cols * rows);
  const lat = new Float64Array(cols * rows);
  placed.forEach((polygon, j) => {
    for (let i = 0; i < cols; i++) {
      const point = polygon[0]?.[0]?.[i];
      lon[j * cols + i] = point?.[0] ?? Number.NaN;
      lat[j * cols + i] = point?.[1] ?? Number.NaN;
    }
  });
  return { col0, row0, cols, rows, lon, lat };
}
