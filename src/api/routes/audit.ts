/** The record: listed page by page, and proved whole. Who may look at it is the port's to say. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AuditCheck, AuditPage, AuditQuery, AuditRecord } from '../../ports/audit.js';
import { instant, noun, since1970 } from '../nouns.js';
import { given } from '../query.js';
import { key } from '../shapes.js';
import { actorOf } from '../who.js';

const config = { right: 'audit.read' } as const;
const pageSchema = noun<AuditPage>(
  'AuditPage',
  z.looseObject({
    entries: z.array(
      z.looseObject({
        seq: z.int(),
        at: instant,
        person: z.string(),
        action: z.string(),
        subject: z.string(),
        hash: z.string(),
      }),
    ),
    before: z.int().nullable().meta({ description: 'of the next page; null: this is the last' }),
  }),
);
const checkSchema = noun<AuditCheck>(
  'AuditCheck',
  z.looseObject({
    whole: z.int().meta({ description: 'entries that follow one another from the first on' }),
    broken: z.looseObject({ seq: z.int(), why: z.string() }).nullable().meta({ description: 'the first broken link' }),
  }),
);
const query = z.strictObject({
  person: key.optional(),
  action: key.optional().meta({ description: '`task.claim`, or all of a noun: `task`' }),
  subject: key.optional().meta({ description: '`task:T…`' }),
  since: since1970.optional(),
  until: since1970.optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export function auditRoutes(audit: AuditRecord): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/audit',
      {
        config,
        schema: {
          summary: '审计记录，新的在前 (the record, newest first)',
          querystring: query,
          response: { 200: pageSchema },
        },
      },
      (request) => {
        const { before = null, ...rest } = request.query;
        return audit.list(actorOf(request), given<AuditQuery>({ ...rest, before }));
      },
    );
    app.post(
      '/audit/verify',
      {
        config: { ...config, key: 'never' },
        schema: { summary: '核验审计记录是否完整 (whether the record is whole)', response: { 200: checkSchema } },
      },
      (request) => audit.verify(actorOf(request), null),
    );
  };
}
