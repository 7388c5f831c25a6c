/** Tiny rasters of every kind for tests, written with GDAL. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';

export interface RasterSpec {
  readonly width?: number;
  readonly height?: number;
  readonly type?: string;
  /** EPSG code or WKT; null: none. Default 32650. */
  readonly crs?: number | string | null;
  /** Default: 10 m pixels from (500000, 4400000), north up; null: none. */
  readonly transform?: readonly number[] | null;
  /** One entry per band; a function of col, row or one value. Default: one band of 1000 + col. */
  readonly bands?: readonly (number | ((col: number, row: number) => number))[];
  readonly names?: readonly string[];
  readonly noData?: number | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  /** GDAL driver; those that can only copy (COG, JP2OpenJPEG) are copied from memory. */
  readonly driver?: string;
}

/** A folder that goes away with `remove`. Its name has Chinese and a space on purpose. */
export function rasterFolder(): { readonly dir: string; path(name: string): string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), '影像 tests '));
  return {
    dir,
    path: (name) => join(dir, name),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export function writeTiny(path: string, spec: RasterSpec = {}): string {
  const { width = 8, height = 6, type = 'UInt16', driver = 'GTiff' } = spec;
  const bands = spec.bands ?? [(col: number) => 1000 + col];
  const creates = driver === 'GTiff' || driver === 'HFA';
  const options = [...(spec.options ?? [])];
  const dataset = gdal.open(
    creates ? path : `/vsimem/${Math.abs(hash(path))}`,
    'w',
    creates ? driver : 'GTiff',
    width,
    height,
    bands.length,
    type,
    creates ? options : [],
  );
  const crs = spec.crs === undefined ? 32650 : spec.crs;
  if (crs !== null) {
    dataset.srs = typeof crs === 'number' ? gdal.SpatialReference.fromEPSG(crs) : gdal.SpatialReference.fromWKT(crs);
  }
  const transform = spec.transform === undefined ? [500000, 10, 0, 4400000, 0, -10] : spec.transform;
  if (transform !== null) dataset.geoTransform = [...transform];
  if (spec.metadata) dataset.setMetadata({ ...spec.metadata });
  bands.forEach((value, i) => {
    const band = dataset.bands.get(i + 1);
    if (spec.noData !== undefined && spec.noData !== null) band.noDataValue = spec.noData;
    const pixels = new Float64Array(width * height);
    for (let row = 0; row < height; row++) {
      for (let col = 0; col < width; col++) {
        pixels[row * width + col] = typeof value === 'number' ? value : value(col, row);
      }
    }
    band.pixels.write(0, 0, width, height, pixels);
  });
  if (!creates) gdal.drivers.get(driver).createCopy(path, dataset, options).close();
  dataset.close();
  if (spec.names) describeBands(path, spec.names);
  return path;
}

/** GDAL's bindings cannot set a band's description; its side file can. */
function describeBands(path: string, names: readonly string[]): void {
  const bands = names.map((n, i) => `<PAMRasterBand band="${i + 1}"><Description>${n}</Description></PAMRasterBand>`);
  writeFileSync(`${path}.aux.xml`, `<PAMDataset>${bands.join('')}</PAMDataset>`);
}

function hash(text: string): number {
  let value = 7;
  for (const c of text) value = (Math.imul(value, 31) + (c.codePointAt(0) ?? 0)) | 0;
  return value;
}
