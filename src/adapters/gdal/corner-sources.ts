/**
 * corner-sources: the rings of a boundary as corner points in a CGCS2000 zone, for writing. Points that came as corner points in
 * that zone keep their digits (to the millimetre), names, heights and remarks; from another system the points are moved one by
 * one; a boundary that came as a geometry gives its corners without the divisions of its long edges, named J1, J2 ….
 */
import gdal from 'gdal-async';
import { zoneCode } from '../../geo/corner-points/datum.js';
import { cornerPosition, frameCrs } from '../../geo/corner-points/frame.js';
import { type KeptCorners, keptCorners } from '../../geo/corner-points/kept-corners.js';
import { boxOf } from '../../geo/distance.js';
import { thinEdges } from '../../geo/thin-edges.js';
import type { Boundary } from '../../model/boundary.js';
import type { CornerPoint, CornerRing } from '../../model/corners.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import { fromGeometry, toGeometry } from './geometry.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';

/** About 1 m: enough to see that kept points and geometry are of one place. */
const SAME_PLACE_DEGREES = 1e-5;

/** The points that a boundary came with, if they are still those of its geometry. */
export function pointsKept({ attributes, geometry }: Boundary): KeptCorners | null {
  const kept = keptCorners(attributes);
  if (kept === null) return null;
  const toLonLat = mover(frameCrs(kept.frame), lonLatReference());
  const outer = kept.rings.filter(({ deduct }) => !deduct);
  const moved = outer.map(({ points }) => points.map((point) => toLonLat(cornerPosition(point, kept.frame))));
  const [a, b] = [boxOf([moved]), boxOf(geometry)];
  return a.every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) < SAME_PLACE_DEGREES) ? kept : null;
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
