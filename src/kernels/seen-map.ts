/**
 * seen-map: the seen pixels of a pair, from the runs of its blocks, for point lookups.
 * Method: runs gathered per row, sorted, those that touch made one: the result depends on the set of seen pixels only, never on how
 * blocks cut it. Lookup by binary search in the row.
 * In:  flattened runs (row, colFrom, colTo …) in absolute pixels from 0, any order, any number of blocks; the rows they may lie in.
 */
export interface SeenMap {
  readonly row0: number;
  /** starts[r] … starts[r + 1]: the runs of row row0 + r. */
  readonly starts: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export function seenMap(parts: readonly Int32Array[], row0: number, height: number): SeenMap {
  const counts = new Int32Array(height + 1);
  let total = 0;
  for (const runs of parts) {
    for (let i = 0; i < runs.length; i += 3) counts[runs[i]! - row0 + 1]!++;
    total += runs.length / 3;
  }
  for (let r = 0; r < height; r++) counts[r + 1]! += counts[r]!;
  const place = counts.slice();
  const pairs = new Float64Array(total);
  for (const runs of parts) {
    // Both columns in one double (exact below 2^53), so that a row sorts as plain numbers.
    for (let i = 0; i < runs.length; i += 3) pairs[place[runs[i]! - row0]!++] = runs[i + 1]! * 67108864 + runs[i + 2]!;
  }
  const starts = new Int32Array(height + 1);
  const from = new Int32Array(total);
  const to = new Int32Array(total);
  let n = 0;
  for (let r = 0; r < height; r++) {
    starts[r] = n;
    const row = pairs.subarray(counts[r]!, counts[r + 1]!).sort();
    for (const packed of row) {
      const a = Math.floor(packed / 67108864);
      const b = packed - a * 67108864;
      if (n > starts[r]! && a <= to[n - 1]! + 1) to[n - 1] = Math.max(to[n - 1]!, b);
      else {
        from[n] = a;
        to[n] = b;
        n++;
      }
    }
  }
  starts[height] = n;
  return { row0, starts, from: from.slice(0, n), to: to.slice(0, n) };
}

export function isSeen(map: SeenMap, col: number, row: number): boolean {
  const r = row - map.row0;
  if (r < 0 || r + 1 >= map.starts.length) return false;
  let low = map.starts[r]!;
  let high = map.starts[r + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map.to[middle]! < col) low = middle + 1;
    else high = middle;
  }
  return low < map.starts[r + 1]! && map.from[low]! <= col;
}
