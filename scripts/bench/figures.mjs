/** figures: what a list of measured rounds comes to. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @returns {{ middle, least, most }} */
export function spread(values) {
  return { middle: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Each round's figure over the other's figure in the same round: load that comes and goes hits both. */
export function ratios(values, others) {
  return spread(values.map((value, round) => value / others[round]));
}
