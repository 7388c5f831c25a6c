/** PitMisses: what the pits that people report say of what the detector missed (stages/sample/two-lists.ts works it out). */

export interface PitCounts {
  /** Pits that people reported; of these answered, and violations. */
  readonly reported: number;
  readonly answered: number;
  readonly confirmed: number;
  /** Of the violations, those seen within the quarter; of these, those that the detector had found as well. */
  readonly inQuarter: number;
  readonly common: number;
  /** Violations among what the detector found. */
  readonly detected: number;
}

export interface PitMisses {
  readonly counts: PitCounts;
  /** What was missed, with its interval at 95 %. */
  readonly misses: { readonly missed: number; readonly low: number; readonly high: number } | null;
  /** Chinese: why nothing is said. */
  readonly why: string | null;
}
