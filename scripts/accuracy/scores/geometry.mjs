/** geometry: polygons through GDAL's GEOS, as the scores need them. */
import gdal from 'gdal-async';

/** Area of polygons wherever they are nested; lines and points have none. */
export function areaOf(geometry) {
  if (typeof geometry.getArea === 'function') return geometry.getArea();
  if (!geometry.children) return 0;
  let sum = 0;
  geometry.children.forEach((child) => {
    sum += areaOf(child);
  });
  return sum;
}

/** A geometry that GEOS accepts. */
export function valid(geometry) {
  return geometry.isValid() ? geometry : geometry.buffer(0);
}

export function unionOf(geometries) {
  return geometries.reduce((whole, geometry) => (whole === null ? geometry : whole.union(geometry)), null);
}

/** Features of a vector file with their properties, in the file's own coordinates or in `srs`. */
export function readPolygons(path, srs = null) {
  const file = gdal.open(path);
  const layer = file.layers.get(0);
  const out = [];
  layer.features.forEach((feature) => {
    const geometry = feature.getGeometry();
    if (!geometry) return;
    if (srs && layer.srs && !layer.srs.isSame(srs)) geometry.transformTo(srs);
    out.push({ geometry: valid(geometry), properties: feature.fields.toObject() });
  });
  file.close();
  return out;
}

/** The areas of a raster of whole numbers as one valid (multi)polygon a number, in the coordinates of `frame`; 0 is left out. */
export function polygonsOf(labels, width, height, frame) {
  const raster = gdal.open('/vsimem/labels.tif', 'w', 'GTiff', width, height, 1, gdal.GDT_Int32);
  raster.geoTransform = frame.transform;
  if (frame.srs) raster.srs = frame.srs;
  raster.bands.get(1).pixels.write(0, 0, width, height, Int32Array.from(labels));
  const store = gdal.open('temp', 'w', 'Memory');
  const layer = store.layers.create('labels', frame.srs ?? null, gdal.wkbPolygon);
  layer.fields.add(new gdal.FieldDefn('n', gdal.OFTInteger));
  gdal.polygonize({ src: raster.bands.get(1), dst: layer, pixValField: 0, connectedness: 4 });
  const parts = new Map();
  layer.features.forEach((feature) => {
    const n = feature.fields.get('n');
    if (n === 0) return;
    if (!parts.has(n)) parts.set(n, []);
    parts.get(n).push(valid(feature.getGeometry()));
  });
  raster.close();
  store.close();
  gdal.vsimem.release('/vsimem/labels.tif');
  return [...parts].sort(([a], [b]) => a - b).map(([n, list]) => ({ n, geometry: unionOf(list) }));
}
