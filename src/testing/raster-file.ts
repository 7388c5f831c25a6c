/** raster-file: small GeoTIFFs for tests, written through GDAL. */
import gdal from 'gdal-async';

export interface RasterFile {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** One function of column and row per band. */
  readonly bands: readonly ((col: number, row: number) => number)[];
  readonly type?: 'uint8' | 'uint16' | 'float32';
  readonly epsg?: number;
  readonly transform?: readonly [number, number, number, number, number, number];
  readonly noData?: number;
  readonly options?: readonly string[];
}

const TYPES = { uint8: gdal.GDT_Byte, uint16: gdal.GDT_UInt16, float32: gdal.GDT_Float32 };

export function writeRasterFile(file: RasterFile): string {
  const { width, height } = file;
  const options = [...(file.options ?? [])];
  const dataset = gdal.open(
    file.path,
    'w',
    'GTiff',
    width,
    height,
    file.bands.length,
    TYPES[file.type ?? 'uint16'],
    options,
  );
  if (file.epsg !== undefined) {
    dataset.srs = gdal.SpatialReference.fromEPSG(file.epsg);
    dataset.geoTransform = [...(file.transform ?? [500000, 10, 0, 4000000, 0, -10])];
  }
  file.bands.forEach((value, i) => {
    const band = dataset.bands.get(i + 1);
    if (file.noData !== undefined) band.noDataValue = file.noData;
    const data = new Float32Array(width * height);
    for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) data[r * width + c] = value(c, r);
    band.pixels.write(0, 0, width, height, data);
  });
  dataset.close();
  return file.path;
}
