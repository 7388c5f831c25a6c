/**
 * ground-features: vegetation, bare soil and brightness of every pixel of a window, in thousandths, and medians of them.
 * NDVI (Tucker 1979), without near infrared the green-red index; bare soil index (Rikimaru et al. 2002), 0 where its bands are
 * missing; natural logarithm of green + red (of all bands without either). The same numbers as ground-reading takes medians of.
 */
import type { BandRole } from '../model/raster.js';

export interface GroundFeatures {
  readonly veg: Float32Array;
  readonly bare: Float32Array;
  readonly bright: Float32Array;
  /** The index stands on its own scale: NDVI. */
  readonly ndvi: boolean;
}

export interface GroundMedians {
  readonly veg: number;
  readonly bare: number;
  readonly bright: number;
}

export function groundFeatures(roles: readonly BandRole[], bands: readonly Float32Array[]): GroundFeatures {
  const band = (role: BandRole): Float32Array | undefined => bands[roles.indexOf(role)];
  const [blue, green, red, nir, swir] = [band('blue'), band('green'), band('red'), band('nir'), band('swir1')];
  const pixels = bands[0]?.length ?? 0;
  const of = (value: (i: number) => number): Float32Array => {
    const out = new Float32Array(pixels);
    for (let i = 0; i < pixels; i++) out[i] = Math.round(1000 * value(i));
    return out;
  };
  const ratio = (more: number, less: number): number => (more + less > 0 ? (more - less) / (more + less) : 0);
  const [high, low] = nir && red ? [nir, red] : [green, red];
  const visible = green || red ? [green, red].filter((one) => one !== undefined) : bands;
  return {
    veg: of((i) => (high && low ? ratio(high[i]!, low[i]!) : 0)),
    bare: of((i) => (blue && red && nir && swir ? ratio(swir[i]! + red[i]!, nir[i]! + blue[i]!) : 0)),
    bright: of((i) => {
      let sum = 0;
      for (const one of visible) sum += one[i]!;
      return sum > 0 ? Math.log(sum / visible.length) : 0;
    }),
    ndvi: nir !== undefined && red !== undefined,
  };
}

/** Upper medians over the pixels; null without any. */
export function mediansOf(features: GroundFeatures, pixels: readonly number[]): GroundMedians | null {
  if (pixels.length === 0) return null;
  const median = (plane: Float32Array): number =>
    Float32Array.from(pixels, (i) => plane[i]!).sort()[pixels.length >> 1]!;
  return { veg: median(features.veg), bare: median(features.bare), bright: median(features.bright) };
}
