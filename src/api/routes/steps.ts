/** One file, its steps so far, and every step of the table of transitions as an address of its own. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Right } from '../../model/right.js';
import { stepDetailsSchema } from '../../model/step-details.js';
import { FLOW_ACTION_WORDS, type FlowAction, transitionOf } from '../../model/task-flow.js';
import type { TaskQueue } from '../../ports/task-queue.js';
import { fileSchema, stepSchema } from '../file-shapes.js';
import { idParams } from '../query.js';
import { revisionOf } from '../revision.js';
import { actorOf } from '../who.js';

/** Steps that are asked for (the others follow from something else), and what a token needs for each; what the person may do is the table's to say. */
const RIGHTS: Readonly<
  Record<Exclude<FlowAction, 'lapse' | 'join' | 'enter-round' | 'leave-round' | 'unseal'>, Right>
> = {
  assign: 'tasks.plan',
  claim: 'tasks.work',
  'extend-lease': 'tasks.work',
  release: 'tasks.work',
  depart: 'tasks.work',
  submit: 'tasks.work',
  approve: 'tasks.review',
  return: 'tasks.review',
  'ask-extension': 'tasks.work',
  'grant-extension': 'tasks.plan',
  'bad-imagery': 'tasks.work',
  unreachable: 'tasks.work',
  reopen: 'tasks.plan',
  close: 'tasks.review',
  'open-case': 'tasks.review',
  'take-off': 'tasks.plan',
  'hand-over': 'tasks.work',
  merge: 'tasks.plan',
  split: 'tasks.plan',
};
const details = stepDetailsSchema.meta({ id: 'StepDetails' });
const ACTIONS = Object.keys(RIGHTS) as (keyof typeof RIGHTS)[];

export function stepRoutes(queue: TaskQueue): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/queue/files/:id',
      {
        config: { right: 'tasks.read' },
        schema: { summary: '任务卷宗 (a file)', params: idParams, response: { 200: fileSchema } },
      },
      async (request, reply) => {
        const answer = await queue.file(actorOf(request), request.params.id);
        reply.revision = answer.file.revision;
        return answer;
      },
    );
    app.get(
      '/queue/files/:id/steps',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '办理过程 (steps so far)',
          params: idParams,
          response: { 200: z.object({ steps: z.array(stepSchema).readonly() }) },
        },
      },
      async (request) => ({ steps: await queue.steps(actorOf(request), request.params.id) }),
    );
    for (const action of ACTIONS) {
      const { zh, en } = FLOW_ACTION_WORDS[action];
      const needs = transitionOf(action).needs.join(', ');
      app.post(
        `/queue/files/:id/${action}`,
        {
          config: { right: RIGHTS[action], ifMatch: true },
          schema: {
            summary: `${zh} (${en})`,
            ...(needs === '' ? {} : { description: `needs: ${needs}` }),
            params: idParams,
            body: details.nullable(),
            response: { 200: fileSchema },
          },
        },
        async (request, reply) => {
          const step = { action, revision: revisionOf(request), ...(request.body ? { details: request.body } : {}) };
          const answer = await queue.act(actorOf(request), request.params.id, step);
          reply.revision = answer.file.revision;
          return answer;
        },
      );
    }
  };
}
