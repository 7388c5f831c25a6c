/** meet: where two rasters overlap on AFTER's grid, and how large its pixels are on the ground. */
import type { Grid } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { openPair } from './pair-reader.js';
import { referenceFrom } from './spatial-reference.js';

export function meet(input: WorkCatalogue['meet']['input']): WorkCatalogue['meet']['output'] {
  const { grid, extent, tileRows } = openPair(input.pair);
  return { grid, window: extent, tileRows, ...pixelSize(grid) };
}

/** Metres and square metres of a pixel at the middle of the grid (radii of curvature of GRS80 for geographic grids). */
export function pixelSize(grid: Grid): { gsdM: number | null; pixelAreaM2: number | null; projected: boolean } {
  if (grid.crs === '') return { gsdM: null, pixelAreaM2: null, projected: false };
  const srs = referenceFrom(grid.crs);
  const t = grid.transform;
  const cell = Math.abs(t[1] * t[5] - t[2] * t[4]);
  if (!srs.isGeographic()) {
    const metresPerUnit = srs.getLinearUnits().value ?? 1;
    const pixelAreaM2 = cell * metresPerUnit * metresPerUnit;
    return { gsdM: Math.sqrt(pixelAreaM2), pixelAreaM2, projected: srs.isProjected() };
  }
  const lat = ((t[3] + (grid.width / 2) * t[4] + (grid.height / 2) * t[5]) * Math.PI) / 180;
  const e2 = 0.0066943800229;
  const w2 = 1 - e2 * Math.sin(lat) ** 2;
  const meridian = (6378137 * (1 - e2)) / (w2 * Math.sqrt(w2));
  const parallel = (6378137 / Math.sqrt(w2)) * Math.cos(lat);
  const pixelAreaM2 = cell * (Math.PI / 180) ** 2 * meridian * parallel;
  return { gsdM: Math.sqrt(pixelAreaM2), pixelAreaM2, projected: false };
}
