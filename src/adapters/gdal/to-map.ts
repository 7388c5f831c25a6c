/** toMap: lon/lat points (EPSG:4490) in the coordinates of a raster's system; null where they have none. */
import type { WorkCatalogue } from '../../model/work.js';
import { lonLat } from './lon-lat.js';

export function toMap({ crs, points }: WorkCatalogue['toMap']['input']): WorkCatalogue['toMap']['output'] {
  const converter = lonLat(crs);
  return points.map(([lon, lat]) => converter.toMap(lon, lat));
}
