/**
 * crs: the local plane in which polygons are cut and distances measured: transverse Mercator on CGCS2000 with the central
 * meridian of the 3° zone, anywhere on earth. Areas are never taken in it (they go back to the ellipsoid); lengths are
 * divided by the scale at the place, which leaves less than 1e-5 over a patch of 10 km.
 */
import proj4 from 'proj4';
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { ELLIPSOID, lonDifference } from './ellipsoid-area.js';

const LON_LAT = '+proj=longlat +ellps=GRS80 +no_defs';
const ZONE_DEGREES = 3;
const SECOND_ECCENTRICITY2 = (ELLIPSOID.f * (2 - ELLIPSOID.f)) / (1 - ELLIPSOID.f) ** 2;

export interface LocalPlane {
  /** Central meridian, degrees. */
  readonly meridian: number;
  toPlane(rings: MultiPolygonRings): MultiPolygonRings;
  toLonLat(rings: MultiPolygonRings): MultiPolygonRings;
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
  const definition = `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs`;
  const converter = proj4(LON_LAT, definition);
  const mapAll = (rings: MultiPolygonRings, move: (p: Position) => Position): MultiPolygonRings =>
    rings.map((polygon) => polygon.map((ring) => ring.map(move)));
  return {
    meridian,
    toPlane: (rings) => mapAll(rings, (p) => pair(converter.forward([p[0], p[1]]))),
    toLonLat: (rings) => mapAll(rings, (p) => pair(converter.inverse([p[0], p[1]]))),
    scaleAt(lon, lat) {
      const cos = Math.cos((lat * Math.PI) / 180);
      const along = (lonDifference(lon, meridian) * Math.PI * cos) / 180;
      // The next term of the series is below 1e-7 inside a 3° zone.
      return 1 + ((along * along) / 2) * (1 + SECOND_ECCENTRICITY2 * cos * cos);
    },
  };
}

function pair(position: readonly number[]): Position {
  return [position[0] as number, position[1] as number];
}
