/** One task with what it overlaps, by name. */
import type { FastifyPluginAsync } from 'fastify';
import { boxOf, squareBoxAround } from '../../geo/map-frame.js';
import { Fault } from '../../model/fault.js';
import type { ApiParts } from '../parts.js';

export function taskRoutes({ record }: ApiParts): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { id: string } }>('/tasks/:id', async ({ params }) => {
      const task = await record.task(params.id);
      if (!task) throw new Fault('api.not-found', `没有任务 ${params.id} (no such task)`);
      const { geometry } = task.judged.patch;
      const near = boxOf([geometry]) ? await record.boundaries(squareBoxAround(geometry)) : [];
      return { task, boundaries: near };
    });
  };
}
