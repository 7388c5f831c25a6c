/** Quarters and their map: what was compared, what changed, what the register says there. */
import type { FastifyPluginAsync } from 'fastify';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import { parseQuarter, quarterDays } from '../../model/quarter.js';
import type { PlannedPair } from '../../model/run.js';
import type { Quarter } from '../../model/scene.js';
import type { ApiParts } from '../parts.js';
import { parseTaskQuery } from '../query.js';

type QuarterPath = { Params: { quarter: string } };

export function quarterRoutes({ record, views, title, version }: ApiParts): FastifyPluginAsync {
  return async (app) => {
    app.get('/workspace', async () => ({ title, version, quarters: await record.quarters() }));

    app.get<QuarterPath>('/quarters/:quarter/tasks', async ({ params, query }) => {
      const page = parseTaskQuery(query);
      const { total, tasks } = await record.tasks(parseQuarter(params.quarter), page);
      return { total, offset: page.offset, limit: page.limit, tasks };
    });

    app.get<QuarterPath>('/quarters/:quarter/map', async ({ params }) => {
      const quarter = parseQuarter(params.quarter);
      const pairs = await pairsWithBoxes(quarter);
      const boxes = pairs.map(({ box }) => box);
      const boundaries = boxes.length === 0 ? [] : await record.boundaries(unionOf(boxes), quarterDays(quarter).last);
      const observations = await record.observations(quarter);
      return { quarter, pairs, boundaries, observations };
    });
  };

  async function pairsWithBoxes(
    quarter: Quarter,
  ): Promise<{ id: string; box: Box; beforeOn: string; afterOn: string }[]> {
    const run = await record.run(quarter);
    if (!run) throw new Fault('api.not-found', `季度 ${quarter} 还没有运行过 (this quarter has not been run)`);
    const describe = async (pair: PlannedPair) => ({
      id: pair.id,
      beforeOn: pair.beforeOn,
      afterOn: pair.afterOn,
      box: await views.box(pair),
    });
    return Promise.all(run.pairs.map(describe));
  }
}

function unionOf(boxes: readonly Box[]): Box {
  return boxes.reduce<Box>(
    (all, box) => [
      Math.min(all[0], box[0]),
      Math.min(all[1], box[1]),
      Math.max(all[2], box[2]),
      Math.max(all[3], box[3]),
    ],
    [180, 90, -180, -90],
  );
}
