/** z-order: places of a lattice in an order that keeps neighbours together (Morton 1966). */

/** Morton number: bits of col and row interleaved (up to 2^26 tiles a side stay exact). */
export function zOrder(col: number, row: number): number {
  let number = 0;
  for (let bit = 0, weight = 1; bit < 26; bit++, weight *= 4) {
    number += ((col >> bit) & 1) * weight + ((row >> bit) & 1) * 2 * weight;
  }
  return number;
}
