/** Quarters and their map: what was compared, what changed, what the register says there. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { boxesMeet } from '../../geo/map-frame.js';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import { parseQuarter, quarterDays } from '../../model/quarter.js';
import type { PlannedPair } from '../../model/run.js';
import { boundarySchema, boxSchema, day, observationSchema, taskSchema } from '../nouns.js';
import type { ApiParts } from '../parts.js';
import { quarterParams, taskQuery, taskQueryOf } from '../query.js';

const workspace = z.object({
  title: z.string(),
  version: z.string(),
  quarters: z.array(z.object({ quarter: z.string(), tasks: z.int(), finishedAt: z.string().nullable() })).readonly(),
});
const taskPage = z.object({
  total: z.int(),
  offset: z.int(),
  limit: z.int(),
  tasks: z.array(taskSchema).readonly(),
});
const quarterMap = z.object({
  quarter: z.string(),
  pairs: z.array(z.object({ id: z.string(), box: boxSchema, beforeOn: day, afterOn: day })),
  boundaries: z.array(boundarySchema).readonly(),
  observations: z.array(observationSchema).readonly(),
});

export function quarterRoutes({ reading, views, title, version }: ApiParts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/workspace',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: { summary: '工作区与季度 (workspace, quarters)', response: { 200: workspace } },
      },
      async ({ actor }) => ({ title, version, quarters: await reading(actor, ({ record }) => record.quarters()) }),
    );

    app.get(
      '/quarters/:quarter/tasks',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: {
          summary: '一个季度的任务清单 (list of a quarter, as the run made it)',
          params: quarterParams,
          querystring: taskQuery,
          response: { 200: taskPage },
        },
      },
      async ({ actor, params, query }) => {
        const { offset, limit } = query;
        const quarter = parseQuarter(params.quarter);
        const { total, tasks } = await reading(actor, async ({ record, saw }) => {
          const page = await record.tasks(quarter, taskQueryOf(query));
          await saw(
            'list',
            page.tasks.map(({ id }) => id),
          );
          return page;
        });
        return { total, offset, limit, tasks };
      },
    );

    app.get(
      '/quarters/:quarter/map',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: { summary: '一个季度的地图 (map of a quarter)', params: quarterParams, response: { 200: quarterMap } },
      },
      async ({ actor, params }) => {
        const quarter = parseQuarter(params.quarter);
        const run = await reading(actor, ({ record }) => record.run(quarter));
        if (!run) throw new Fault('api.not-found', `季度 ${quarter} 还没有运行过 (this quarter has not been run)`);
        // Outside a turn: the boxes come from the raster children.
        const all = await Promise.all(run.pairs.map(described));
        return reading(actor, async ({ record, ground }) => {
          const shown = await ground();
          const pairs = all.filter(({ box }) => shown === null || shown.some((one) => boxesMeet(one, box)));
          const boxes = pairs.map(({ box }) => box);
          const boundaries =
            boxes.length === 0 ? [] : await record.boundaries(unionOf(boxes), quarterDays(quarter).last);
          return { quarter, pairs, boundaries, observations: await record.observations(quarter) };
        });
      },
    );
  };

  async function described(pair: PlannedPair) {
    return { id: pair.id, beforeOn: pair.beforeOn, afterOn: pair.afterOn, box: await views.box(pair) };
  }
}

function unionOf(boxes: readonly Box[]): Box {
  const side = (index: 0 | 1 | 2 | 3) => boxes.map((box) => box[index]);
  return [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))];
}
