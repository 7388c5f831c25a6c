/**
 * recall: what one image shows of each patch and of the ring around it. Patches come as lon/lat outlines and are laid on the image's
 * own pixels, so that no image is resampled; only the windows of the patches are read, one at a time.
 */
import { marginPx, readGround } from '../../kernels/ground-reading.js';
import type { GroundReading } from '../../model/history.js';
import type { WorkCatalogue } from '../../model/work.js';
import { readBandWindow } from './band-window.js';
import { type LaidOutline, layOn, meets, paint, touches, windowAround } from './laid-outline.js';
import { readSeenMask } from './mask.js';
import { pixelSize } from './meet.js';
import { openRaster } from './open.js';
import { gridOf } from './pair-reader.js';

export function recall(input: WorkCatalogue['recall']['input']): WorkCatalogue['recall']['output'] {
  const { use, masks } = input.scene;
  const dataset = openRaster(use.path);
  const grid = gridOf(dataset);
  const { gsdM } = pixelSize(grid);
  if (gsdM === null) return input.patches.map(() => null);
  const laid = input.patches.map((patch) => layOn(grid, patch));
  const indices = use.bands.map(({ index }) => index);
  const read = (one: LaidOutline): GroundReading | null => {
    if (!touches(one.box, dataset.rasterSize)) return null;
    const window = windowAround(one.box, marginPx(gsdM));
    const { bands, valid } = readBandWindow(dataset, use.path, indices, window);
    const seen = readSeenMask(masks, grid, window);
    if (seen) for (let i = 0; i < valid.length; i++) if (seen[i] === 0) valid[i] = 0;
    const patch = new Uint8Array(valid.length);
    paint(one.runs, window, patch);
    const others = new Uint8Array(valid.length);
    for (const other of laid) if (other !== one && meets(other.box, window)) paint(other.runs, window, others);
    const roles = use.bands.map(({ role }) => role);
    return readGround({ width: window.width, height: window.height, roles, bands, valid }, patch, others, gsdM);
  };
  return laid.map(read);
}
