/** toLonLat: polygons in a raster's coordinate system become lon/lat on CGCS2000 (EPSG:4490), position by position. */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { WorkCatalogue } from '../../model/work.js';
import { fromGeometry, toGeometry } from './geometry.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';

export function toLonLat(input: WorkCatalogue['toLonLat']['input']): WorkCatalogue['toLonLat']['output'] {
  const transformation = new gdal.CoordinateTransformation(referenceFrom(input.crs), lonLatReference());
  return input.polygons.map((rings) => {
    const geometry = toGeometry(rings);
    try {
      geometry.transform(transformation);
    } catch (cause) {
      throw new Fault(
        'crs.outside',
        '坐标超出其坐标系的适用范围，无法换算为经纬度；请检查影像或图层的坐标系定义 (coordinates cannot be converted to lon/lat)',
        { cause },
      );
    }
    return fromGeometry(geometry);
  });
}
