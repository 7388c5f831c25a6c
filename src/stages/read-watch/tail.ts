/** Small statistics of read-watch: the upper tail of the binomial distribution, and the median. */

/** Chance of k or more out of n where each has chance p. Summed in logarithms, so that large n do not underflow. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0 || p >= 1) return 1;
  if (k > n || p <= 0) return 0;
  let term = n * Math.log(1 - p);
  let below = Math.exp(term);
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    term += Math.log((n - i + 1) / i) + Math.log(p / (1 - p));
    if (i < k) below += Math.exp(term);
    else sum += Math.exp(term);
  }
  // The smaller side is the exact one.
  return Math.min(1, sum < 0.5 ? sum : 1 - below);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return 0;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}
