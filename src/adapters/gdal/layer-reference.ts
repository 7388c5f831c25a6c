/**
 * layer-reference: the coordinate system of a layer file and what may be done with it.
 * CGCS2000 is taken as it is; WGS 84 as CGCS2000 (less than 1 m apart, noted); Xi'an 1980 and Beijing 1954 cannot be converted
 * (the parameters are classified): their polygons are kept for the eye and excluded from judgement; others by PROJ, noted.
 */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import { lonLatReference, referenceFrom, referenceName } from './spatial-reference.js';

export interface LayerReference {
  readonly name: string;
  readonly assumptions: readonly string[];
  /** Chinese; why its polygons are not judged. */
  readonly excludedReason: string | null;
  readonly projected: boolean;
  readonly toLonLat: gdal.CoordinateTransformation | null;
}

const CLASSIFIED: readonly (readonly [RegExp, string])[] = [
  [/xi'?an[_ ]?(19)?80/i, '1980西安坐标系'],
  [/beijing[_ ]?(19)?54/i, '1954北京坐标系'],
];

/** Faults: layer.no-crs, crs.unknown. */
export function layerReference(own: gdal.SpatialReference | null, given: string | null, file: string): LayerReference {
  const reference = given === null ? own : referenceFrom(given);
  if (!reference) {
    throw new Fault(
      'layer.no-crs',
      `${file} 没有坐标系定义（缺 .prj），请用 --crs 指定，例如 --crs EPSG:4490 或 --crs EPSG:4528 (no coordinate system; give --crs)`,
    );
  }
  const name = referenceName(reference);
  const assumptions: string[] = [];
  if (given !== null && own && !own.isSame(reference)) {
    assumptions.push(`文件自带坐标系 ${referenceName(own)}，按 --crs 改用 ${name}`);
  }
  const datum = `${reference.getAttrValue('DATUM') ?? ''} ${reference.getAttrValue('GEOGCS') ?? ''}`;
  const projected = reference.isProjected();
  const classified = CLASSIFIED.find(([pattern]) => pattern.test(datum))?.[1];
  if (classified !== undefined) {
    assumptions.push(`${classified}：转换参数涉密，坐标未作基准转换，仅供显示，不参加自动判定`);
    return {
      name,
      assumptions,
      excludedReason: `坐标为${classified}，须先取得该矿业权的2000国家大地坐标`,
      projected,
      toLonLat: projected ? new gdal.CoordinateTransformation(reference, reference.cloneGeogCS()) : null,
    };
  }
  if (/WGS[_ ]?(19)?84/i.test(datum)) assumptions.push('WGS 84 视同 CGCS2000（相差小于 1 m）');
  else if (!/China[_ ]?2000|CGCS[_ ]?2000|China Geodetic/i.test(datum)) {
    assumptions.push(`由 ${name} 换算到 CGCS2000（PROJ）`);
  }
  return {
    name,
    assumptions,
    excludedReason: null,
    projected,
    toLonLat: new gdal.CoordinateTransformation(reference, lonLatReference()),
  };
}
