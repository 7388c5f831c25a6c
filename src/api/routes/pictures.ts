/** Pictures: a view of a compared pair, and the place of a task, each date by itself, as PNG. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { boxesMeet, squareBoxAround } from '../../geo/map-frame.js';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import { parseQuarter } from '../../model/quarter.js';
import type { PlannedPair } from '../../model/run.js';
import type { ApiParts } from '../parts.js';
import { parseViewQuery } from '../query.js';

const TASK_PX = 640;

export function pictureRoutes({ record, views, encodePng }: ApiParts): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { quarter: string; pair: string; date: string } }>(
      '/quarters/:quarter/pairs/:pair/:date.png',
      async ({ params, query }, reply) => {
        const { box, px } = parseViewQuery(query);
        const pair = await pairOf(params.quarter, [params.pair]);
        if (!boxesMeet(box, await views.box(pair))) {
          throw new Fault('api.not-found', '请求的范围在影像之外 (the box lies outside the imagery)');
        }
        return send(reply, pair, params.date, box, px);
      },
    );

    app.get<{ Params: { id: string; date: string } }>('/tasks/:id/:date.png', async ({ params }, reply) => {
      const task = await record.task(params.id);
      if (!task) throw new Fault('api.not-found', `没有任务 ${params.id} (no such task)`);
      const { geometry, pairs } = task.judged.patch;
      if (geometry.length === 0)
        throw new Fault('api.not-found', `任务 ${task.id} 没有图斑 (no patch stands behind it)`);
      const pair = await pairOf(task.quarter, pairs);
      return send(reply, pair, params.date, squareBoxAround(geometry), TASK_PX);
    });
  };

  async function pairOf(quarter: string, ids: readonly string[]): Promise<PlannedPair> {
    const run = await record.run(parseQuarter(quarter));
    const pair = run?.pairs.find(({ id }) => ids.includes(id));
    if (!pair) throw new Fault('api.not-found', `季度 ${quarter} 没有影像对 ${ids.join(', ')} (no such pair)`);
    return pair;
  }

  async function send(
    reply: FastifyReply,
    pair: PlannedPair,
    date: string,
    box: Box,
    px: number,
  ): Promise<FastifyReply> {
    if (date !== 'before' && date !== 'after') {
      throw new Fault('api.not-found', `时相应为 before 或 after，得到的是“${date}” (before or after)`);
    }
    const picture = await views.picture(pair, box, px);
    const [rgb, alpha] = date === 'before' ? [picture.before, picture.beforeData] : [picture.after, picture.afterData];
    // No data is transparent, so that overlapping scenes show through.
    const png = await encodePng({ width: picture.width, height: picture.height, rgb, alpha });
    // The imagery of a pair never changes under its id; the shift is part of the pair.
    return reply.type('image/png').header('cache-control', 'private, max-age=3600').send(png);
  }
}
