/**
 * quality-sieve: which pixels of a date may be solid parts of cloud, snow or shade at all (quality-marks): what cores are made of, in single
 * precision, with limits that let too much through rather than too little. Clear ground ends here.
 * In: bands of both dates, fitted numbers. Out: bits per pixel, BRIGHT and DARK of each date. The twin of `sieveQuality` in
 * assembly/sieve.ts, bit for bit.
 */
import type { AlignedPair } from '../model/change.js';
import {
  type Bands,
  type DateQuality,
  HALF_SHADE,
  NOT_WATER,
  ORDER_SLACK,
  OTHER,
  SHADE,
  type Side,
  VEIL_FLOOR,
} from './quality-marks.js';

/** Bit of BRIGHT; DARK is the next one. */
export const SIEVE_BIT = { before: 1, after: 4 } as const;

/** Rounding of single precision against the largest value that matters, and of a share of light. */
const ROUNDING = 4e-7;
const SHARE_ROUNDING = 2e-3;
/** Values up to this many times the brightest ground are covered by the slack. */
const RANGE = 64;
/** Share of the brightest ground under which a share of light is ill-conditioned: passes. */
const FAINT = 1e-3;

/**
 * LAYOUT (f32): 0 gain and offset of blue, red and near infrared; 6 least rise of blue, 7 least blue; 8 most that is left of blue, red and
 * near infrared; 11 faint, 12 slack of the order of the shares, 13 least share of near infrared by that of blue.
 * `veils`: wide veils make cores too; where a cloud casts a shadow half shade counts.
 */
export function qualitySieve(bands: Bands, quality: DateQuality, veils: boolean): Float32Array {
  const [blue, red, nir] = [bands.blue, bands.red, bands.nir].map((band) => quality.lines[band]!);
  const { blueLimit, veilRise, shadow } = quality;
  const slack = ROUNDING * (RANGE * Math.abs(blueLimit) * (1 + Math.abs(blue!.gain)) + Math.abs(blue!.offset));
  const onlyCloud = !veils && bands.swir < 0;
  const left = shadow === null ? SHADE : HALF_SHADE;
  return Float32Array.from([
    ...[blue!, red!, nir!].flatMap(({ gain, offset }) => [gain, offset]),
    VEIL_FLOOR * veilRise - slack,
    onlyCloud ? blueLimit - slack : -3e38,
    ...[left.blue, left.red, left.nir].map((share) => share + SHARE_ROUNDING),
    FAINT * Math.abs(blueLimit),
    ORDER_SLACK + SHARE_ROUNDING,
    NOT_WATER.nir - SHARE_ROUNDING,
  ]);
}

const f = Math.fround;

/** The sieve in TypeScript: adds the bits of `date` to `out`, returns those that were added anywhere. */
export function mayBeHidden(pair: AlignedPair, bands: Bands, n: Float32Array, date: Side, out: Uint8Array): number {
  const [own, other] = [pair[date], pair[OTHER[date]]];
  const bit = SIEVE_BIT[date];
  let all = 0;
  for (let i = 0; i < out.length; i++) {
    if (pair.seen[i] === 0) continue;
    const [b, r, k] = [own[bands.blue]![i]!, own[bands.red]![i]!, own[bands.nir]![i]!];
    const foretold = (band: number, at: number) => f(f(n[at]! * other[band]![i]!) + n[at + 1]!);
    const [b1, r1, k1] = [foretold(bands.blue, 0), foretold(bands.red, 2), foretold(bands.nir, 4)];
    const bright = f(b - b1) > n[6]! && b > n[7]!;
    let dark = k < f(n[10]! * k1) || Math.min(k, k1) < n[11]!;
    if (dark) {
      const [ofBlue, ofRed, ofNir] = [f(b / b1), f(r / r1), f(k / k1)];
      const shade =
        ofRed < n[9]! &&
        ofBlue < n[8]! &&
        ofBlue > f(ofRed - n[12]!) &&
        ofNir < f(ofRed + n[12]!) &&
        ofNir > f(n[13]! * ofBlue);
      dark = shade || Math.min(r, r1, b, b1, k, k1) < n[11]!;
    }
    const marks = (bright ? bit : 0) | (dark ? 2 * bit : 0);
    all |= marks;
    out[i]! |= marks;
  }
  return all;
}
