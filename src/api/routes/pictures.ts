/** Pictures: a view of a compared pair, and the place of a task, each date by itself, as PNG. */
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { boxesMeet, squareBoxAround } from '../../geo/map-frame.js';
import { Fault } from '../../model/fault.js';
import type { Box } from '../../model/grid.js';
import { parseQuarter } from '../../model/quarter.js';
import type { PlannedPair } from '../../model/run.js';
import type { Quarter } from '../../model/scene.js';
import type { Picture } from '../../model/work.js';
import type { QuarterRecord } from '../../ports/quarter-record.js';
import type { ApiParts } from '../parts.js';
import { boxOf, idParams, quarterParams, viewQuery } from '../query.js';

const TASK_PX = 640;
const date = z.object({ date: z.string().meta({ description: 'before | after' }) });
const png = {
  200: {
    description: '图片；无数据处透明 (picture; transparent where there is no data)',
    content: { 'image/png': { schema: z.custom<Uint8Array>().meta({ type: 'string', format: 'binary' }) } },
  },
};

export function pictureRoutes({ reading, views, encodePng }: ApiParts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/quarters/:quarter/pairs/:pair/:date.png',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: {
          summary: '一对影像中的一块 (a part of a compared pair)',
          params: quarterParams.extend({ pair: z.string().max(80) }).extend(date.shape),
          querystring: viewQuery,
          response: png,
        },
      },
      async ({ actor, params, query }, reply) => {
        const box = boxOf(query.box);
        const [pair, ground] = await reading(actor, async ({ record, ground }) => [
          await pairOf(record, parseQuarter(params.quarter), [params.pair]),
          await ground(),
        ]);
        const outside = new Fault('api.not-found', '请求的范围在影像之外 (the box lies outside the imagery)');
        if (!boxesMeet(box, await views.box(pair))) throw outside;
        if (ground !== null && !ground.some((one) => boxesMeet(one, box))) throw outside;
        return send(reply, pair, params.date, box, query.px, ground);
      },
    );

    app.get(
      '/tasks/:id/:date.png',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: { summary: '任务处的影像 (the place of a task)', params: idParams.extend(date.shape), response: png },
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
        return send(reply, pair, params.date, box, TASK_PX, null);
      },
    );
  };

  async function pairOf(record: QuarterRecord, quarter: Quarter, ids: readonly string[]): Promise<PlannedPair> {
    const run = await record.run(quarter);
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
    ground: readonly Box[] | null,
  ): Promise<FastifyReply> {
    if (date !== 'before' && date !== 'after') {
      throw new Fault('api.not-found', `时相应为 before 或 after，得到的是“${date}” (before or after)`);
    }
    const picture = await views.picture(pair, box, px);
    const [rgb, alpha] = date === 'before' ? [picture.before, picture.beforeData] : [picture.after, picture.afterData];
    const shown = ground === null ? alpha : onGround(picture, alpha, ground);
    // No data is transparent, so that overlapping scenes show through.
    const image = await encodePng({ width: picture.width, height: picture.height, rgb, alpha: shown });
    // The imagery of a pair never changes under its id; but what was shown to a person stays on no disk (build.ts).
    if (reply.request.actor === null) reply.header('cache-control', 'private, max-age=3600');
    return reply.type('image/png').send(image);
  }
}

/** Nothing is shown outside the boxes: to whom an area was granted, its imagery was, and not the county's. */
function onGround({ width, height, transform }: Picture, alpha: Uint8Array, ground: readonly Box[]): Uint8Array {
  const [west, stepX, , north, , stepY] = transform;
  const shown = new Uint8Array(alpha.length);
  for (let row = 0; row < height; row++) {
    const lat = north + (row + 0.5) * stepY;
    for (let col = 0; col < width; col++) {
      const lon = west + (col + 0.5) * stepX;
      const at = row * width + col;
      if (ground.some(([a, b, c, d]) => lon >= a && lon <= c && lat >= b && lat <= d)) shown[at] = alpha[at] ?? 0;
    }
  }
  return shown;
}
