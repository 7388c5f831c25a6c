/**
 * crs: the local plane in which polygons are cut and distances measured: transverse Mercator on CGCS2000 with the central
 * meridian of the 3° zone, anywhere on earth. Areas are never taken in it (they go back to the ellipsoid); lengths are
 * divided by the scale at the place, which leaves less than 1e-5 over a patch of 10 km.
 */
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { densifyLonLat } from './densify.js';
import { segmentsOf } from './distance.js';
import { ELLIPSOID, lonDifference } from './ellipsoid-area.js';
import { fromGaussKrueger, toGaussKrueger } from './gauss-krueger.js';

const FALSE_EASTING_M = 500_000;
const ZONE_DEGREES = 3;
const SECOND_ECCENTRICITY2 = (ELLIPSOID.f * (2 - ELLIPSOID.f)) / (1 - ELLIPSOID.f) ** 2;

export interface LocalPlane {
  /** Central meridian, degrees. */
  readonly meridian: number;
  toPlane(rings: MultiPolygonRings): MultiPolygonRings;
  toLonLat(rings: MultiPolygonRings): MultiPolygonRings;
  /** Edges in the plane, flat; long ones are divided first, because they are straight in degrees and not there. */
  edgesOf(rings: MultiPolygonRings): Float64Array;
  /** Plane metres per metre on the ground at a place. */
  scaleAt(lon: number, lat: number): number;
}

const planes = new Map<number, LocalPlane>();

/** The plane of the 3° zone in which a longitude lies. */
export function localPlane(lon: number): LocalPlane {
  const zone = Math.round(lon / ZONE_DEGREES) * ZONE_DEGREES;
  const meridian = zone === -180 ? 180 : zone;
  const known = planes.get(meridian);
  if (known) return known;
  const plane = makePlane(meridian);
  planes.set(meridian, plane);
  return plane;
}

function makePlane(meridian: number): LocalPlane {
  const mapAll = (rings: MultiPolygonRings, move: (p: Position) => Position): MultiPolygonRings =>
    rings.map((polygon) => polygon.map((ring) => ring.map(move)));
  const flat = ([lon, lat]: Position): Position => {
    const [x, y] = toGaussKrueger(lonDifference(lon, meridian), lat);
    return [x + FALSE_EASTING_M, y];
  };
  return {
    meridian,
    toPlane: (rings) => mapAll(rings, flat),
    edgesOf: (rings) => segmentsOf(mapAll(densifyLonLat(rings), flat)),
    toLonLat: (rings) =>
      mapAll(rings, ([x, y]) => {
        const [lon, lat] = fromGaussKrueger(x - FALSE_EASTING_M, y);
        return [lonDifference(lon + meridian, 0), lat];
      }),
    scaleAt(lon, lat) {
      const cos = Math.cos((lat * Math.PI) / 180);
      const along = (lonDifference(lon, meridian) * Math.PI * cos) / 180;
      // The next term of the series is below 1e-7 inside a 3° zone.
      return 1 + ((along * along) / 2) * (1 + SECOND_ECCENTRICITY2 * cos * cos);
    },
  };
}
