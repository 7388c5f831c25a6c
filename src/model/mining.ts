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

/** Boosted trees: log-odds = bias + the leaf value of each tree. */
export interface Trees {
  readonly names: readonly string[];
  readonly bias: number;
  /**
   * Nodes in preorder: feature = position in `names`, or −1 for a leaf; value = the cut (a number up to it goes to the next node, a
   * larger one to node `right`), or the leaf's value.
   */
  readonly trees: readonly {
    readonly feature: readonly number[];
    readonly value: readonly number[];
    readonly right: readonly number[];
  }[];
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
  /** Smaller shares whose masks are judged besides: of a nest of objects the likeliest is taken. Absent = none. */
  readonly stricterShares?: readonly number[];
  /** The same by fixed scores (log-odds × 100), ascending. */
  readonly stricterScores?: readonly number[];
  /** null: the trees decide, or the plain object rule where there are none. */
  readonly object: Logistic | null;
  /** With `object` the mean of both log-odds counts. Absent = none. */
  readonly trees?: Trees | null;
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

/** The kinds of ground of a pair, by what BEFORE looked like, and how each of them changes. */
export interface MiningKinds {
  /** Bands looked at, as positions in `roles`, and the spread of each in BEFORE. */
  readonly bands: readonly number[];
  readonly unit: readonly number[];
  /** One centre per kind, in units of the bands' spreads. */
  readonly centres: readonly (readonly number[])[];
  /** Per kind: mean change, whitening matrix (lower triangle row by row), median length of the whitened change. */
  readonly mean: readonly (readonly number[])[];
  readonly whiten: readonly (readonly number[])[];
  readonly median: readonly number[];
  /** Per kind: median and spread of each of KIND_TERMS. */
  readonly termCentre: readonly (readonly number[])[];
  readonly termSpread: readonly (readonly number[])[];
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
  /** null: fine imagery, or a sample too small to tell kinds apart. */
  readonly kinds: MiningKinds | null;
  readonly weights: MiningWeights;
  /** Pixels from this score on (log-odds × 100) are candidates. */
  readonly threshold: number;
  /** Thresholds of `stricterShares` and `stricterScores`, ascending. */
  readonly stricter: readonly number[];
  /** What is taken from every object's log-odds, see `crowd`; 0 or more. */
  readonly crowding: number;
  /** Chinese; what the imagery lacks, or null. */
  readonly degraded: string | null;
}
