/** Pictures: a view of a compared pair, and the place of a task, each date by itself, as PNG. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { boxesMeet, squareBoxAround } from '../../geo/map-frame.js';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import { parseQuarter } from '../../model/quarter.js';
import type { PlannedPair } from '../../model/run.js';
import { dateParam, pairOf, pngAnswer, sendPicture, TASK_PX } from '../pair-picture.js';
import type { ApiParts } from '../parts.js';
import { idParams, quarterParams, viewBody } from '../query.js';

export function pictureRoutes(parts: ApiParts): FastifyPluginAsyncZod {
  const { reading, views } = parts;
  return async (app) => {
    app.post(
      '/quarters/:quarter/pairs/:pair/:date.png',
      {
        config: { access: 'reader', right: 'tasks.read', key: 'never' },
        schema: {
          summary: '一对影像中的一块 (a part of a compared pair)',
          params: quarterParams.extend({ pair: z.string().max(80) }).extend(dateParam.shape),
          body: viewBody,
          response: pngAnswer,
        },
      },
      async ({ actor, params, body }, reply) => {
        const { box, px } = body;
        const [pair, ground] = await reading(actor, async ({ record, ground }) => [
          await pairOf(record, parseQuarter(params.quarter), [params.pair]),
          await ground(),
        ]);
        const outside = new Fault('api.not-found', '请求的范围在影像之外 (the box lies outside the imagery)');
        if (!boxesMeet(box, await views.box(pair))) throw outside;
        if (ground !== null && !ground.some((one) => boxesMeet(one, box))) throw outside;
        return sendPicture(reply, parts, { pair, date: params.date, box, px: px, ground });
      },
    );

    app.get(
      '/tasks/:id/:date.png',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: {
          summary: '任务处的影像 (the place of a task)',
          params: idParams.extend(dateParam.shape),
          response: pngAnswer,
        },
      },
      async ({ actor, params }, reply) => {
        const [pair, box] = await reading(actor, async ({ record, saw }): Promise<[PlannedPair, Box]> => {
          const task = await record.task(params.id);
          if (!task) throw new Fault('api.not-found', `没有任务 ${params.id} (no such task)`);
          const { geometry, pairs } = task.judged.patch;
          if (geometry.length === 0) {
            throw new Fault('api.not-found', `任务 ${task.id} 没有图斑 (no patch stands behind it)`);
          }
          await saw('picture', [task.id]);
          return [await pairOf(record, task.quarter, pairs), squareBoxAround(geometry)];
        });
        return sendPicture(reply, parts, { pair, date: params.date, box, px: TASK_PX, ground: null });
      },
    );
  };
}
