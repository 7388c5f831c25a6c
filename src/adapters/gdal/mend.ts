/**
 * mend: an invalid polygon becomes a valid one that covers the same ground: rings closed, each polygon by GEOS MakeValid
 * (self-crossings cut at their crossing), parts that overlap united. What has no area afterwards cannot be mended.
 */
import gdal from 'gdal-async';
import type { MultiPolygonRings } from '../../model/grid.js';
import { combine, fromGeometry, toGeometry } from './geometry.js';

export type Mended =
  | { readonly rings: MultiPolygonRings; readonly what: string | null }
  | { readonly rings: null; readonly why: string };

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/self-intersection/i, '自相交'],
  [/not form a closed|not closed/i, '环未闭合'],
  [/hole lies outside/i, '洞在外环之外'],
  [/nested/i, '环互相嵌套'],
  [/interior is disconnected/i, '内部不连通'],
  [/too few points/i, '点数不足'],
  [/overlap|duplicate rings/i, '部分重叠'],
];

/** In the coordinates of the file. `what` says in Chinese what was mended, null for nothing. */
export function mend(geometry: gdal.Geometry): Mended {
  if (geometry.isValid()) return { rings: fromGeometry(geometry), what: null };
  const problem = problemOf(gdal.lastError);
  const parts = fromGeometry(geometry).map((polygon) => polygon.map(closed).filter((ring) => ring.length >= 4));
  let whole: gdal.Geometry | null = null;
  for (const polygon of parts) {
    if (polygon.length === 0) continue;
    const valid = toGeometry(fromGeometry(toGeometry([polygon]).makeValid()));
    whole = whole ? combine('union', whole, valid) : valid;
  }
  const rings = fromGeometry(whole);
  if (rings.length === 0) return { rings: null, why: `几何无效（${problem}），修复后没有面积` };
  return { rings, what: problem };
}

function closed(ring: MultiPolygonRings[number][number]): MultiPolygonRings[number][number] {
  const [first] = ring;
  const last = ring.at(-1);
  if (!first || !last || (first[0] === last[0] && first[1] === last[1])) return ring;
  return [...ring, first];
}

function problemOf(error: unknown): string {
  const message = error instanceof Object && 'message' in error ? String(error.message) : '';
  const kind = KINDS.find(([pattern]) => pattern.test(message))?.[1] ?? '几何无效';
  const place = /at or near point ([-\d.e+]+) ([-\d.e+]+)/i.exec(message);
  const rounded = (text: string | undefined): number => Math.round(Number(text) * 1e6) / 1e6;
  return place ? `${kind}（${rounded(place[1])}, ${rounded(place[2])} 附近）` : kind;
}
