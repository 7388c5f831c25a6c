/**
 * ground-reading: a patch and the ring around it on one image, as a few medians.
 * Method: the patch less its outermost pixels (a shift of a pixel then moves nothing) against a ring that begins two pixels outside it;
 * indices per pixel, quantised to thousandths, and their medians, so that a roof, a tree or a part under thin cloud does not decide.
 * NDVI (Tucker 1979); bare soil index (Rikimaru et al. 2002); green-red index (Motohka et al. 2010) without near infrared.
 * In:  planar bands of a window with their roles, validity, the patch and what else has changed as masks of that window.
 * Out: a GroundReading. Nothing depends on where the window begins as long as it holds patch and ring.
 */
import type { GroundNumbers, GroundReading } from '../model/history.js';
import type { BandRole } from '../model/raster.js';

export interface GroundWindow {
  readonly width: number;
  readonly height: number;
  readonly roles: readonly BandRole[];
  readonly bands: readonly Float32Array[];
  readonly valid: Uint8Array;
}

/** Pixels between patch and ring. */
const GAP_PX = 2;
/** A patch that keeps fewer pixels than this without its rim is taken whole. */
const LEAST_CORE_PX = 9;
/** Fewer pixels than these say nothing: three are the fewest whose median bears an odd one. */
const LEAST_SEEN_PX = 3;
const LEAST_RING_PX = 12;
const CORE_SHARE = 0.6;
const RING_SHARE = 0.3;

/** Width of the ring: 60 m, but 5 to 30 pixels. */
export function ringWidthPx(gsdM: number): number {
  return Math.min(30, Math.max(5, Math.ceil(60 / gsdM)));
}

export function marginPx(gsdM: number): number {
  return GAP_PX + ringWidthPx(gsdM);
}

export function readGround(window: GroundWindow, patch: Uint8Array, others: Uint8Array, gsdM: number): GroundReading {
  const { width, height, valid } = window;
  const eroded = erode(patch, width, height);
  const core = count(eroded) >= LEAST_CORE_PX ? eroded : patch;
  const near = dilate(patch, width, height, GAP_PX);
  const far = dilate(patch, width, height, GAP_PX + ringWidthPx(gsdM));
  const inside: number[] = [];
  const around: number[] = [];
  let corePixels = 0;
  let ringPixels = 0;
  for (let i = 0; i < core.length; i++) {
    if (core[i] === 1) {
      corePixels++;
      if (valid[i] === 1) inside.push(i);
    } else if (far[i] === 1 && near[i] === 0 && others[i] === 0) {
      ringPixels++;
      if (valid[i] === 1) around.push(i);
    }
  }
  const enough =
    inside.length >= Math.max(LEAST_SEEN_PX, CORE_SHARE * corePixels) &&
    around.length >= Math.max(LEAST_RING_PX, RING_SHARE * ringPixels);
  return {
    seenPixels: inside.length,
    numbers: enough ? { patch: numbersOf(window, inside), ring: numbersOf(window, around) } : null,
  };
}

function numbersOf({ roles, bands }: GroundWindow, pixels: readonly number[]): GroundNumbers {
  const band = (role: BandRole): Float32Array | undefined => bands[roles.indexOf(role)];
  const [blue, green, red, nir, swir] = [band('blue'), band('green'), band('red'), band('nir'), band('swir1')];
  const known = [green, red].filter((one) => one !== undefined);
  const visible = known.length > 0 ? known : bands;
  const sum = (of: readonly Float32Array[], i: number): number => of.reduce((total, one) => total + (one[i] ?? 0), 0);
  const ratio = (a: readonly Float32Array[], b: readonly Float32Array[]): number | null =>
    median(pixels, (i) => {
      const [more, less] = [sum(a, i), sum(b, i)];
      return more + less > 0 ? (more - less) / (more + less) : null;
    });
  const log = (a: readonly Float32Array[], b: readonly Float32Array[] | null): number | null =>
    median(pixels, (i) => {
      const [over, under] = [sum(a, i) / a.length, b ? sum(b, i) : 1];
      return over > 0 && under > 0 ? Math.log(over / under) : null;
    });
  return {
    veg: nir && red ? ratio([nir], [red]) : green && red ? ratio([green], [red]) : null,
    bright: log(visible, null),
    bare: blue && red && nir && swir ? ratio([swir, red], [nir, blue]) : null,
    white: blue && red ? log([blue], [red]) : null,
  };
}

/** In thousandths: the upper of the two middle ones, an integer; null where most pixels have no value. */
function median(pixels: readonly number[], valueAt: (i: number) => number | null): number | null {
  const values: number[] = [];
  for (const i of pixels) {
    const value = valueAt(i);
    if (value !== null) values.push(Math.round(1000 * value));
  }
  if (values.length * 2 <= pixels.length) return null;
  return values.sort((a, b) => a - b)[values.length >> 1] ?? null;
}

function count(mask: Uint8Array): number {
  let sum = 0;
  for (const value of mask) sum += value;
  return sum;
}

/** Pixels whose four neighbours belong to the mask as well. */
function erode(mask: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let r = 1; r + 1 < height; r++) {
    for (let c = 1; c + 1 < width; c++) {
      const i = r * width + c;
      out[i] =
        (mask[i] ?? 0) & (mask[i - 1] ?? 0) & (mask[i + 1] ?? 0) & (mask[i - width] ?? 0) & (mask[i + width] ?? 0);
    }
  }
  return out;
}

/** Pixels with one of the mask in the square of `radius` around them: along the rows, then along the columns. */
function dilate(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rows = new Uint8Array(mask.length);
  spread(mask, rows, { lines: height, length: width, lineStep: width, step: 1 }, radius);
  const out = new Uint8Array(mask.length);
  spread(rows, out, { lines: width, length: height, lineStep: 1, step: width }, radius);
  return out;
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly lineStep: number;
  readonly step: number;
}

function spread(from: Uint8Array, to: Uint8Array, { lines, length, lineStep, step }: Lines, radius: number): void {
  for (let line = 0; line < lines; line++) {
    let reach = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < length + radius; k++) {
      if (k < length && from[line * lineStep + k * step] === 1) reach = k;
      const at = k - radius;
      if (at >= 0 && reach >= at - radius) to[line * lineStep + at * step] = 1;
    }
  }
}
