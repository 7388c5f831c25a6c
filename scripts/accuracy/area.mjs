/** area: how much ground a raster covers, on the ellipsoid. */
import gdal from 'gdal-async';
import { ringAreaM2 } from '../../dist/src/geo/ellipsoid-area.js';

const STEPS = 20;

/** km² of the lon/lat box around the raster. */
export function sceneAreaKm2({ srs, transform }, width, height) {
  const [x0, dx, , y0, , dy] = transform;
  const target = gdal.SpatialReference.fromEPSG(4326);
  const toLonLat = srs.isGeographic() ? (x, y) => ({ x, y }) : project(srs, target);
  let [west, south, east, north] = [180, 90, -180, -90];
  for (let k = 0; k <= STEPS; k++) {
    const [u, v] = [(k / STEPS) * width, (k / STEPS) * height];
    for (const [col, row] of [
      [u, 0],
      [u, height],
      [0, v],
      [width, v],
    ]) {
      const { x, y } = toLonLat(x0 + col * dx, y0 + row * dy);
      [west, east] = [Math.min(west, x), Math.max(east, x)];
      [south, north] = [Math.min(south, y), Math.max(north, y)];
    }
  }
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return ringAreaM2(ring) / 1e6;
}

function project(from, to) {
  const transformation = new gdal.CoordinateTransformation(from, to);
  return (x, y) => {
    const point = transformation.transformPoint(x, y);
    // EPSG:4326 may be answered in its own axis order, latitude first
    return Math.abs(point.x) <= 90 && to.EPSGTreatsAsLatLong() ? { x: point.y, y: point.x } : point;
  };
}
