/** majority: 3 × 3 median of a change mask over the seen pixels: single pixels go, single holes close, edges stay. */
import { CHANGE } from '../model/change.js';

export function majority3(change: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(change.length);
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      const at = row * width + col;
      if (change[at] === CHANGE.notSeen) {
        out[at] = CHANGE.notSeen;
        continue;
      }
      let seen = 0;
      let changed = 0;
      for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
        for (let c = Math.max(0, col - 1); c <= Math.min(width - 1, col + 1); c++) {
          const v = change[r * width + c]!;
          if (v === CHANGE.notSeen) continue;
          seen++;
          if (v === CHANGE.changed) changed++;
        }
      }
      out[at] = 2 * changed > seen ? CHANGE.changed : CHANGE.none;
    }
  }
  return out;
}
