/** One task with what it overlaps, by name, and where to look it up in public maps. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { squareBoxAround } from '../../geo/map-frame.js';
import { mapLinks } from '../../geo/map-links.js';
import { Fault } from '../../model/fault.js';
import { quarterDays } from '../../model/quarter.js';
import { boundarySchema, boxSchema, taskSchema } from '../nouns.js';
import type { ApiParts } from '../parts.js';
import { idParams } from '../query.js';

const answer = z.object({
  task: taskSchema,
  box: boxSchema.nullable().meta({ description: 'of the task’s pictures' }),
  boundaries: z.array(boundarySchema).readonly(),
  maps: z.array(z.object({ zh: z.string(), en: z.string(), url: z.string() })).readonly(),
});

export function taskRoutes({ reading }: ApiParts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/tasks/:id',
      {
        config: { access: 'reader', right: 'tasks.read' },
        schema: {
          summary: '一个任务及其周边界线 (a task and the boundaries around it)',
          params: idParams,
          response: { 200: answer },
        },
      },
      ({ actor, params }) =>
        reading(actor, async ({ record, saw }) => {
          const task = await record.task(params.id);
          if (!task) throw new Fault('api.not-found', `没有任务 ${params.id} (no such task)`);
          await saw('file', [task.id]);
          const { geometry, lon, lat } = task.judged.patch;
          // The box of the task's pictures (routes/pictures.ts), so that lines can be drawn over them.
          const box = geometry.length > 0 ? squareBoxAround(geometry) : null;
          const boundaries = box ? await record.boundaries(box, quarterDays(task.quarter).last) : [];
          return { task, box, boundaries, maps: mapLinks(lon, lat) };
        }),
    );
  };
}
