/**
 * readLayer: a vector file of a register layer becomes boundaries, row by row: decoded, mended, moved to lon/lat CGCS2000 (edges
 * of a map plane divided every 70 m first, as they are straight there), fields found by alias. Rows that cannot serve are
 * listed with the reason; nothing is dropped silently. Ids are kind + hash of the content, so the same row is the same boundary
 * in whichever file, place or order it comes.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { statedAreaWarning } from '../../geo/area-stated.js';
import { canonicalRings } from '../../geo/canonical-rings.js';
import { refuseShifted } from '../../geo/corner-points/datum.js';
import { areaWarning } from '../../geo/corner-points/stated-area.js';
import { densifyPlane, MAX_EDGE_M } from '../../geo/densify.js';
import { boxOf } from '../../geo/distance.js';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { quantise } from '../../geo/quantise.js';
import type { Boundary, LayerReading } from '../../model/boundary.js';
import { NO_CORNER_WISH } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';
import { isOwnExport, returned } from '../../model/layer-export.js';
import { mapFields } from '../../model/layer-fields.js';
import { rowValues } from '../../model/layer-values.js';
import { withoutSourceCoordinates } from '../../model/own-datum.js';
import type { WorkCatalogue } from '../../model/work.js';
import { fromGeometry, toGeometry } from './geometry.js';
import { type LayerReference, layerReference } from './layer-reference.js';
import type { LayerRow } from './layer-rows.js';
import { layerSource } from './layer-source.js';
import { mend } from './mend.js';
import { type WidenWish, widenPlace } from './widen-place.js';

type Input = WorkCatalogue['readLayer']['input'];

/** Less than this is not a place, m². */
const LEAST_AREA_M2 = 0.01;

export function readLayer(input: Input): LayerReading {
  const wish = { ...NO_CORNER_WISH, ...input.corners, crs: input.crs };
  const ownDatum = input.ownDatum ?? null;
  refuseEmpty(input.path);
  refuseShifted(basename(input.path));
  const source = layerSource(input.path, input.encoding, wish, ownDatum);
  const { rows, names, reference: declared, encoding, notes, nameBytes } = source;
  const reference = source.decided ?? layerReference(declared, input.crs, basename(input.path), ownDatum);
  if (!source.decided && !reference.projected) refusePlaneCoordinates(rows, input.path);
  const fields = mapFields(names, nameBytes);
  const own = isOwnExport(names);
  const boundaries = new Map<string, Boundary>();
  const repaired: { row: number; what: string }[] = [];
  const refused: { row: number; why: string }[] = [...(source.refused ?? [])];
  for (const row of rows) {
    const rowReference = row.corner?.reference ?? reference;
    const back = own ? returned(row.attributes) : null;
    const given = filled(back?.attributes ?? row.attributes);
    const shifted = shiftedBy(given);
    if (shifted !== null) {
      refused.push({ row: row.row, why: shifted });
      continue;
    }
    const rowFields = back ? mapFields(Object.keys(given), nameBytes) : fields;
    const { values: said, problems, bufferM } = rowValues(given, rowFields, input.validFrom);
    const values = back ? { ...said, ...back.values, validFrom: back.values.validFrom ?? input.validFrom } : said;
    const placed = place(row, rowReference, { kind: input.kind, zoneKind: values.zoneKind, bufferM });
    if (placed.rings === null) {
      refused.push({ row: row.row, why: placed.why });
      continue;
    }
    const geometry = canonicalRings(placed.rings);
    const areaM2 = polygonAreaM2(geometry);
    const area = back ? null : areaProblem(row, given, areaM2);
    const what = [placed.what, ...(row.corner?.warnings ?? []), ...problems, area].filter((text) => text !== null);
    if (what.length > 0) repaired.push({ row: row.row, what: what.join('；') });
    const content = {
      kind: input.kind,
      ...values,
      ...(placed.buffered === undefined ? {} : { buffered: placed.buffered }),
      geometry,
      excludedReason: rowReference.excludedReason ?? back?.excludedReason ?? null,
      attributes: rowReference.byOwnDatum ? withoutSourceCoordinates(given) : given,
    };
    const id = `${input.kind}-${contentHash(content)}`;
    const same = boundaries.get(id);
    if (same) repaired.push({ row: row.row, what: `与第 ${same.row} 行完全相同，只保留一份` });
    else boundaries.set(id, { id, row: row.row, ...content, areaM2 });
  }
  return {
    boundaries: [...boundaries.values()],
    repaired,
    refused: refused.toSorted((a, b) => a.row - b.row),
    encoding,
    crsName: reference.name,
    assumptions: [...notes, ...reference.assumptions, ...(own ? [OWN_EXPORT] : [])],
  };
}

const OWN_EXPORT = '本程序导出的文件：各面按导出时的内容还原，改过的值以文件为准';

function areaProblem({ corner }: LayerRow, attributes: Boundary['attributes'], areaM2: number): string | null {
  if (!corner) return statedAreaWarning(attributes, areaM2);
  return corner.statedArea === null ? null : areaWarning(corner.statedArea, areaM2);
}

/** A field without a value says nothing: a row is the same with and without it. */
function filled(attributes: Boundary['attributes']): Boundary['attributes'] {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

function refuseEmpty(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > 0) return;
  throw new Fault(
    'layer.empty',
    `${basename(path)} 是空文件（0 字节），可能没有下载或复制完整，请重新取得 (the file is empty)`,
  );
}

const DATUM_FIELDS = /坐标系|坐标基准|基准|datum|crs|coord|zbx/i;

/** Why a row whose attributes name a shifted map system is refused; null = none does. */
function shiftedBy(attributes: Boundary['attributes']): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'string' || !DATUM_FIELDS.test(name)) continue;
    try {
      refuseShifted(value);
    } catch (cause) {
      if (cause instanceof Fault) return `字段 ${name}：${cause.message}`;
      throw cause;
    }
  }
  return null;
}

/** Metres where degrees are expected: GeoJSON without a system, or a wrong --crs. */
export function refusePlaneCoordinates(rows: readonly LayerRow[], path: string): void {
  for (const { geometry } of rows) {
    if (!geometry || geometry.isEmpty()) continue;
    const { minX, maxX, minY, maxY } = geometry.getEnvelope();
    if (minX >= -180 && maxX <= 360 && minY >= -90 && maxY <= 90) continue;
    if (minX >= 0 && maxX <= 90 && minY >= 60 && maxY <= 180) {
      throw new Fault(
        'layer.axes-swapped',
        `${basename(path)} 的坐标像是纬度在前、经度在后（例如 ${minX.toFixed(2)}, ${minY.toFixed(2)}），应为经度在前；请在原软件中调换后再导入，不代为猜测 (latitude seems to come first; expected longitude, latitude)`,
      );
    }
    throw new Fault(
      'layer.not-degrees',
      `${basename(path)} 的坐标不是经纬度（例如 ${minX.toFixed(2)}, ${minY.toFixed(2)}），请用 --crs 指定坐标系，例如 --crs EPSG:4528 (coordinates are not degrees; give --crs)`,
    );
  }
}

export type Placed =
  | {
      readonly rings: MultiPolygonRings;
      readonly what: string | null;
      readonly buffered?: NonNullable<Boundary['buffered']>;
    }
  | { readonly rings: null; readonly why: string };

export function place({ geometry }: LayerRow, reference: LayerReference, wish: WidenWish): Placed {
  if (!geometry || geometry.isEmpty()) return { rings: null, why: '没有几何' };
  if (/line|point/i.test(geometry.name)) return widenPlace(geometry, reference.toLonLat, wish);
  if (!/polygon|geometrycollection/i.test(geometry.name)) {
    return { rings: null, why: `几何类型为 ${geometry.name}，应为面` };
  }
  const mended = mend(geometry);
  if (mended.rings === null) return mended;
  const rings = toLonLat(mended.rings, reference);
  if (rings === null) return { rings: null, why: `坐标超出坐标系 ${reference.name} 的范围，可能带号或坐标系有误` };
  const areaM2 = polygonAreaM2(rings);
  if (areaM2 < LEAST_AREA_M2) return { rings: null, why: `没有面积（${areaM2.toFixed(4)} m²）` };
  if (mended.what === null) return { rings, what: null };
  return { rings, what: `${mended.what}，已修复，面积 ${areaM2.toFixed(1)} m²` };
}

function toLonLat(
  rings: MultiPolygonRings,
  { projected, toLonLat: transformation }: LayerReference,
): MultiPolygonRings | null {
  const geometry = toGeometry(projected ? densifyPlane(rings, MAX_EDGE_M) : rings);
  try {
    if (transformation) geometry.transform(transformation);
  } catch {
    return null;
  }
  const degrees = quantise(fromGeometry(geometry));
  const [minLon, minLat, maxLon, maxLat] = boxOf(degrees);
  if (degrees.length > 0 && !(minLon >= -180 && maxLon <= 360 && minLat >= -90 && maxLat <= 90)) return null;
  // Rounding may let a needle-thin part touch itself: made valid on the same lattice.
  const check = toGeometry(degrees);
  return check.isValid() ? degrees : quantise(fromGeometry(check.makeValid()));
}
