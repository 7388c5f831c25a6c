/**
 * Once: an unsafe request under a key that its sender chose. Sent again with the same key it is answered as before and does nothing: the key
 * is taken in the transaction of the change itself.
 */
export interface Once {
  readonly key: string;
  /** Hash of everything the request says: the same key may not say something else. */
  readonly hash: string;
  /** This very request: a change in several transactions meets its own key. */
  readonly requestId: string;
}

/** How long an answer is kept. */
export const ONCE_HOURS = 48;
