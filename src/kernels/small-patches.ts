/**
 * small-patches: clears changed pixels whose 8-connected patch has fewer than `minPixels`. The search from a pixel ends at
 * `minPixels`, so the answer is exact for every pixel at least `minPixels` from a block's edge: no labelling of the whole scene.
 */
import { CHANGE } from '../model/change.js';

export function clearSmallPatches(change: Uint8Array, width: number, height: number, minPixels: number): void {
  const state = new Uint8Array(change.length);
  const stack: number[] = [];
  for (let first = 0; first < change.length; first++) {
    if (change[first] !== CHANGE.changed || state[first] !== 0) continue;
    const members: number[] = [first];
    state[first] = 1;
    stack.length = 0;
    stack.push(first);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const col = at % width;
      const row = (at - col) / width;
      for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
        for (let c = Math.max(0, col - 1); c <= Math.min(width - 1, col + 1); c++) {
          const next = r * width + c;
          if (change[next] !== CHANGE.changed || state[next] !== 0) continue;
          state[next] = 1;
          members.push(next);
          stack.push(next);
        }
      }
    }
    if (members.length < minPixels) for (const at of members) change[at] = CHANGE.none;
  }
}
