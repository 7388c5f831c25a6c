/** Mining detector: the numbers that `fit` finds for a pair and `detect` works with. Plain JSON inside `PairModel.detector`. */

/** Positions in `AlignedPair.roles`; null = the pair has no such band. */
export interface MiningBands {
  readonly blue: number | null;
  readonly green: number | null;
  readonly red: number | null;
  readonly nir: number | null;
  readonly swir1: number | null;
  readonly swir2: number | null;
}

/** What the pair's bands allow: with short-wave infrared, with near infrared, or visible light only (degraded). */
export type MiningSpectrum = 'swir' | 'nir' | 'rgb';

/** Radii in pixels. */
export interface MiningShape {
  /** Scores are averaged over a square of this radius before the threshold. */
  readonly smooth: number;
  /** Opening that removes specks and threads. */
  readonly open: number;
  /** How far opened patches grow back into candidate pixels. */
  readonly grow: number;
  /** Closing that joins what belongs together. */
  readonly close: number;
  /** Width of the band along the outline whose pixels are assigned again; 0 = not done. */
  readonly edge: number;
  /** Surroundings that a patch is held against. */
  readonly ring: number;
}

/** Logistic model: probability = 1 / (1 + exp(−(bias + Σ weight·(value − mean)/scale))). */
export interface Logistic {
  readonly names: readonly string[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly weight: readonly number[];
  readonly bias: number;
}

/** What the score, the outline and the objects of one kind of imagery are decided with. */
export interface MiningWeights {
  readonly spectrum: MiningSpectrum;
  /** Weights of the pixel terms, in the order of `PIXEL_TERMS`. */
  readonly pixel: readonly number[];
  /**
   * A second model over the same terms: "is opened ground now", where `pixel` says "and was not before". A pixel's score is the smaller
   * of the two, so that a strong change into something else (harvest) cannot make up for it. Absent: `pixel` alone.
   */
  readonly pixelNow?: readonly number[];
  /** This share of the sample's pixels become candidates (a scene's scores are compared with each other) … */
  readonly candidateShare: number;
  /** … but none whose score (log-odds × 100) is under this. */
  readonly lowestScore: number;
  readonly shape: MiningShape;
  /** null: the plain object rule decides. */
  readonly object: Logistic | null;
  /** Objects whose uncalibrated probability reaches this are kept. */
  readonly keepFrom: number;
  /** Reported confidence = 1 / (1 + exp(−(slope · log-odds + shift))), fitted on scenes left out of training. */
  readonly calibration: { readonly slope: number; readonly shift: number };
  readonly minPixels: number;
  /**
   * Objects per million pixels that may reach `keepFrom`; where the sample has more, the whole pair's log-odds are lowered until it has
   * not: a scene full of look-alikes (desert, harvest) makes each of them less convincing. null = no limit.
   */
  readonly crowd: number | null;
}

export interface MiningDetector {
  readonly bands: MiningBands;
  /** before ≈ gain · after + offset on unchanged ground, per band of `roles`. */
  readonly gain: readonly number[];
  readonly offset: readonly number[];
  /** Medians of BEFORE: visible brightness, short-wave infrared (near infrared or red where there is none). */
  readonly brightMedian: number;
  readonly swirMedian: number;
  /** Median and robust spread of each of INDEX_TERMS over the sample. */
  readonly termCentre: readonly number[];
  readonly termSpread: readonly number[];
  readonly weights: MiningWeights;
  /** Pixels from this score on (log-odds × 100) are candidates. */
  readonly threshold: number;
  /** What is taken from every object's log-odds, see `crowd`; 0 or more. */
  readonly crowding: number;
  /** Chinese; what the imagery lacks, or null. */
  readonly degraded: string | null;
}
