/** Rounds, lists as files, forms that come back, and a task's whole file as an archive. What leaves is on record and names who and when. */
import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Fault } from '../../model/fault.js';
import { ROUND_STATES } from '../../model/round.js';
import type { Rounds, RoundWish } from '../../ports/rounds.js';
import type { TaskBundle } from '../../ports/task-bundle.js';
import { TASK_LIST_FORMATS, type TaskLists, type TaskListWish } from '../../ports/task-lists.js';
import { sendWritten } from '../download.js';
import { roundAnswerSchema, roundSchema } from '../file-shapes.js';
import { given, idParams, quarterText as quarter } from '../query.js';
import { key } from '../shapes.js';
import { eachUpload, refuseByLength } from '../uploads.js';
import { actorOf } from '../who.js';

const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const roundBody = z.strictObject({
  quarter: quarter.optional(),
  start: lonLat.meta({ description: 'lon, lat in CGCS2000' }),
  end: lonLat.optional(),
  hours: z.number().min(0.5).max(24),
  teamId: key.optional(),
  personId: key.optional(),
  taskIds: z.array(key).min(1).max(2000).optional(),
  most: z.int().min(1).max(200).optional(),
  sealed: z.boolean().optional(),
  claim: z.boolean().optional(),
});
const listBody = z.strictObject({
  format: z.enum(TASK_LIST_FORMATS),
  quarter: quarter.optional(),
  taskIds: z.array(key).min(1).max(2000).optional(),
  roundId: key.optional(),
});
const cell = z.object({ row: z.int(), cell: z.string(), code: z.string(), message: z.string() });
const readBack = z.object({
  rows: z
    .array(
      z.object({
        row: z.int(),
        taskId: z.string(),
        result: z.enum(['submitted', 'known', 'refused', 'valid']),
        errors: z.array(cell).readonly(),
        draftId: z.string().nullable(),
      }),
    )
    .readonly(),
  empty: z.int(),
});
const binary = (type: string) => ({
  200: {
    description: '附件 (attachment)',
    content: { [type]: { schema: z.custom<Readable>().meta({ type: 'string', format: 'binary' }) } },
  },
});
/** A workbook of forms; more is none. */
const WORKBOOK_BYTES = 20 * 1024 * 1024;

export function roundRoutes(rounds: Rounds): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/rounds',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '巡查安排 (rounds, newest first)',
          querystring: z.strictObject({ state: z.enum(ROUND_STATES).optional(), quarter: quarter.optional() }),
          response: { 200: z.object({ rounds: z.array(roundSchema).readonly() }) },
        },
      },
      async (request) => ({ rounds: await rounds.list(actorOf(request), given(request.query)) }),
    );
    app.post(
      '/rounds',
      {
        config: { right: 'tasks.work', key: 'needed' },
        schema: {
          summary: '安排一天的路线 (plan a day’s round)',
          body: roundBody,
          response: { 200: roundAnswerSchema },
        },
      },
      (request) => rounds.plan(actorOf(request), given<RoundWish>(request.body)),
    );
    app.get(
      '/rounds/:id',
      {
        config: { right: 'tasks.read' },
        schema: { summary: '一次巡查 (a round)', params: idParams, response: { 200: roundAnswerSchema } },
      },
      (request) => rounds.show(actorOf(request), request.params.id),
    );
    app.post(
      '/rounds/:id/depart',
      {
        config: { right: 'tasks.work' },
        schema: { summary: '出发 (depart)', params: idParams, response: { 200: roundAnswerSchema } },
      },
      (request) => rounds.depart(actorOf(request), request.params.id),
    );
    app.post(
      '/rounds/:id/cancel',
      {
        config: { right: 'tasks.work' },
        schema: { summary: '取消 (cancel)', params: idParams, response: { 200: roundAnswerSchema } },
      },
      (request) => rounds.cancel(actorOf(request), request.params.id),
    );
  };
}

export function listRoutes(lists: TaskLists): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/lists',
      {
        config: { right: 'lists.write', key: 'never' },
        schema: {
          summary: '导出任务清单，留痕并带标记 (a list as a file, marked and on record)',
          body: listBody,
          response: binary('application/octet-stream'),
        },
      },
      (request, reply) =>
        sendWritten(reply, (put) => lists.write(actorOf(request), given<TaskListWish>(request.body), put)),
    );
    app.post(
      '/lists/read-back',
      {
        config: { right: 'tasks.work', upload: true },
        schema: {
          summary: '读回填好的表格 (forms that were filled in)',
          description: 'multipart/form-data with one workbook (.xlsx); each row is taken or refused by itself.',
          querystring: z.strictObject({ dryRun: z.stringbool().default(false) }),
          response: { 200: readBack },
        },
      },
      async (request, reply) => {
        const books: Uint8Array[] = [];
        refuseByLength(request, reply, WORKBOOK_BYTES);
        await eachUpload(request, reply, async ({ content }) => {
          books.push(await bytesOf(content));
          return 'taken';
        });
        const [book] = books;
        if (!book || books.length > 1) {
          throw new Fault('api.one-file', '请一次上传一个表格文件 (one workbook at a time)');
        }
        return lists.readBack(actorOf(request), book, { dryRun: request.query.dryRun });
      },
    );
  };
}

export function bundleRoutes(bundle: TaskBundle): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/tasks/:id/bundle',
      {
        config: { right: 'lists.write', key: 'never' },
        schema: {
          summary: '任务档案包，可用 sha256sum 核验 (a task’s whole file as an archive; on record)',
          params: idParams,
          response: binary('application/zip'),
        },
      },
      (request, reply) =>
        sendWritten(reply, async (put) => {
          await bundle.write(actorOf(request), request.params.id, put);
          return { name: `${request.params.id}.zip`, contentType: 'application/zip' };
        }),
    );
  };
}

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.byteLength;
    if (bytes > WORKBOOK_BYTES)
      throw new Fault('api.too-large', '表格文件不得超过 20 MB (a workbook has 20 MB at most)');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
