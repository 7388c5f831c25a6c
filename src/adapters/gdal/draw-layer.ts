/**
 * drawLayer: the features of a layer as a drawing: moved to the drawing's plane, corners only (positions that merely divide an
 * edge are taken out), each labelled with its values. The plane is told by the caller, since a drawing has one for all.
 */
import gdal from 'gdal-async';
import { interiorPoint } from '../../geo/interior-point.js';
import { thinEdges } from '../../geo/thin-edges.js';
import { Fault } from '../../model/fault.js';
import { ATTRIBUTES_FIELD } from '../../model/layer-export.js';
import type { WorkCatalogue } from '../../model/work.js';
import { fromGeometry, toGeometry } from './geometry.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';
import { type DrawnPolygon, writeDxf } from './write-dxf.js';

type Input = WorkCatalogue['writeVector']['input'];

/** Fields that label nothing: the program's own id and what only it can read. */
const UNLABELLED = new Set(['id', 'area_m2', ATTRIBUTES_FIELD]);
/** Fields that name a polygon, best first. */
const TITLES = ['licence_no', 'mine', 'id'];

/** Faults: output.crs. */
export function drawLayer(path: string, { crs, fields, features }: Input): void {
  const plane = crs === null ? null : referenceFrom(crs);
  if (crs === null || !plane?.isProjected()) {
    throw new Fault('output.crs', 'DXF 需要平面坐标系，例如 EPSG:4527 (a drawing needs a projected coordinate system)');
  }
  const toPlane = new gdal.CoordinateTransformation(lonLatReference(), plane);
  const polygons = features.map(({ geometry, values }): DrawnPolygon => {
    const moved = toGeometry(geometry);
    moved.transform(toPlane);
    const { lon, lat } = interiorPoint(geometry);
    const { x, y } = toPlane.transformPoint(lon, lat);
    const texts = fields.map(({ name, zh }, i) => ({ name, label: zh ?? name, text: textOf(values[i] ?? null) }));
    const title = TITLES.map((name) => texts.find((field) => field.name === name)?.text).find((text) => text);
    return {
      title: title ?? '',
      rings: thinEdges(fromGeometry(moved)),
      middle: [x, y],
      labels: texts
        .filter(({ name, text }) => text !== '' && !UNLABELLED.has(name))
        .map(({ label, text }) => `${label}：${text}`),
    };
  });
  writeDxf(path, crs, polygons);
}

function textOf(value: Input['features'][number]['values'][number]): string {
  return value === null ? '' : typeof value === 'object' ? value.join(',') : String(value);
}
