/** What one is told. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Notices } from '../../ports/notices.js';
import { key, noticeSchema } from '../shapes.js';
import { actorOf } from '../who.js';

const config = { right: 'notices' } as const;

export function noticeRoutes(notices: Notices): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/notices',
      {
        config,
        schema: {
          summary: '本人的通知 (own notices, newest first)',
          querystring: z.strictObject({
            unseen: z.stringbool().default(false),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
          response: { 200: z.object({ notices: z.array(noticeSchema).readonly() }) },
        },
      },
      async (request) => ({ notices: await notices.mine(actorOf(request), request.query) }),
    );
    app.post(
      '/notices/seen',
      {
        config,
        schema: {
          summary: '标为已读 (mark as seen)',
          body: z.strictObject({ ids: z.array(key).min(1).max(200) }),
          response: { 200: z.object({ seen: z.int() }) },
        },
      },
      async (request) => ({ seen: await notices.seen(actorOf(request), request.body.ids) }),
    );
  };
}
