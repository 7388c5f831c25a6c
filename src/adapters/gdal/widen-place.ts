/**
 * widen-place: a line or point of a kind that takes them (outcrop, border, closed cave …) becomes the ground around it.
 * Method: GEOS buffer in a transverse Mercator plane centred on it (GRS 80: scale error below 2e-4 within 100 km), 16 segments
 * a quarter, then back to lon/lat. Width: the row's own, else that of its kind; both are told. In the order of the row's parts.
 */
import gdal from 'gdal-async';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { quantise } from '../../geo/quantise.js';
import type { Boundary, BoundaryKind } from '../../model/boundary.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { ZONE_KINDS, zoneKindOf } from '../../model/zone-kinds.js';
import { fromGeometry, toGeometry } from './geometry.js';
import { lonLatReference } from './spatial-reference.js';

export interface WidenWish {
  readonly kind: BoundaryKind;
  readonly zoneKind: string | null;
  /** What the row says; null = the kind's own. */
  readonly bufferM: number | null;
}

export type Widened =
  | {
      readonly rings: MultiPolygonRings;
      readonly what: string;
      readonly buffered: NonNullable<Boundary['buffered']>;
    }
  | { readonly rings: null; readonly why: string };

const QUARTER_SEGMENTS = 16;

export function widenPlace(
  geometry: gdal.Geometry,
  toLonLat: gdal.CoordinateTransformation | null,
  { kind, zoneKind, bufferM }: WidenWish,
): Widened {
  const from = /line/i.test(geometry.name) ? 'line' : 'point';
  const zone = zoneKindOf({ kind, zoneKind });
  const own = from === 'line' ? zone?.lineM : zone?.pointM;
  if (!zone || own === null || own === undefined) return { rings: null, why: refusal(geometry.name, from, kind) };
  const metres = bufferM ?? own;
  const source = bufferM === null ? `${zone.zh}的缺省值` : '文件所给';
  const rings = widened(geometry, toLonLat, metres);
  if (rings === null) return { rings: null, why: '坐标超出坐标系的范围，可能带号或坐标系有误' };
  const word = from === 'line' ? '线' : '点';
  return {
    rings,
    what: `${zone.zh}为${word}，按 ${metres} 米（${source}）缓冲成面，面积 ${polygonAreaM2(rings).toFixed(1)} m²`,
    buffered: { from, metres },
  };
}

function refusal(name: string, from: 'line' | 'point', kind: BoundaryKind): string {
  const takers = ZONE_KINDS.filter(({ lineM, pointM }) => (from === 'line' ? lineM : pointM) !== null);
  const which =
    kind === 'keyzones'
      ? `；可用${from === 'line' ? '线' : '点'}的 zone_kind：${takers.map(({ zh }) => zh).join('、')}`
      : '';
  return `几何类型为 ${name}，应为面${which}`;
}

function widened(
  geometry: gdal.Geometry,
  toLonLat: gdal.CoordinateTransformation | null,
  metres: number,
): MultiPolygonRings | null {
  try {
    const place = geometry.clone();
    place.flattenTo2D();
    if (toLonLat) place.transform(toLonLat);
    const { minX, maxX, minY, maxY } = place.getEnvelope();
    if (!(minX >= -180 && maxX <= 360 && minY >= -90 && maxY <= 90)) return null;
    const plane = gdal.SpatialReference.fromProj4(
      `+proj=tmerc +lat_0=${(minY + maxY) / 2} +lon_0=${(minX + maxX) / 2} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs`,
    );
    place.transform(new gdal.CoordinateTransformation(lonLatReference(), plane));
    const area = place.buffer(metres, QUARTER_SEGMENTS);
    area.transform(new gdal.CoordinateTransformation(plane, lonLatReference()));
    const rings = quantise(fromGeometry(area));
    const check = toGeometry(rings);
    return check.isValid() ? rings : quantise(fromGeometry(check.makeValid()));
  } catch {
    return null;
  }
}
