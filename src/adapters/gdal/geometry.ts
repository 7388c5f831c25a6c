/** geometry: polygons into GEOS (through GDAL) and back; set operations that never fail on slightly invalid input. */
import gdal from 'gdal-async';
import { fromWkb, linesToWkb, toWkb } from '../../geo/wkb.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';

export function toGeometry(rings: MultiPolygonRings): gdal.Geometry {
  return gdal.Geometry.fromWKB(Buffer.from(toWkb(rings)));
}

export function toLines(lines: readonly (readonly Position[])[]): gdal.Geometry {
  return gdal.Geometry.fromWKB(Buffer.from(linesToWkb(lines)));
}

/** The polygons of any geometry, 2D. */
export function fromGeometry(geometry: gdal.Geometry | null): MultiPolygonRings {
  if (!geometry || geometry.isEmpty()) return [];
  if (isFlat(geometry)) return fromWkb(geometry.toWKB());
  const flat = geometry.clone();
  flat.flattenTo2D();
  return fromWkb(flat.toWKB());
}

function isFlat({ wkbType }: gdal.Geometry): boolean {
  return wkbType <= gdal.wkbGeometryCollection;
}

function isPolygons({ wkbType }: gdal.Geometry): boolean {
  return wkbType === gdal.wkbPolygon || wkbType === gdal.wkbMultiPolygon;
}

type SetOperation = 'intersection' | 'difference' | 'union';

/** Polygons only: points and lines where two polygons merely touch are dropped. */
export function combine(operation: SetOperation, a: gdal.Geometry, b: gdal.Geometry): gdal.Geometry {
  const result = attempt(operation, a, b) ?? attempt(operation, a.makeValid(), b.makeValid());
  if (!result) {
    throw new Fault('overlay.failed', `两个多边形无法叠加（${operation}）：几何有误 (polygons cannot be overlaid)`, {
      blame: 'system',
      details: { a: a.toWKT().slice(0, 2000), b: b.toWKT().slice(0, 2000) },
    });
  }
  return isPolygons(result) ? result : toGeometry(fromGeometry(result));
}

function attempt(operation: SetOperation, a: gdal.Geometry, b: gdal.Geometry): gdal.Geometry | null {
  try {
    if (operation === 'intersection') return a.intersection(b);
    return operation === 'difference' ? a.difference(b) : a.union(b);
  } catch {
    return null;
  }
}
