/** raster: image pairs read onto the later date's grid, for the plain methods, the scores and the pictures. */
import gdal from 'gdal-async';

const OF_13 = [2, 3, 4, 8, 12, 13];

export function readPlane(path) {
  const file = gdal.open(path);
  const { x: width, y: height } = file.rasterSize;
  const plane = file.bands.get(1).pixels.read(0, 0, width, height);
  file.close();
  return { plane, width, height };
}

/** Both dates on the grid of AFTER (the earlier one resampled bilinearly where its grid is another). `use`: both have data. */
export function readPair(beforePath, afterPath) {
  const later = gdal.open(afterPath);
  const { x: width, y: height } = later.rasterSize;
  const frame = { srs: later.srs, transform: later.geoTransform };
  const count = later.bands.count();
  const indices = count === 13 ? OF_13 : Array.from({ length: Math.min(count, 6) }, (_, k) => k + 1);
  const after = bandsOf(later, indices);
  const before = beforeOn(beforePath, later, indices);
  later.close();
  // zero in every band is no data; in one band of radar it is a value
  const has = (bands, i) => bands.length === 1 || bands.some((band) => band[i] > 0);
  const use = Uint8Array.from(after[0], (_, i) => (has(before, i) && has(after, i) ? 1 : 0));
  return { width, height, before, after, use, frame };
}

function bandsOf(file, indices) {
  const { x: width, y: height } = file.rasterSize;
  return indices.map((index) => {
    const out = new Float64Array(width * height);
    file.bands.get(index).pixels.read(0, 0, width, height, out, { type: gdal.GDT_Float64 });
    return out;
  });
}

function beforeOn(path, later, indices) {
  const file = gdal.open(path);
  const { rasterSize: a, geoTransform: ta } = file;
  const { rasterSize: b, geoTransform: tb } = later;
  const same = a.x === b.x && a.y === b.y && (!ta || !tb || ta.every((v, k) => Math.abs(v - tb[k]) < 1e-9));
  if (same) {
    const bands = bandsOf(file, indices);
    file.close();
    return bands;
  }
  const target = gdal.open('/vsimem/before.tif', 'w', 'GTiff', b.x, b.y, file.bands.count(), gdal.GDT_Float32);
  target.srs = later.srs;
  target.geoTransform = tb;
  gdal.reprojectImage({ src: file, dst: target, s_srs: file.srs, t_srs: later.srs, resampling: gdal.GRA_Bilinear });
  const bands = bandsOf(target, indices);
  target.close();
  file.close();
  gdal.vsimem.release('/vsimem/before.tif');
  return bands;
}
