/** edge-band: the ground within the tolerance of boundaries' edges, near a patch: it may lie on either side of them. */
import type gdal from 'gdal-async';
import { distanceToSegments, touchesBox } from '../../geo/distance.js';
import type { Box, MultiPolygonRings, Position } from '../../model/grid.js';
import { combine, fromGeometry, toLines } from './geometry.js';
import { cutTo, type PlanarPolygon, widen } from './planar-cache.js';

const QUADRANT_SEGMENTS = 16;
/** An edge of a union lies on the edge it came from up to rounding. */
const SAME_EDGE_M = 0.001;

/** A boundary in the plane of the patch. */
export interface Zone {
  readonly polygon: Omit<PlanarPolygon, 'areaM2'>;
  /** Plane metres. */
  readonly tolerance: number;
  /** Among the boundaries named with the patch. */
  readonly place: number;
}

/** Around every edge of every zone; null where none is within its tolerance of the box. */
export function bandAround(zones: readonly Zone[], box: Box): gdal.Geometry | null {
  return united(
    zones.map(({ polygon, tolerance }) => buffered(chainsOf(polygon.rings, widen(box, tolerance)), tolerance)),
  );
}

/** Around the outline of the zones' union only, each stretch by the tolerance of the zone it belongs to. */
export function bandAlong(outline: MultiPolygonRings, zones: readonly Zone[], box: Box): gdal.Geometry | null {
  return united(
    zones.map(({ polygon, tolerance }) => {
      const belongs = (x: number, y: number): boolean => distanceToSegments(polygon.segments, x, y) <= SAME_EDGE_M;
      return buffered(chainsOf(outline, widen(box, tolerance), belongs), tolerance);
    }),
  );
}

/** Of the union of the zones, right within a tolerance of the box. */
export function outlineNear(zones: readonly Zone[], box: Box): MultiPolygonRings {
  const [first, second] = zones;
  if (!first || !second) return first?.polygon.rings ?? [];
  const reach = Math.max(...zones.map(({ tolerance }) => tolerance));
  const parts = zones.map(({ polygon }) => cutTo(polygon, widen(box, 2 * reach + 1)));
  return fromGeometry(parts.reduce((a, b) => combine('union', a, b)));
}

/** Runs of edges that come within the box and whose middle passes. */
function chainsOf(
  rings: MultiPolygonRings,
  box: Box,
  passes: (x: number, y: number) => boolean = () => true,
): Position[][] {
  const chains: Position[][] = [];
  for (const ring of rings.flat()) {
    let open: Position[] | null = null;
    for (let i = 1; i < ring.length; i++) {
      const from = ring[i - 1] as Position;
      const to = ring[i] as Position;
      if (!touchesBox(from, to, box) || !passes((from[0] + to[0]) / 2, (from[1] + to[1]) / 2)) open = null;
      else if (open) open.push(to);
      else {
        open = [from, to];
        chains.push(open);
      }
    }
  }
  return chains;
}

function buffered(chains: readonly Position[][], tolerance: number): gdal.Geometry | null {
  return chains.length === 0 || tolerance === 0 ? null : toLines(chains).buffer(tolerance, QUADRANT_SEGMENTS);
}

function united(bands: readonly (gdal.Geometry | null)[]): gdal.Geometry | null {
  const there = bands.filter((band) => band !== null);
  return there.length === 0 ? null : there.reduce((a, b) => combine('union', a, b));
}
