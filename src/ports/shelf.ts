/**
 * shelf: many things on the ground of which only the boxes are held; the things themselves are fetched by place when their turn
 * comes, so that what is held at once is what is at work and not what there is.
 */

export interface Shelf<T> {
  /** minLon, minLat, maxLon, maxLat of each, flat. A thing without ground has its greatest below its least. */
  readonly boxes: Float64Array;
  /** In the order of `places`. */
  take(places: readonly number[]): Promise<readonly T[]>;
}
