/** Composition root of a raster child: the work catalogue's names and who does them, one line each. */
import { writeRaster } from './adapters/gdal/write-raster.js';
import type { WorkCatalogue, WorkName } from './model/work.js';

type Catalogue = {
  readonly [K in WorkName]?: (
    input: WorkCatalogue[K]['input'],
  ) => WorkCatalogue[K]['output'] | Promise<WorkCatalogue[K]['output']>;
};

const catalogue: Catalogue = {
  writeRaster,
};

export const handlers = catalogue as Readonly<Record<string, ((input: unknown) => unknown) | undefined>>;
