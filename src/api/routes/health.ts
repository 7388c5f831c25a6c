/** Whether it is there and reaches its database; for whoever watches over it. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiParts } from '../parts.js';

const answer = z.object({
  status: z.literal('ok'),
  version: z.string(),
  database: z.enum(['embedded', 'server']),
  quarters: z.int(),
});

export function healthRoutes({ reading, version, database }: ApiParts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/healthz',
      { config: { access: 'open' }, schema: { summary: '运行状况 (health)', response: { 200: answer } } },
      async () => {
        const quarters = await reading(null, ({ record }) => record.quarters());
        return { status: 'ok' as const, version, database, quarters: quarters.length };
      },
    );
  };
}
