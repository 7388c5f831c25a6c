/** What officers fill in: the form, its checks, what was submitted, unfinished drafts. Submitting is a step of the flow (queue.ts). */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Fault } from '../../model/fault.js';
import type { Findings } from '../../ports/findings.js';
import { idParams } from '../query.js';
import { draftSchema, findingSchema, formSchema, key, nothing, offenderSchema, remarkSchema } from '../shapes.js';
import { actorOf } from '../who.js';

const read = { config: { right: 'tasks.read' } } as const;
const work = { config: { right: 'tasks.work' } } as const;
const checked = z.object({
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).readonly(),
  remarks: z.array(remarkSchema).readonly(),
});
const form = z.object({ form: z.unknown().meta({ description: 'as GET /api/finding-form says' }) });

export function findingRoutes(findings: Findings): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/finding-form',
      {
        ...read,
        schema: { summary: '核查表单的结构与代码 (the form’s schema and codes)', response: { 200: formSchema } },
      },
      (request) => findings.form(actorOf(request)),
    );
    app.get(
      '/tasks/:id/findings',
      {
        ...read,
        schema: {
          summary: '已提交的核查记录 (what was submitted)',
          params: idParams,
          response: { 200: z.object({ findings: z.array(findingSchema) }) },
        },
      },
      async (request) => ({ findings: await findings.of(actorOf(request), request.params.id) }),
    );
    app.post(
      '/tasks/:id/finding-check',
      {
        ...work,
        schema: {
          summary: '检查表单，不提交 (check a form)',
          params: idParams,
          body: form,
          response: { 200: checked },
        },
      },
      (request) => findings.check(actorOf(request), request.params.id, request.body.form),
    );
    app.get(
      '/findings/:id/offender',
      {
        // Who a person is is more than what a task says.
        config: { right: 'evidence.read' },
        schema: {
          summary: '违法主体，查看留痕 (the offender; on record)',
          params: idParams,
          response: { 200: offenderSchema },
        },
      },
      async (request) => {
        const offender = await findings.offender(actorOf(request), request.params.id);
        if (offender) return offender;
        throw new Fault('api.not-found', '核查记录未填违法主体 (no offender was named)');
      },
    );
    app.get(
      '/drafts',
      {
        ...work,
        schema: { summary: '本人的草稿 (own drafts)', response: { 200: z.object({ drafts: z.array(draftSchema) }) } },
      },
      async (request) => ({ drafts: await findings.drafts(actorOf(request)) }),
    );
    app.put(
      '/drafts/:id',
      {
        ...work,
        schema: {
          summary: '保存草稿 (keep a draft)',
          params: idParams,
          body: form.extend({ taskId: key }),
          response: { 204: nothing },
        },
      },
      async (request, reply) => {
        const { taskId, form } = request.body;
        await findings.keepDraft(actorOf(request), { id: request.params.id, taskId, form });
        return reply.code(204).send();
      },
    );
    app.delete(
      '/drafts/:id',
      { ...work, schema: { summary: '删除草稿 (drop a draft)', params: idParams, response: { 204: nothing } } },
      async (request, reply) => {
        await findings.dropDraft(actorOf(request), request.params.id);
        return reply.code(204).send();
      },
    );
  };
}
