/**
 * outline: the pixel runs of one connected component become rings on the pixel corners.
 * Method: directed boundary segments with the interior on the right, joined corner by corner. At a corner where two pixels meet
 * diagonally the walk turns left, so every ring is simple: a hole may touch the outer ring or another hole in a point, no ring
 * touches itself (OGC Simple Features 06-103r4, 6.1.11). The result depends on the set of pixels only.
 * In:  runs (row, colFrom, colTo …), sorted by row then col, not overlapping, not touching within a row.
 * Out: closed rings of [col, row] corners; the outer ring (clockwise on screen) first, then holes by their first corner.
 */
export type CornerRing = readonly (readonly [col: number, row: number])[];

const EAST = 1;
const WEST = 2;

export function outlineOf(runs: Int32Array): CornerRing[] {
  const { out, columns } = corners(runs);
  const rings: { ring: [number, number][]; area2: number }[] = [];
  const used = new Set<string>();
  const starts = [...out.keys()].sort((a, b) => compareKeys(a, b));
  for (const start of starts) {
    const headings = out.get(start)!;
    for (const heading of [EAST, WEST]) {
      if ((headings.mask & heading) === 0 || used.has(`${start}|${heading}`)) continue;
      rings.push(walk(start, heading, out, columns, used));
    }
  }
  const outer = rings.reduce((best, ring) => (ring.area2 > best.area2 ? ring : best));
  return [outer.ring, ...rings.filter((ring) => ring !== outer).map((ring) => ring.ring)];
}

interface Corner {
  /** Horizontal headings that leave this corner. */
  mask: number;
  /** Where the segment that leaves east or west ends. */
  east: number;
  west: number;
  /** How many horizontal segments begin or end here: 1, or 2 at a diagonal corner. */
  touching: number;
  /** Whether the vertical edge of this corner goes up; without meaning at a diagonal corner, which has both. */
  up: boolean;
}

function keyOf(col: number, row: number): string {
  return `${row},${col}`;
}

function compareKeys(a: string, b: string): number {
  const [ra, ca] = a.split(',').map(Number) as [number, number];
  const [rb, cb] = b.split(',').map(Number) as [number, number];
  return ra - rb || ca - cb;
}

/** Top edges run east, bottom edges run west; both are what one row has and its neighbour row has not. */
function corners(runs: Int32Array): { out: Map<string, Corner>; columns: Map<number, number[]> } {
  const byRow = new Map<number, [number, number][]>();
  for (let i = 0; i < runs.length; i += 3) {
    const row = runs[i]!;
    const list = byRow.get(row);
    const run: [number, number] = [runs[i + 1]!, runs[i + 2]! + 1];
    if (list) list.push(run);
    else byRow.set(row, [run]);
  }
  const out = new Map<string, Corner>();
  const columns = new Map<number, number[]>();
  const corner = (col: number, row: number): Corner => {
    const key = keyOf(col, row);
    let found = out.get(key);
    if (!found) {
      found = { mask: 0, east: 0, west: 0, touching: 0, up: false };
      out.set(key, found);
      const list = columns.get(col);
      if (list) list.push(row);
      else columns.set(col, [row]);
    }
    found.touching++;
    return found;
  };
  for (const [row, here] of byRow) {
    for (const [from, to] of subtract(here, byRow.get(row - 1) ?? [])) {
      const begin = corner(from, row);
      begin.mask |= EAST;
      begin.east = to;
      corner(to, row);
    }
    for (const [from, to] of subtract(here, byRow.get(row + 1) ?? [])) {
      const begin = corner(to, row + 1);
      begin.mask |= WEST;
      begin.west = from;
      corner(from, row + 1);
    }
  }
  // The ends of a column's vertical edges alternate upper, lower, upper …; a diagonal corner is a lower and an upper one.
  for (const [col, rows] of columns) {
    rows.sort((a, b) => a - b);
    let lower = false;
    for (const row of rows) {
      const end = out.get(keyOf(col, row))!;
      end.up = lower;
      if (end.touching === 1) lower = !lower;
    }
  }
  return { out, columns };
}

/** Half-open intervals of `a` that no interval of `b` covers; both sorted. */
function subtract(a: readonly [number, number][], b: readonly [number, number][]): [number, number][] {
  const left: [number, number][] = [];
  let j = 0;
  for (const [from, to] of a) {
    let at = from;
    while (j < b.length && b[j]![1] <= at) j++;
    for (let k = j; k < b.length && b[k]![0] < to; k++) {
      if (b[k]![0] > at) left.push([at, b[k]![0]]);
      at = Math.max(at, b[k]![1]);
    }
    if (at < to) left.push([at, to]);
  }
  return left;
}

function walk(
  start: string,
  heading: number,
  out: Map<string, Corner>,
  columns: Map<number, number[]>,
  used: Set<string>,
): { ring: [number, number][]; area2: number } {
  let [row, col] = start.split(',').map(Number) as [number, number];
  const ring: [number, number][] = [[col, row]];
  let way = heading;
  let area2 = 0;
  for (;;) {
    const key = keyOf(col, row);
    used.add(`${key}|${way}`);
    const toCol = way === EAST ? out.get(key)!.east : out.get(key)!.west;
    area2 += -(toCol - col) * row * 2;
    col = toCol;
    ring.push([col, row]);
    // The vertical edge that follows: at a diagonal corner always to the left, else the only one there is.
    const end = out.get(keyOf(col, row))!;
    const rows = columns.get(col)!;
    const at = position(rows, row);
    const up = end.touching === 2 ? way === EAST : end.up;
    row = rows[up ? at - 1 : at + 1]!;
    const corner = out.get(keyOf(col, row))!;
    const next = corner.touching === 2 ? (up ? WEST : EAST) : corner.mask;
    ring.push([col, row]);
    if (keyOf(col, row) === start && next === heading) break;
    way = next;
  }
  return { ring, area2 };
}

function position(rows: readonly number[], row: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
