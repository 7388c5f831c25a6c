/**
 * fit any: everything global of the search for any change of the ground, from the pair's sample. Radar, or one band of which
 * nothing is known: the log ratio; optical bands: the fused optical score. One threshold for the whole pair, on a quantised score.
 */
import { ANY_OPTICAL_HALO_PX, fitAnyOptical } from '../../kernels/any-optical.js';
import { addTo, histogramOf } from '../../kernels/histogram.js';
import { fitLogRatio, logRatioHaloPx, logRatioStrength } from '../../kernels/log-ratio.js';
import { noiseCut } from '../../kernels/noise-cut.js';
import { thinnedSample } from '../../kernels/pair-sample.js';
import type { AlignedPair, PairFacts, PairModel, Shift } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import { radarLike } from '../../model/raster.js';

const TV_ITERATIONS = 60;
/** Pixels that are denoised for the threshold, at most, and the side of the windows they come from. */
const RADAR_SAMPLE = 2_000_000;
const RADAR_SAMPLE_SIDE = 512;
/** Radar patches under this many pixels are speckle that survived the denoising. */
const RADAR_MIN_PIXELS = 15;
/**
 * Robust deviations of the fused score from which a pixel is changed, by the size of the pixel: the smaller it is, the more that changed
 * is a roof's edge, a tree or a car and not what a user looks for. Measured: docs/accuracy.md; straight in log(size) between.
 */
const FINE = { gsdM: 10, threshold: 3 };
const COARSE = { gsdM: 30, threshold: 2.2 };
const UNKNOWN_SIZE_THRESHOLD = 2.6;
/** Without a ground size whole patches are not sieved by area afterwards, so it is done here, in pixels. */
const OPTICAL_MIN_PIXELS = 15;

export function fitAny(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  const roles = sample[0]?.roles ?? [];
  // The log ratio also serves grey images, the optical score not radar.
  return radarLike(roles) ? fitOneBand(sample, facts, shift) : fitOptical(sample, facts, shift);
}

function fitOneBand(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  const numbers = fitLogRatio(sample, TV_ITERATIONS);
  const histogram = histogramOf(new Float32Array(0), new Uint8Array(0), 0, 8, 4096);
  for (const pair of thinnedSample(sample, RADAR_SAMPLE, RADAR_SAMPLE_SIDE)) {
    const strength = new Float32Array(pair.seen.length);
    logRatioStrength(pair, numbers, strength);
    addTo(histogram, strength, pair.seen);
  }
  return {
    facts,
    roles: sample[0]?.roles ?? [],
    shift,
    method: 'any-one-band/3',
    detector: {
      numbers,
      threshold: noiseCut(histogram, sample[0]?.before.length ?? 1, numbers.noise),
      minPixels: RADAR_MIN_PIXELS,
    },
    haloPx: logRatioHaloPx(numbers) + RADAR_MIN_PIXELS + 1,
  };
}

function fitOptical(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  const numbers = fitAnyOptical(sample);
  if (numbers === null) {
    throw new Fault(
      'fit.nothing-to-fit',
      '两期影像没有足够的可比像元 (too few pixels are seen on both dates, or no band varies; expected overlapping images with valid pixels)',
    );
  }
  const minPixels = facts.pixelAreaM2 === null ? OPTICAL_MIN_PIXELS : 0;
  return {
    facts,
    roles: sample[0]?.roles ?? [],
    shift,
    method: 'any-optical/3',
    detector: { numbers, threshold: opticalThreshold(facts.gsdM), minPixels },
    haloPx: ANY_OPTICAL_HALO_PX + minPixels,
  };
}

export function opticalThreshold(gsdM: number | null): number {
  if (gsdM === null) return UNKNOWN_SIZE_THRESHOLD;
  const share = Math.log(gsdM / FINE.gsdM) / Math.log(COARSE.gsdM / FINE.gsdM);
  return FINE.threshold + (COARSE.threshold - FINE.threshold) * Math.max(0, Math.min(1, share));
}
