/**
 * outline: the polygon of a report, made canonical, or everything that is wrong with it.
 * In: rings as they were drawn (lon/lat), or a point and an area. Out: one polygon with its holes, quantised, or errors by place.
 */
import { canonicalRings } from '../../geo/canonical-rings.js';
import { inChina } from '../../geo/china.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { isInside } from '../../geo/interior-point.js';
import { quantise } from '../../geo/quantise.js';
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../../model/grid.js';

/** A drawn pit has a few dozen corners; crossings are looked for between all pairs of edges. */
const MOST_CORNERS = 2000;
const CIRCLE_CORNERS = 24;

export interface OutlineError {
  readonly path: string;
  readonly code: 'pit.outline' | 'pit.outside';
  readonly message: string;
}

export function outlineErrors(outline: MultiPolygonRings): OutlineError[] {
  const [polygon, second] = outline;
  const error = (path: string, message: string): OutlineError => ({ path, code: 'pit.outline', message });
  if (!polygon || second)
    return [error('', '应为一个多边形；几处采坑请分别上报 (expected one polygon; report each pit)')];
  if (polygon.reduce((sum, ring) => sum + ring.length, 0) > MOST_CORNERS) {
    return [error('', `最多 ${MOST_CORNERS} 个顶点 (at most that many corners)`)];
  }
  const broken = polygon.flatMap((ring, i) => ringErrors(ring, `${i}`));
  if (broken.length > 0) return broken;
  const [clean] = quantise([polygon]);
  if (!clean) return [error('', '至少三个不同的顶点 (at least three different corners)')];
  if (crosses(clean)) return [error('', '范围自相交，请重新勾绘 (the outline crosses itself)')];
  const [outer, ...holes] = clean;
  const astray = holes.findIndex(([start]) => !start || !outer || !isInside([[outer]], start[0], start[1]));
  return astray < 0 ? [] : [error(`${astray + 1}`, '孔洞不在范围之内 (a hole lies outside)')];
}

function ringErrors(ring: Ring, path: string): OutlineError[] {
  const error = (message: string): OutlineError => ({ path, code: 'pit.outline', message });
  if (!ring.every((position) => position.length === 2 && position.every(Number.isFinite))) {
    return [error('顶点应为经度、纬度两个数 (a corner is longitude and latitude)')];
  }
  if (ring.length < 4) return [error('至少三个顶点，首尾相同 (at least three corners and closed)')];
  const [first, last] = [ring[0], ring.at(-1)];
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
    return [error('范围未闭合：首尾点应相同 (the ring is not closed)')];
  }
  const outside = ring.find((position) => !inChina(position));
  if (outside) {
    const message = '有点不在中国境内，请检查经纬度是否颠倒 (outside China: are longitude and latitude swapped?)';
    return [{ path, code: 'pit.outside', message }];
  }
  return [];
}

/** Edges that meet anywhere but at the corner they share; corners that are used twice count. */
function crosses(polygon: PolygonRings): boolean {
  const edges = polygon.flatMap((ring, r) =>
    ring.slice(1).map((end, i) => ({ start: ring[i] as Position, end, r, i, count: ring.length - 1 })),
  );
  return edges.some((a, k) =>
    edges.slice(k + 1).some((b) => {
      const gap = a.r === b.r ? Math.abs(a.i - b.i) : 2;
      const joined = gap === 1 || (a.r === b.r && gap === a.count - 1);
      return joined ? foldsBack(a, b) : meet(a.start, a.end, b.start, b.end);
    }),
  );
}

interface Edge {
  readonly start: Position;
  readonly end: Position;
}

/** Neighbours along one line, one back over the other. */
function foldsBack(a: Edge, b: Edge): boolean {
  const [u, v] = [
    [a.end[0] - a.start[0], a.end[1] - a.start[1]] as const,
    [b.end[0] - b.start[0], b.end[1] - b.start[1]] as const,
  ];
  return u[0] * v[1] - u[1] * v[0] === 0 && u[0] * v[0] + u[1] * v[1] <= 0;
}

function meet(a: Position, b: Position, c: Position, d: Position): boolean {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  return (
    (abc === 0 && within(a, b, c)) ||
    (abd === 0 && within(a, b, d)) ||
    (cda === 0 && within(c, d, a)) ||
    (cdb === 0 && within(c, d, b))
  );
}

function side(a: Position, b: Position, c: Position): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function within(a: Position, b: Position, c: Position): boolean {
  return (
    c[0] >= Math.min(a[0], b[0]) &&
    c[0] <= Math.max(a[0], b[0]) &&
    c[1] >= Math.min(a[1], b[1]) &&
    c[1] <= Math.max(a[1], b[1])
  );
}

/** Closed rings in one order, on the lattice; repeated corners go. */
export function canonicalOutline(outline: MultiPolygonRings): MultiPolygonRings {
  return canonicalRings(quantise(outline));
}

export function circleOf([lon, lat]: Position, areaM2: number): { outline: MultiPolygonRings; radiusM: number } {
  const scale = metresPerDegree(lat);
  const step = (2 * Math.PI) / CIRCLE_CORNERS;
  // Radius of the polygon of that area.
  const radiusM = Math.sqrt((2 * areaM2) / (CIRCLE_CORNERS * Math.sin(step)));
  const ring = Array.from({ length: CIRCLE_CORNERS }, (_, i): Position => {
    return [lon + (radiusM * Math.cos(i * step)) / scale.lon, lat + (radiusM * Math.sin(i * step)) / scale.lat];
  });
  return { outline: [[[...ring, ring[0] as Position]]], radiusM };
}
