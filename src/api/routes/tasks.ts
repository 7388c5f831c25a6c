/** One task with what it overlaps, by name, and where to look it up in public maps. */
import type { FastifyPluginAsync } from 'fastify';
import { squareBoxAround } from '../../geo/map-frame.js';
import { mapLinks } from '../../geo/map-links.js';
import { Fault } from '../../model/fault.js';
import { quarterDays } from '../../model/quarter.js';
import type { ApiParts } from '../parts.js';

export function taskRoutes({ record }: ApiParts): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { id: string } }>('/tasks/:id', async ({ params }) => {
      const task = await record.task(params.id);
      if (!task) throw new Fault('api.not-found', `没有任务 ${params.id} (no such task)`);
      const { geometry } = task.judged.patch;
      // The box of the task's pictures (routes/pictures.ts), so that lines can be drawn over them.
      const box = geometry.length > 0 ? squareBoxAround(geometry) : null;
      const boundaries = box ? await record.boundaries(box, quarterDays(task.quarter).last) : [];
      const { lon, lat } = task.judged.patch;
      return { task, box, boundaries, maps: mapLinks(lon, lat) };
    });
  };
}
