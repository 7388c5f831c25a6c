/** Composition root of a raster child: the work catalogue's names and who does them, one line each. */
import { compare } from './adapters/gdal/compare.js';
import { fit } from './adapters/gdal/fit.js';
import { footprint } from './adapters/gdal/footprint.js';
import { inspect } from './adapters/gdal/inspect.js';
import { look } from './adapters/gdal/look.js';
import { meet } from './adapters/gdal/meet.js';
import { openGround } from './adapters/gdal/open-ground.js';
import { optimise } from './adapters/gdal/optimise.js';
import { outside } from './adapters/gdal/outside.js';
import { overlay, overlayPairs } from './adapters/gdal/overlay.js';
import { picture } from './adapters/gdal/picture.js';
import { readIssued } from './adapters/gdal/read-issued.js';
import { readLayer } from './adapters/gdal/read-layer.js';
import { recall } from './adapters/gdal/recall.js';
import { recutObjects } from './adapters/gdal/recut.js';
import { selfCheck } from './adapters/gdal/self-check.js';
import { split } from './adapters/gdal/split.js';
import { tableCorners } from './adapters/gdal/table-corners.js';
import { toLonLat } from './adapters/gdal/to-lonlat.js';
import { toMap } from './adapters/gdal/to-map.js';
import { unite } from './adapters/gdal/unite.js';
import { writeCorners } from './adapters/gdal/write-corners.js';
import { writeIssued } from './adapters/gdal/write-issued.js';
import { writeRaster } from './adapters/gdal/write-raster.js';
import { writeVector } from './adapters/gdal/write-vector.js';
import { missingBytes } from './adapters/geotiff/missing-bytes.js';
import type { WorkCatalogue, WorkName } from './model/work.js';
import { learn } from './stages/learn/learn.js';

type Catalogue = {
  readonly [K in WorkName]?: (
    input: WorkCatalogue[K]['input'],
  ) => WorkCatalogue[K]['output'] | Promise<WorkCatalogue[K]['output']>;
};

const catalogue: Catalogue = {
  selfCheck,
  inspect: (input) => inspect(input, missingBytes),
  footprint,
  learn,
  meet,
  fit,
  compare,
  look,
  openGround,
  optimise,
  recall,
  recut: recutObjects,
  picture,
  readIssued,
  readLayer,
  tableCorners,
  toLonLat,
  toMap,
  unite,
  overlay,
  overlayPairs,
  outside,
  split,
  writeCorners,
  writeIssued,
  writeRaster,
  writeVector,
};

export const handlers = catalogue as Readonly<Record<string, ((input: unknown) => unknown) | undefined>>;
