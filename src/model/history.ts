/** History: what earlier images say of a patch, and what of an image is needed to ask it. */
import type { Box } from './grid.js';
import type { MaskUse, RasterUse } from './raster.js';

/**
 * `new`: on no earlier image; `since`: there since an earlier date without a gap; `seasonal`: the same season of earlier years looked
 * the same and it was gone in between; `recurring`: there before and gone again, without a yearly rhythm; `unknown`: cannot be said.
 */
export type HistoryVerdict = 'new' | 'since' | 'seasonal' | 'recurring' | 'unknown';

/** What the ground was on one date: like BEFORE, like AFTER, neither clearly, or hidden. */
export type GroundState = 'before' | 'after' | 'unclear' | 'not-seen';

export interface DatedState {
  readonly on: string;
  readonly state: GroundState;
}

export interface PatchHistory {
  readonly verdict: HistoryVerdict;
  /** Earlier dates with an image of the place, BEFORE and AFTER not among them; how many of them could be used. */
  readonly available: number;
  readonly seen: number;
  /** First and last date that could be used. */
  readonly earliest: string | null;
  readonly latest: string | null;
  /** Verdict `since`: the first date that showed it. */
  readonly since: string | null;
  /** Earlier years whose same season looked like AFTER and after which it was gone again. */
  readonly seasonYears: number;
  /** This date of the pair itself looks like cloud or snow beside the other dates: the patch may be that. */
  readonly doubted?: 'before' | 'after';
  /** Every available date, sorted. */
  readonly dates: readonly DatedState[];
}

/** An image as a run or a comparison uses it for history. */
export interface HistoryScene {
  readonly id: string;
  readonly acquiredOn: string;
  readonly use: RasterUse;
  readonly masks: readonly Omit<MaskUse, 'date'>[];
  /** Of its footprint, lon/lat. */
  readonly box: Box;
}

/** Medians over pixels, in thousandths, integers; null where the bands for it are missing. */
export interface GroundNumbers {
  /** NDVI, or the green-red index without near infrared. */
  readonly veg: number | null;
  /** Natural logarithm of the mean of green and red (of one of them, without either of all bands), raw units. */
  readonly bright: number | null;
  /** Bare soil index (Rikimaru et al. 2002). */
  readonly bare: number | null;
  /** Natural logarithm of blue over red: near 0 for cloud and snow, clearly negative for soil. */
  readonly white: number | null;
}

/** What one image shows of a patch and of the ring around it. Null where too little of either was seen. */
export interface GroundReading {
  /** Pixels of the patch that were seen: the better of two images of one day is the one that saw more. */
  readonly seenPixels: number;
  readonly numbers: { readonly patch: GroundNumbers; readonly ring: GroundNumbers } | null;
}

export interface HistoryRecipe {
  /** Quarters before the one that is run whose images are asked; 0 = none, and no history is stated. */
  readonly quarters: number;
  /** Earlier years whose same quarter is asked. */
  readonly years: number;
  /** Earlier years with the same look in the same season from which a patch is dropped as season; 0 = never. */
  readonly dropFromYears: number;
}
