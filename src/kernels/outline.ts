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
  const starts = Float64Array.from(out.keys()).sort();
  for (const start of starts) {
    const corner = out.get(start)!;
    for (const heading of [EAST, WEST]) {
      if ((corner.mask & ~corner.used & heading) !== 0) rings.push(walk(corner, heading, out, columns));
    }
  }
  const outer = rings.reduce((best, ring) => (ring.area2 > best.area2 ? ring : best));
  return [outer.ring, ...rings.filter((ring) => ring !== outer).map((ring) => ring.ring)];
}

interface Corner {
  readonly col: number;
  readonly row: number;
  /** Headings that a ring has taken. */
  used: number;
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

/** Numbers in the order of row, then column; both may be negative. */
function keyOf(col: number, row: number): number {
  return (row + 2 ** 24) * 2 ** 27 + (col + 2 ** 26);
}

/** Top edges run east, bottom edges run west; both are what one row has and its neighbour row has not. */
function corners(runs: Int32Array): { out: Map<number, Corner>; columns: Map<number, number[]> } {
  const byRow = new Map<number, [number, number][]>();
  for (let i = 0; i < runs.length; i += 3) {
    const row = runs[i]!;
    const list = byRow.get(row);
    const run: [number, number] = [runs[i + 1]!, runs[i + 2]! + 1];
    if (list) list.push(run);
    else byRow.set(row, [run]);
  }
  const out = new Map<number, Corner>();
  const columns = new Map<number, number[]>();
  const corner = (col: number, row: number): Corner => {
    const key = keyOf(col, row);
    let found = out.get(key);
    if (!found) {
      found = { col, row, used: 0, mask: 0, east: 0, west: 0, touching: 0, up: false };
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
  start: Corner,
  heading: number,
  out: Map<number, Corner>,
  columns: Map<number, number[]>,
): { ring: [number, number][]; area2: number } {
  const ring: [number, number][] = [[start.col, start.row]];
  let at = start;
  let way = heading;
  let area2 = 0;
  for (;;) {
    at.used |= way;
    const { row } = at;
    const toCol = way === EAST ? at.east : at.west;
    area2 += -(toCol - at.col) * row * 2;
    ring.push([toCol, row]);
    // The vertical edge that follows: at a diagonal corner always to the left, else the only one there is.
    const end = out.get(keyOf(toCol, row))!;
    const rows = columns.get(toCol)!;
    const place = position(rows, row);
    const up = end.touching === 2 ? way === EAST : end.up;
    const nextRow = rows[up ? place - 1 : place + 1]!;
    const corner = out.get(keyOf(toCol, nextRow))!;
    const next = corner.touching === 2 ? (up ? WEST : EAST) : corner.mask;
    ring.push([toCol, nextRow]);
    if (corner === start && next === heading) break;
    at = corner;
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
