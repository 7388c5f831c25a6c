/** reach-box: a lon/lat box and how far around it. */
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import type { Box } from '../../model/grid.js';

/** A lon/lat box widened by metres, a little generously. */
export function reachBox(box: Box, reachM: number): [number, number, number, number] {
  const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(box[1]), Math.abs(box[3]))));
  const lon = (reachM / scale.lon) * 1.01;
  const lat = (reachM / scale.lat) * 1.01;
  return [box[0] - lon, box[1] - lat, box[2] + lon, box[3] + lat];
}
