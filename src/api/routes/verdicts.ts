/** Verdicts of a task, what would be said of others, and a second person's word. The last word is a step of the flow (queue.ts). */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CodeTables } from '../../ports/codes.js';
import type { Verdicts } from '../../ports/verdicts.js';
import { instant } from '../nouns.js';
import { idParams } from '../query.js';
import { revisionOf, withRevision } from '../revision.js';
import { codesBody, codeTableSchema, nothing, partVerdicts, remarkSchema, verdictsSchema } from '../shapes.js';
import { actorOf } from '../who.js';

const body = z.strictObject({
  parts: partVerdicts.nullable().meta({ description: 'null: as the finding proposes' }),
});

export function verdictRoutes(verdicts: Verdicts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/tasks/:id/verdicts',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '认定意见 (proposed, opinions, verdicts)',
          params: idParams,
          response: { 200: verdictsSchema },
        },
      },
      (request) => verdicts.of(actorOf(request), request.params.id),
    );
    app.post(
      '/tasks/:id/verdict-check',
      {
        config: { right: 'tasks.review' },
        schema: {
          summary: '检查认定意见，不作认定 (what would be said of these verdicts)',
          params: idParams,
          body,
          response: { 200: z.object({ remarks: z.array(remarkSchema).readonly() }) },
        },
      },
      async (request) => ({
        remarks: await verdicts.check(actorOf(request), request.params.id, request.body.parts),
      }),
    );
    app.post(
      '/tasks/:id/opinions',
      {
        config: { right: 'tasks.review' },
        schema: { summary: '第二人意见 (a second person’s word)', params: idParams, body, response: { 204: nothing } },
      },
      async (request, reply) => {
        await verdicts.opine(actorOf(request), request.params.id, request.body.parts);
        return reply.code(204).send();
      },
    );
  };
}

const versions = z.object({
  versions: z.array(z.object({ version: z.int(), at: instant, personId: z.string(), note: z.string() })),
});

export function codeRoutes(codes: CodeTables): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/codes',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '代码表 (code table; the newest without a version)',
          querystring: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
          response: { 200: codeTableSchema },
        },
      },
      async (request, reply) => {
        const table = await codes.table(actorOf(request), request.query.version ?? null);
        reply.revision = table.version;
        return table;
      },
    );
    app.get(
      '/codes/versions',
      { config: { right: 'tasks.read' }, schema: { summary: '代码表的版本 (versions)', response: { 200: versions } } },
      async (request) => ({ versions: await codes.versions(actorOf(request)) }),
    );
    app.put(
      '/codes',
      {
        config: { right: 'people.change', ifMatch: true },
        schema: { summary: '新版代码表 (a new version)', body: codesBody, response: { 200: codeTableSchema } },
      },
      async (request, reply) => {
        const { codes: wished, note } = request.body;
        const table = await codes.replace(actorOf(request), wished, note, revisionOf(request));
        withRevision(reply, table.version);
        return table;
      },
    );
  };
}
