/** Map frame: lon/lat to the pixels of a north-up picture, and what a picture of a place needs (box, path data, scale bar). */
import type { Box, GeoTransform, MultiPolygonRings } from '../model/grid.js';
import { boxOf } from './distance.js';
import { metresPerDegree } from './ellipsoid-area.js';

export interface MapFrame {
  readonly width: number;
  readonly height: number;
  readonly metresPerPixel: number;
  readonly transform: GeoTransform;
}

/** False too for the box of nothing (infinite, turned inside out). */
export function boxesMeet(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** A box square on the ground around a patch: `roomFactor` times its longer side, at least `leastM` metres. */
export function squareBoxAround(geometry: MultiPolygonRings, roomFactor = 2.4, leastM = 300): Box {
  const [minLon, minLat, maxLon, maxLat] = boxOf(geometry);
  const lon = (minLon + maxLon) / 2;
  const lat = (minLat + maxLat) / 2;
  const scale = metresPerDegree(lat);
  const side = Math.max(leastM, roomFactor * Math.max((maxLon - minLon) * scale.lon, (maxLat - minLat) * scale.lat));
  return [
    lon - side / 2 / scale.lon,
    lat - side / 2 / scale.lat,
    lon + side / 2 / scale.lon,
    lat + side / 2 / scale.lat,
  ];
}

/** SVG path data of polygons in the picture's pixels, one decimal. */
export function svgPath(geometry: MultiPolygonRings, { transform }: MapFrame): string {
  return geometry
    .flat()
    .map((ring) => {
      const points = ring
        .slice(0, -1)
        .map(
          ([lon, lat]) =>
            `${((lon - transform[0]) / transform[1]).toFixed(1)} ${((lat - transform[3]) / transform[5]).toFixed(1)}`,
        );
      return `M${points.join('L')}Z`;
    })
    .join('');
}

/** Longest round length (1, 2 or 5 × 10ⁿ metres) that fits into `atMostPx` pixels. */
export function scaleBar(metresPerPixel: number, atMostPx: number): { metres: number; px: number; label: string } {
  const limit = metresPerPixel * atMostPx;
  const power = 10 ** Math.floor(Math.log10(limit));
  const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= limit) ?? power;
  return { metres, px: metres / metresPerPixel, label: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
}
