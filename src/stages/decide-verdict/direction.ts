/** From which quarter of the horizon a photo shows its patch: 0 = taken north to east of it. */
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { interiorPoint } from '../../geo/interior-point.js';
import { roughlyFromGcj02 } from '../../geo/map-links.js';
import type { PhotoPlace } from '../../model/evidence.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';

/** Null = no position, or no outline. */
export function quarterOfDirection(place: PhotoPlace, outline: MultiPolygonRings): number | null {
  if (place.lon === null || place.lat === null || place.datum === null || outline.length === 0) return null;
  const stated: Position = [place.lon, place.lat];
  const [x, y] = place.datum === 'GCJ-02' ? roughlyFromGcj02(stated) : stated;
  const { lon, lat } = interiorPoint(outline);
  const scale = metresPerDegree(lat);
  const degrees = (Math.atan2((x - lon) * scale.lon, (y - lat) * scale.lat) * (180 / Math.PI) + 360) % 360;
  return Math.floor(degrees / 90) % 4;
}
