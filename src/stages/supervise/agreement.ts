/**
 * agreement: exact interval of a share (Clopper & Pearson 1934) and agreement beyond chance (Cohen 1960).
 * In: counts, pairs of answers. Out: numbers, the same on every machine to about 1e-12.
 */

/** By turning both tails of the binomial chance around. */
export function exactInterval(hits: number, of: number, level = 0.95): readonly [low: number, high: number] {
  const tail = (1 - level) / 2;
  // The greater the share, the likelier `hits` or more, and the less likely `hits` or fewer.
  const low = hits === 0 ? 0 : crossing((share) => chance(of, share, hits, of) - tail);
  const high = hits === of ? 1 : crossing((share) => tail - chance(of, share, 0, hits));
  return [low, high];
}

/** Where a rising function of a share becomes positive. */
function crossing(rising: (share: number) => number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** That of `of` tries at least `from` and at most `to` hit. */
function chance(of: number, share: number, from: number, to: number): number {
  let sum = 0;
  for (let k = 0, ways = 0; k <= to; k++) {
    // ln of the binomial coefficient, step by step
    if (k > 0) ways += Math.log((of - k + 1) / k);
    if (k >= from) sum += Math.exp(ways + k * Math.log(share) + (of - k) * Math.log1p(-share));
  }
  return sum;
}

/** Null without pairs, and where chance alone explains all: both always said the same one thing. */
export function cohensKappa(pairs: readonly (readonly [first: string, second: string])[]): number | null {
  const total = pairs.length;
  if (total === 0) return null;
  const share = (matches: (pair: readonly [string, string]) => boolean): number => pairs.filter(matches).length / total;
  const observed = share(([first, second]) => first === second);
  const expected = [...new Set(pairs.flat())].reduce(
    (sum, answer) => sum + share(([first]) => first === answer) * share(([, second]) => second === answer),
    0,
  );
  return expected >= 1 ? null : (observed - expected) / (1 - expected);
}
