/** Coverage: which pair serves which ground of a quarter. Made by stages/pair/ground.ts, read by assemble and observe. */

export interface Coverage {
  /** Pair ids; the numbers below are positions in this list. */
  readonly pairs: readonly string[];
  /** Whether the ground under a seen pixel of a pair is served by that pair. */
  owns(pair: number, col: number, row: number): boolean;
  /** The pairs that serve a point, one per role at most; empty = not seen. */
  servedBy(lon: number, lat: number): readonly number[];
}
