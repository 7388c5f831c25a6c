/**
 * ellipsoid-area: area and perimeter of lon/lat polygons on the CGCS2000 ellipsoid.
 *
 * Area: the trapezoid series of TD/T 1055-2019 Annex D (国土调查办发〔2008〕32号): each edge spans, together with a fixed
 * meridian, a trapezoid with two parallels; their signed sum is the ring. Edges are straight in lon/lat and are divided into
 * pieces of at most 70 m, as the standard's practice asks; an edge along a meridian or a parallel is exact undivided.
 * The series agrees with the closed authalic integral to better than 1e-10. Spherical or plane areas are never used: they are
 * off by 0.1 % and up to 420 ppm.
 * Perimeter: every piece (≤ 1 km) with the radii of curvature at its middle; relative error below 1e-8.
 * In: degrees, closed rings, outer ring first. Orientation does not matter. Out: m², m.
 */
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../model/grid.js';

/** CGCS2000 (= GRS 80 to the millimetre): semi-major axis in metres and flattening. */
export const ELLIPSOID = { a: 6378137, f: 1 / 298.257222101 } as const;
const E2 = ELLIPSOID.f * (2 - ELLIPSOID.f);
const B_AXIS = ELLIPSOID.a * (1 - ELLIPSOID.f);
const RAD = Math.PI / 180;
const MAX_AREA_EDGE_M = 70;
const MAX_LENGTH_EDGE_M = 1000;

/** Coefficients A–E of the series, by the powers of e² that 国土调查办发〔2008〕32号 prints. */
const A = 1 + (3 / 6) * E2 + (30 / 80) * E2 ** 2 + (35 / 112) * E2 ** 3 + (630 / 2304) * E2 ** 4;
const B = (1 / 6) * E2 + (15 / 80) * E2 ** 2 + (21 / 112) * E2 ** 3 + (420 / 2304) * E2 ** 4;
const C = (3 / 80) * E2 ** 2 + (7 / 112) * E2 ** 3 + (180 / 2304) * E2 ** 4;
const D = (1 / 112) * E2 ** 3 + (45 / 2304) * E2 ** 4;
const E = (5 / 2304) * E2 ** 4;

/** In their order. */
export const SERIES: readonly number[] = [A, B, C, D, E];

/**
 * Area per radian of longitude between two parallels `latSpan` apart with middle `latMid`, both in radians; m². The multiple angles by
 * recurrence: sin (k+2)x = 2·cos 2x·sin kx − sin (k−2)x, cosines the same.
 */
function zoneAreaM2(latSpan: number, latMid: number): number {
  const [s1, c1] = [Math.sin(latSpan / 2), Math.cos(latMid)];
  const s = 2 - 4 * s1 * s1;
  const c = 4 * c1 * c1 - 2;
  const s3 = s1 * (s + 1);
  const c3 = c1 * (c - 1);
  const s5 = s * s3 - s1;
  const c5 = c * c3 - c1;
  const s7 = s * s5 - s3;
  const c7 = c * c5 - c3;
  const s9 = s * s7 - s5;
  const c9 = c * c7 - c5;
  return 2 * B_AXIS * B_AXIS * (A * s1 * c1 - B * s3 * c3 + C * s5 * c5 - D * s7 * c7 + E * s9 * c9);
}

/** Metres per degree of latitude and of longitude at a latitude. */
export function metresPerDegree(lat: number): { readonly lat: number; readonly lon: number } {
  const s = Math.sin(lat * RAD);
  const w2 = 1 - E2 * s * s;
  const meridian = (ELLIPSOID.a * (1 - E2)) / (w2 * Math.sqrt(w2));
  const prime = ELLIPSOID.a / Math.sqrt(w2);
  return { lat: meridian * RAD, lon: prime * Math.cos(lat * RAD) * RAD };
}

/** Difference of two longitudes in degrees, the short way round. */
export function lonDifference(to: number, from: number): number {
  const d = to - from;
  return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}

/** No degree of longitude or latitude is longer: a degree of latitude at the poles. */
const MOST_M_PER_DEGREE = 111_700;

/** Into how many pieces an edge is divided so that none is longer than `mostM`. */
export function piecesOf(from: Position, to: Position, mostM: number): number {
  const [dLon, dLat] = [lonDifference(to[0], from[0]), to[1] - from[1]];
  const reach = mostM / MOST_M_PER_DEGREE;
  if (dLon * dLon + dLat * dLat <= reach * reach) return 1;
  const scale = metresPerDegree((from[1] + to[1]) / 2);
  return Math.max(1, Math.ceil(Math.hypot(dLon * scale.lon, dLat * scale.lat) / mostM));
}

/** Area of one ring regardless of its direction, m². */
export function ringAreaM2(ring: Ring): number {
  const origin = ring[0];
  if (!origin || ring.length < 4) return 0;
  let sum = 0;
  let from = origin;
  for (let k = 1; k < ring.length; k++) {
    const to = ring[k] as Position;
    const dLon = lonDifference(to[0], from[0]);
    const dLat = to[1] - from[1];
    const pieces = dLon === 0 || dLat === 0 ? 1 : piecesOf(from, to, MAX_AREA_EDGE_M);
    const startLon = lonDifference(from[0], origin[0]);
    for (let i = 0; i < pieces; i++) {
      const middle = (i + 0.5) / pieces;
      sum += (startLon + middle * dLon) * RAD * zoneAreaM2((dLat / pieces) * RAD, (from[1] + middle * dLat) * RAD);
    }
    from = to;
  }
  return Math.abs(sum);
}

function onePolygonAreaM2(polygon: PolygonRings): number {
  const [outer, ...holes] = polygon;
  if (!outer) return 0;
  return Math.max(
    0,
    holes.reduce((area, hole) => area - ringAreaM2(hole), ringAreaM2(outer)),
  );
}

/** Area of a multipolygon, holes deducted, m². */
export function polygonAreaM2(rings: MultiPolygonRings): number {
  return rings.reduce((area, polygon) => area + onePolygonAreaM2(polygon), 0);
}

/** Length of a path of lon/lat positions, m. */
export function pathLengthM(path: readonly Position[]): number {
  let length = 0;
  for (let i = 1; i < path.length; i++) {
    const from = path[i - 1] as Position;
    const to = path[i] as Position;
    const pieces = piecesOf(from, to, MAX_LENGTH_EDGE_M);
    const dLon = lonDifference(to[0], from[0]) / pieces;
    const dLat = (to[1] - from[1]) / pieces;
    for (let k = 0; k < pieces; k++) {
      const scale = metresPerDegree(from[1] + (k + 0.5) * dLat);
      length += Math.hypot(dLon * scale.lon, dLat * scale.lat);
    }
  }
  return length;
}

/** Length of all rings, holes included, m. */
export function perimeterM(rings: MultiPolygonRings): number {
  return rings.reduce((total, polygon) => polygon.reduce((sum, ring) => sum + pathLengthM(ring), total), 0);
}
