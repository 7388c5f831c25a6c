/** PairViews over the raster children, with the last few pictures kept: a browser asks for both dates of a view one by one. */
import { boxOf } from '../../geo/distance.js';
import { extentRing } from '../../geo/extent-ring.js';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import type { Picture } from '../../model/work.js';
import type { PairViews } from '../../ports/pair-views.js';
import type { QuarterRecord } from '../../ports/quarter-record.js';
import type { WorkPool } from '../../ports/work-pool.js';

/** About 12 MB each at the largest. */
const KEPT_PICTURES = 12;

export function pairViews(pool: WorkPool, record: Pick<QuarterRecord, 'shiftPx'>): PairViews {
  const boxes = new Map<string, Promise<Box>>();
  const pictures = new Map<string, Promise<Picture>>();

  return {
    box(pair) {
      return kept(boxes, pair.id, Number.POSITIVE_INFINITY, async () => {
        const [ground] = await pool.run('toLonLat', {
          crs: pair.grid.crs,
          polygons: [[[extentRing(pair.grid, pair.extent)]]],
        });
        if (!ground) {
          throw new Fault('views.no-extent', `影像对 ${pair.id} 没有共同范围 (the pair shows no common ground)`);
        }
        return boxOf(ground);
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
