/** fine-pair-files: how made 2 m pairs lie on disk: images, truth and licences, from pixels to EPSG:4528. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import gdal from 'gdal-async';

const CORNER = { x: 40_480_000, y: 4_310_000 };
const PX_M = 2;

const placed = (ring) => ring.map(([x, y]) => [CORNER.x + x * PX_M, CORNER.y - y * PX_M]);

/** An empty image of the pair, to be written and closed. */
export function createImage(path, size, more = []) {
  const settings = ['TILED=YES', 'COMPRESS=DEFLATE', 'PREDICTOR=2', 'PHOTOMETRIC=MINISBLACK', 'ALPHA=NO', ...more];
  const file = gdal.open(path, 'w', 'GTiff', size, size, 4, gdal.GDT_UInt16, settings);
  file.geoTransform = [CORNER.x, PX_M, 0, CORNER.y, 0, -PX_M];
  file.srs = gdal.SpatialReference.fromEPSG(4528);
  for (let b = 1; b <= 4; b++) file.bands.get(b).noDataValue = 0;
  return file;
}

/** truth.geojson and licences.geojson of pits and licences in pixels. */
export function writeTruth(folder, pits, licences) {
  const polygon = (ring) => gdal.Geometry.fromGeoJson({ type: 'Polygon', coordinates: [placed(ring)] });
  const allowed = licences.map(polygon).reduce((all, one) => all.union(one), new gdal.Polygon());
  const truth = pits.map(({ id, ring, mode }) => {
    const shape = polygon(ring);
    const area = shape.getArea();
    const inside = mode === 'absent' ? 0 : shape.intersection(allowed).getArea();
    return feature({ id, mode, area, inside, outside: area - inside }, ring);
  });
  write(join(folder, 'truth.geojson'), truth);
  write(
    join(folder, 'licences.geojson'),
    licences.map((ring, n) => feature({ licence: `L${n + 1}` }, ring)),
  );
}

const feature = (properties, ring) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates: [placed(ring)] },
});

function write(path, features) {
  const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4528' } };
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', crs, features }));
}
