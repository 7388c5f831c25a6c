/**
 * layer-reference: the coordinate system of a layer file and what may be done with it.
 * CGCS2000 is taken as it is; WGS 84 as CGCS2000 (less than 1 m apart, noted); Xi'an 1980 and Beijing 1954 cannot be converted
 * (the parameters are classified): their polygons are kept for the eye and excluded from judgement, unless the bureau has
 * entered its own parameters (seven-parameter Bursa-Wolf, height 0 on the source ellipsoid: 1 km of height would move a point
 * by centimetres); others by PROJ, noted.
 */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import { type ClassifiedDatum, OWN_DATUM_WORDS, type OwnDatum, type SevenParameters } from '../../model/own-datum.js';
import { lonLatReference, referenceFrom, referenceName } from './spatial-reference.js';

export interface LayerReference {
  readonly name: string;
  readonly assumptions: readonly string[];
  /** Chinese; why its polygons are not judged. */
  readonly excludedReason: string | null;
  readonly projected: boolean;
  readonly toLonLat: gdal.CoordinateTransformation | null;
  /** Converted with the bureau's own parameters. */
  readonly byOwnDatum?: boolean;
}

const CLASSIFIED: readonly (readonly [RegExp, string, ClassifiedDatum])[] = [
  [/xi'?an[_ ]?(19)?80/i, '1980西安坐标系', 'Xian80'],
  [/beijing[_ ]?(19)?54/i, '1954北京坐标系', 'Beijing54'],
];

/** Faults: layer.no-crs, crs.unknown. */
export function layerReference(
  own: gdal.SpatialReference | null,
  given: string | null,
  file: string,
  ownDatum: OwnDatum | null = null,
): LayerReference {
  const reference = given === null ? own : referenceFrom(given);
  if (!reference) {
    throw new Fault(
      'layer.no-crs',
      `${file} 没有坐标系定义（Shapefile 缺 .prj；DXF 本身不带），请用 --crs 指定，例如 --crs EPSG:4490 或 --crs EPSG:4528 (no coordinate system; give --crs)`,
    );
  }
  const name = referenceName(reference);
  const assumptions: string[] = [];
  if (given !== null && own && !own.isSame(reference)) {
    assumptions.push(`文件自带坐标系 ${referenceName(own)}，按 --crs 改用 ${name}`);
  }
  const datum = `${reference.getAttrValue('DATUM') ?? ''} ${reference.getAttrValue('GEOGCS') ?? ''}`;
  const projected = reference.isProjected();
  const [, classified, code] = CLASSIFIED.find(([pattern]) => pattern.test(datum)) ?? [];
  const parameters = code === undefined ? undefined : ownDatum?.parameters[code];
  if (ownDatum && parameters) {
    assumptions.push(`${classified}：${OWN_DATUM_WORDS}为2000国家大地坐标系（参数摘要 ${ownDatum.digest}）`);
    const toLonLat = ownTransformation(reference, parameters);
    return { name, assumptions, excludedReason: null, projected, toLonLat, byOwnDatum: true };
  }
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

/** PROJ's +towgs84 turns the position vector; a frame that turns the other way has the opposite signs. */
function ownTransformation(
  reference: gdal.SpatialReference,
  { convention, translationM, rotationArcsec, scalePpm }: SevenParameters,
): gdal.CoordinateTransformation {
  const sign = convention === 'position-vector' ? 1 : -1;
  const rotation = rotationArcsec.map((seconds) => sign * seconds);
  const shift = [...translationM, ...rotation, scalePpm].join(',');
  const source = reference.toProj4().replace(/\+(towgs84|nadgrids)=\S+/g, '');
  return new gdal.CoordinateTransformation(
    gdal.SpatialReference.fromProj4(`${source} +towgs84=${shift}`),
    gdal.SpatialReference.fromProj4('+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs'),
  );
}
