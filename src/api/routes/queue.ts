/** The queue: what waits, whose it is, claims of several, who answers for an area. Steps of one file are in steps.ts. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { VIOLATION_CODES } from '../../model/patch.js';
import { TASK_STATES } from '../../model/task.js';
import { FILE_STATES, WORK_ROLES } from '../../model/task-flow.js';
import type { AllotQuery, Claim, FileFilter, TaskQueue } from '../../ports/task-queue.js';
import { allotSchema, claimSchema, listedSchema, responsibilitySchema } from '../file-shapes.js';
import { cursorOf, cursorText, nextSchema, pageQuery } from '../paging.js';
import { given, idParams, quarterText as quarter } from '../query.js';
import { key, nothing } from '../shapes.js';
import { actorOf } from '../who.js';

const states = z
  .string()
  .max(300)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(FILE_STATES)).max(FILE_STATES.length));

const filter = {
  quarter: quarter.optional(),
  state: states.optional(),
  mine: z.stringbool().optional(),
  team: key.optional(),
  assignee: key.optional(),
  holder: key.optional(),
  area: key.optional(),
  violation: z.enum(VIOLATION_CODES).optional(),
  minScore: z.coerce.number().min(0).max(100).optional(),
  key: z.stringbool().optional(),
  overdue: z.stringbool().optional(),
  extensionAsked: z.stringbool().optional(),
  listed: z.enum(TASK_STATES).optional(),
  text: z.string().trim().max(80).optional(),
};
const filterQuery = z.strictObject(filter);
const listQuery = z.strictObject({ ...filter, order: z.enum(['rank', 'deadline']).default('rank'), ...pageQuery });
const page = z.object({ files: z.array(listedSchema).readonly(), next: nextSchema });

function filterOf({ state, team, area, ...rest }: z.infer<typeof filterQuery>): FileFilter {
  return given<FileFilter>({ ...rest, states: state, teamId: team, areaId: area });
}

const claimBody = z.strictObject({
  ids: z.array(key).min(1).max(100).optional(),
  count: z.int().min(1).max(100).default(1),
  areaId: key.optional(),
  teamId: key.optional(),
  quarter: quarter.optional(),
  hours: z.number().positive().max(1000).optional(),
});
const allotBody = z.strictObject({
  quarter: quarter.optional(),
  areaId: key.optional(),
  ids: z.array(key).min(1).max(500).optional(),
  role: z.enum(WORK_ROLES).optional(),
  teamId: key.optional(),
  toTeam: z.boolean().optional(),
  count: z.int().min(1).max(2000).default(200),
});
const responsible = z.strictObject({
  responsible: z
    .array(z.strictObject({ teamId: key.nullable().default(null), personId: key.nullable().default(null) }))
    .max(50),
});

export function queueRoutes(queue: TaskQueue): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/queue/files',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '任务卷宗清单 (files, filtered, by pages)',
          querystring: listQuery,
          response: { 200: page },
        },
      },
      async (request) => {
        const { order, cursor, limit, ...rest } = request.query;
        const query = { ...filterOf(rest), order, limit, after: cursorOf(order, cursor) };
        const { files, next } = await queue.list(actorOf(request), query);
        return { files, next: cursorText(order, next) };
      },
    );
    app.get(
      '/queue/counts',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '数量 (how many, by state)',
          querystring: filterQuery,
          response: {
            200: z.object({
              byState: z.partialRecord(z.enum(FILE_STATES), z.int()),
              overdue: z.int(),
              mine: z.int(),
              toReview: z.int(),
            }),
          },
        },
      },
      (request) => queue.counts(actorOf(request), filterOf(request.query)),
    );
    app.get(
      '/queue/mine',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '本人持有的任务 (held by oneself)',
          response: { 200: z.object({ files: z.array(listedSchema).readonly() }) },
        },
      },
      async (request) => ({ files: await queue.mine(actorOf(request)) }),
    );
    app.get(
      '/queue/reviews',
      {
        config: { right: 'tasks.review' },
        schema: {
          summary: '待本人审核 (waiting for one’s review)',
          querystring: z.strictObject(pageQuery),
          response: { 200: page },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const { files, next } = await queue.reviewList(actorOf(request), {
          after: cursorOf('deadline', cursor),
          limit,
        });
        return { files, next: cursorText('deadline', next) };
      },
    );
    app.post(
      '/queue/claims',
      {
        config: { right: 'tasks.work', key: 'needed' },
        schema: { summary: '领取一批任务 (claim several)', body: claimBody, response: { 200: claimSchema } },
      },
      (request) => queue.claimBatch(actorOf(request), given<Claim>(request.body)),
    );
    app.post(
      '/queue/allot',
      {
        config: { right: 'tasks.plan' },
        schema: {
          summary:
            '自动分派：按责任区，或按角色、队伍，给手上最少的人 (share out by responsibility, role or team, and work load)',
          body: allotBody,
          response: { 200: allotSchema },
        },
      },
      (request) => queue.allot(actorOf(request), given<AllotQuery>(request.body)),
    );
    app.get(
      '/responsibilities',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '各区域的责任人 (who answers for which area)',
          response: { 200: z.object({ responsibilities: z.array(responsibilitySchema).readonly() }) },
        },
      },
      async (request) => ({ responsibilities: await queue.responsibilities(actorOf(request)) }),
    );
    app.put(
      '/areas/:id/responsible',
      {
        config: { right: 'people.change' },
        schema: {
          summary: '设置区域责任人 (set who answers for an area)',
          params: idParams,
          body: responsible,
          response: { 204: nothing },
        },
      },
      async (request, reply) => {
        await queue.setResponsible(actorOf(request), request.params.id, request.body.responsible);
        return reply.code(204).send();
      },
    );
  };
}
