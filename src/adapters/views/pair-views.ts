/** PairViews over the raster children, with the last few pictures kept: a browser asks for both dates of a view one by one. */
import { boxOf } from '../../geo/map-frame.js';
import { Fault } from '../../model/fault.js';
import { type Box, type Position, pixelToMap } from '../../model/grid.js';
import type { PlannedPair } from '../../model/run.js';
import type { Picture } from '../../model/work.js';
import type { PairViews } from '../../ports/pair-views.js';
import type { QuarterRecord } from '../../ports/quarter-record.js';
import type { WorkPool } from '../../ports/work-pool.js';

/** About 12 MB each at the largest. */
const KEPT_PICTURES = 12;
const EDGE_STEPS = 8;

export function pairViews(pool: WorkPool, record: Pick<QuarterRecord, 'shiftPx'>): PairViews {
  const boxes = new Map<string, Promise<Box>>();
  const pictures = new Map<string, Promise<Picture>>();

  return {
    box(pair) {
      return kept(boxes, pair.id, Number.POSITIVE_INFINITY, async () => {
        const [ground] = await pool.run('toLonLat', { crs: pair.grid.crs, polygons: [[[extentRing(pair)]]] });
        const box = boxOf(ground ? [ground] : []);
        if (!box) {
          throw new Fault('views.no-extent', `影像对 ${pair.id} 没有共同范围 (the pair shows no common ground)`);
        }
        return box;
      });
    },
    picture(pair, box, maxPx) {
      return kept(pictures, `${pair.id}|${box.join(',')}|${maxPx}`, KEPT_PICTURES, async () =>
        pool.run('picture', { pair: pair.use, box, maxPx, shiftPx: await record.shiftPx(pair.id) }),
      );
    },
  };
}

/** The answer of an earlier or a running question; a question that failed is forgotten, the oldest are dropped. */
function kept<T>(cache: Map<string, Promise<T>>, key: string, most: number, ask: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const asked = ask();
  cache.set(key, asked);
  asked.catch(() => cache.delete(key));
  for (const oldest of cache.keys()) {
    if (cache.size <= most) break;
    cache.delete(oldest);
  }
  return asked;
}

/** The window's outline in the grid's coordinates, with points along the edges: a straight edge is bent in lon/lat. */
function extentRing({ grid, extent }: PlannedPair): Position[] {
  const corners = [
    [extent.col, extent.row],
    [extent.col + extent.width, extent.row],
    [extent.col + extent.width, extent.row + extent.height],
    [extent.col, extent.row + extent.height],
  ] as const;
  const ring: Position[] = [];
  corners.forEach(([col, row], k) => {
    const [nextCol, nextRow] = corners[(k + 1) % 4] ?? [col, row];
    for (let step = 0; step < EDGE_STEPS; step++) {
      const share = step / EDGE_STEPS;
      ring.push(pixelToMap(grid.transform, col + (nextCol - col) * share, row + (nextRow - row) * share));
    }
  });
  return [...ring, ring[0] ?? [0, 0]];
}
