/**
 * corner-sources: the rings of a boundary as corner points in a CGCS2000 zone, for writing. Points that came as corner points in
 * that zone keep their digits (to the millimetre), names, heights and remarks; from another system the points are moved one by
 * one; a boundary that came as a geometry gives its corners without the divisions of its long edges, named J1, J2 ….
 */
import gdal from 'gdal-async';
import { zoneCode } from '../../geo/corner-points/datum.js';
import { cornerPosition, frameCrs } from '../../geo/corner-points/frame.js';
import { type KeptCorners, keptCorners } from '../../geo/corner-points/kept-corners.js';
import { densifyPlane, MAX_EDGE_M } from '../../geo/densify.js';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { thinEdges } from '../../geo/thin-edges.js';
import type { Boundary } from '../../model/boundary.js';
import type { CornerPoint, CornerRing } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import { ringGeometry } from './corner-plots.js';
import { combine, fromGeometry, toGeometry } from './geometry.js';
import { mend } from './mend.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';

/** Points and geometry are of one place: they differ by less than this share of the area, and this many m² (two digits of a metre). */
const SAME_SHARE = 1e-5;
const SAME_M2 = 1;

/** The points that a boundary came with, if they are still those of its geometry. */
export function pointsKept({ attributes, geometry, areaM2 }: Boundary): KeptCorners | null {
  const kept = keptCorners(attributes);
  const shape = kept && lonLatShape(kept);
  if (shape === null || shape.length === 0) return null;
  const [a, b] = [toGeometry(shape), toGeometry(geometry)];
  const differM2 = [combine('difference', a, b), combine('difference', b, a)]
    .map((part) => polygonAreaM2(fromGeometry(part)))
    .reduce((sum, part) => sum + part, 0);
  return differM2 <= SAME_M2 + SAME_SHARE * areaM2 ? kept : null;
}

/** As reading makes it; null: the points enclose nothing. */
function lonLatShape({ rings, frame }: KeptCorners): MultiPolygonRings | null {
  try {
    const { rings: mended } = mend(ringGeometry(rings, frame).geometry);
    if (mended === null) return null;
    const shape = toGeometry(frame.kind === 'geographic' ? mended : densifyPlane(mended, MAX_EDGE_M));
    return moved(shape, frameCrs(frame));
  } catch (error) {
    if (error instanceof Fault && error.code.startsWith('corners.')) return null;
    throw error;
  }
}

/** null: outside the projection. */
function moved(shape: gdal.Geometry, crs: string): MultiPolygonRings | null {
  const transformation = new gdal.CoordinateTransformation(referenceFrom(crs), lonLatReference());
  try {
    shape.transform(transformation);
    return fromGeometry(shape);
  } catch {
    return null;
  }
}

function mover(from: string, to: gdal.SpatialReference): (position: Position) => Position {
  const transformation = new gdal.CoordinateTransformation(referenceFrom(from), to);
  return ([x, y]) => {
    const moved = transformation.transformPoint(x, y);
    return [moved.x, moved.y];
  };
}

/** `mm`: three decimals always; `cm`: two, and a third where it is not zero (TD/T 1055-2019 asks for two). */
export type CornerDigits = 'mm' | 'cm';

/** In zone `zone` with the zone before the easting, X (north) first. */
export function ringsInZone(
  geometry: MultiPolygonRings,
  kept: KeptCorners | null,
  zone: number,
  digits: CornerDigits,
): readonly CornerRing[] {
  if (kept === null) return fromBoundary(geometry, zone, digits);
  const { frame, rings } = kept;
  const same = frame.kind === 'plane' && frame.zone === zone;
  const move = same ? null : mover(frameCrs(frame), referenceFrom(`EPSG:${zoneCode('CGCS2000', zone, true)}`));
  const prefix = frame.kind === 'plane' && !frame.prefixed ? zone * 1_000_000 : 0;
  return rings.map((ring) => ({
    ...ring,
    points: ring.points.map((point) => {
      const position = cornerPosition(point, frame);
      return cornerPoint(point.name, move ? move(position) : [position[0] + prefix, position[1]], digits);
    }),
  }));
}

function fromBoundary(geometry: MultiPolygonRings, zone: number, digits: CornerDigits): CornerRing[] {
  const moved = toGeometry(geometry);
  const plane = referenceFrom(`EPSG:${zoneCode('CGCS2000', zone, true)}`);
  moved.transform(new gdal.CoordinateTransformation(lonLatReference(), plane));
  let number = 0;
  return thinEdges(fromGeometry(moved)).flatMap((polygon) =>
    polygon.map((ring, i) => ({
      points: ring.slice(0, -1).map((position) => {
        number++;
        return cornerPoint(`J${number}`, position, digits);
      }),
      upper: null,
      lower: null,
      remark: null,
      deduct: i > 0,
    })),
  );
}

function cornerPoint(name: string, [east, north]: Position, digits: CornerDigits): CornerPoint {
  const text = (metres: number): string => (digits === 'mm' ? metres.toFixed(3) : metres.toFixed(3).replace(/0$/, ''));
  return { name, first: text(north), second: text(east), line: 1 };
}
