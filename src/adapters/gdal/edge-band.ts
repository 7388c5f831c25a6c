/**
 * edge-band: the ground within the tolerance of boundaries' edges, near a patch: it may lie on either side of them. Made in the
 * plane, given in degrees.
 */
import type gdal from 'gdal-async';
import type { LocalPlane } from '../../geo/crs.js';
import { distanceToSegments, type Segments, touchesBox } from '../../geo/distance.js';
import type { Box, Position } from '../../model/grid.js';
import { combine, fromGeometry, toGeometry, toLines } from './geometry.js';
import { cutTo, widen } from './planar-cache.js';
import { reachBox } from './reach-box.js';
import type { BoundaryShape, Flat, PatchShape } from './shapes.js';

const QUADRANT_SEGMENTS = 16;
/** An edge of a union lies on the edge it came from up to rounding. */
const SAME_EDGE_M = 0.001;

/** A boundary beside a patch. */
export interface Zone {
  readonly boundary: BoundaryShape;
  /** In the plane of the patch. */
  readonly flat: Flat;
  /** Plane metres. */
  readonly tolerance: number;
  /** Among the boundaries named with the patch. */
  readonly place: number;
}

/** Around every edge of every zone; null where none is within its tolerance of the patch's box. */
export function bandAround(zones: readonly Zone[], { flat, plane }: PatchShape): gdal.Geometry | null {
  const bands = zones.map((zone) => buffered(chainsOf(zone.flat.edges, widen(flat.box, zone.tolerance)), zone));
  return united(bands, plane);
}

/** Around the outline of the zones' union only, each stretch by the tolerance of the zone it belongs to. */
export function bandAlong(
  outline: Segments,
  zones: readonly Zone[],
  { flat, plane }: PatchShape,
): gdal.Geometry | null {
  const bands = zones.map((zone) => {
    const belongs = (x: number, y: number): boolean => distanceToSegments(zone.flat.edges, x, y) <= SAME_EDGE_M;
    return buffered(chainsOf(outline, widen(flat.box, zone.tolerance), belongs), zone);
  });
  return united(bands, plane);
}

/** Of the union of the zones, in the plane, right within a tolerance of the patch. */
export function outlineNear(zones: readonly Zone[], { shape, plane }: PatchShape): Segments {
  const [first, second] = zones;
  if (!first || !second) return first?.flat.edges ?? new Float64Array(0);
  const reach = Math.max(...zones.map(({ tolerance }) => tolerance));
  const around = reachBox(shape.box, 2 * reach + 1);
  const parts = zones.map(({ boundary }) => cutTo(boundary.shape, around));
  return plane.edgesOf(fromGeometry(parts.reduce((a, b) => combine('union', a, b))));
}

/** Runs of edges that come within the box and whose middle passes. */
function chainsOf(edges: Segments, box: Box, passes: (x: number, y: number) => boolean = () => true): Position[][] {
  const chains: Position[][] = [];
  let open: Position[] | undefined;
  for (let i = 0; i + 3 < edges.length; i += 4) {
    const from: Position = [edges[i] as number, edges[i + 1] as number];
    const to: Position = [edges[i + 2] as number, edges[i + 3] as number];
    if (!touchesBox(from, to, box) || !passes((from[0] + to[0]) / 2, (from[1] + to[1]) / 2)) {
      open = undefined;
      continue;
    }
    const last = open?.at(-1);
    if (open && last && last[0] === from[0] && last[1] === from[1]) open.push(to);
    else {
      open = [from, to];
      chains.push(open);
    }
  }
  return chains;
}

function buffered(chains: readonly Position[][], { tolerance }: Zone): gdal.Geometry | null {
  return chains.length === 0 || tolerance === 0 ? null : toLines(chains).buffer(tolerance, QUADRANT_SEGMENTS);
}

function united(bands: readonly (gdal.Geometry | null)[], plane: LocalPlane): gdal.Geometry | null {
  const there = bands.filter((band) => band !== null);
  if (there.length === 0) return null;
  return toGeometry(plane.toLonLat(fromGeometry(there.reduce((a, b) => combine('union', a, b)))));
}
