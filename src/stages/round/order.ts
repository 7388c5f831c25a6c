/**
 * order: the same stops in a shorter order. Method: 2-opt (G. A. Croes, 1958: a stretch turned round) and or-opt (I. Or, 1976: a stretch of
 * one to three stops moved elsewhere, either way round), the first gain taken, until none is left.
 */
export type Order = readonly number[];

interface Ways {
  readonly start: number;
  readonly end: number;
  between(a: number, b: number): number;
}

/** A gain smaller than this is rounding. */
const LEAST_GAIN = 1e-9;
const LONGEST_MOVED = 3;

/** Minutes on the way from start over all stops to the end; 0 without a stop. */
export function orderMinutes(order: Order, { start, end, between }: Ways): number {
  if (order.length === 0) return 0;
  let [sum, at] = [0, start];
  for (const next of order) {
    sum += between(at, next);
    at = next;
  }
  return sum + between(at, end);
}

export function shortened(order: Order, ways: Ways): Order {
  let now = order;
  for (;;) {
    const shorter = turned(now, ways) ?? moved(now, ways);
    if (!shorter) return now;
    now = shorter;
  }
}

function turned(order: Order, { start, end, between }: Ways): Order | null {
  const n = order.length;
  for (let i = 0; i < n - 1; i++) {
    const before = i === 0 ? start : (order[i - 1] as number);
    const first = order[i] as number;
    for (let j = i + 1; j < n; j++) {
      const last = order[j] as number;
      const after = j === n - 1 ? end : (order[j + 1] as number);
      const gain = between(before, first) + between(last, after) - between(before, last) - between(first, after);
      if (gain > LEAST_GAIN) return [...order.slice(0, i), ...order.slice(i, j + 1).reverse(), ...order.slice(j + 1)];
    }
  }
  return null;
}

function moved(order: Order, ways: Ways): Order | null {
  const now = orderMinutes(order, ways);
  for (let length = 1; length <= LONGEST_MOVED; length++) {
    for (let i = 0; i + length <= order.length; i++) {
      const stretch = order.slice(i, i + length);
      const rest = [...order.slice(0, i), ...order.slice(i + length)];
      for (let at = 0; at <= rest.length; at++) {
        if (at === i) continue;
        for (const piece of length === 1 ? [stretch] : [stretch, [...stretch].reverse()]) {
          const other = [...rest.slice(0, at), ...piece, ...rest.slice(at)];
          if (orderMinutes(other, ways) < now - LEAST_GAIN) return other;
        }
      }
    }
  }
  return null;
}
