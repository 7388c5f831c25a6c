/**
 * Second looks (四不两直): drawn by supervisors, answered blind. What the one who looks gets is what the file was opened with, from here alone, wherever
 * it lies; that nothing else says what was found is the database's to see to.
 */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { squareBoxAround } from '../../geo/map-frame.js';
import { mapLinks } from '../../geo/map-links.js';
import { quarterDays } from '../../model/quarter.js';
import type { SecondLookReport } from '../../model/second-look.js';
import type { Draw, DrawWish, KeptDraw, SecondLook, Supervision } from '../../ports/supervision.js';
import { boundarySchema, boxSchema, instant, noun, taskSchema } from '../nouns.js';
import { dateParam, pairOf, pngAnswer, sendPicture, TASK_PX } from '../pair-picture.js';
import type { ApiParts } from '../parts.js';
import { given, idParams, quarterText } from '../query.js';
import { key } from '../shapes.js';
import { actorOf } from '../who.js';

const draw = { id: z.string(), quarter: z.string(), seed: z.string(), from: z.int(), drawn: z.int(), at: instant };
const drawSchema = noun<Draw>('SecondLookDraw', z.looseObject({ ...draw, lookerName: z.string() }));
const keptSchema = noun<KeptDraw>(
  'KeptSecondLookDraw',
  z.looseObject({ ...draw, lookerName: z.string(), digest: z.string(), answered: z.int() }),
);
const lookSchema = noun<SecondLook>(
  'SecondLook',
  z.looseObject({
    id: z.string(),
    drawId: z.string(),
    taskId: z.string(),
    quarter: z.string(),
    lookerName: z.string(),
    mine: z.boolean(),
    drawnAt: instant,
    answer: z.looseObject({ code: z.string(), note: z.string(), at: instant }).nullable(),
  }),
);
const agreement = z.looseObject({
  looks: z.int(),
  agreed: z.int(),
  share: z.number().nullable(),
  interval: z.array(z.number()).length(2).nullable(),
});
const reportSchema = noun<SecondLookReport>(
  'SecondLookReport',
  z.looseObject({
    drawn: z.int(),
    answered: z.int(),
    all: agreement,
    kappa: z.number().nullable(),
    byTownship: z.array(agreement),
    byLevel: z.array(agreement),
    disagreements: z.array(z.looseObject({ lookId: z.string(), taskId: z.string() })),
  }),
);
const shown = z.object({
  look: lookSchema,
  place: z
    .object({
      task: taskSchema,
      box: boxSchema.nullable(),
      boundaries: z.array(boundarySchema).readonly(),
      maps: z.array(z.object({ zh: z.string(), en: z.string(), url: z.string() })).readonly(),
    })
    .nullable()
    .meta({ description: 'as the file was opened; null: not (any more) yours to see' }),
});
const drawBody = z.strictObject({
  quarter: quarterText,
  count: z.int().min(1).max(1000),
  looker: key.meta({ description: 'login or id' }),
  seed: z.string().max(200).optional().meta({ description: 'default: the head of the audit' }),
});
const answerBody = z.strictObject({ code: key, note: z.string().max(4000) });

export function secondLookRoutes(supervision: Supervision, parts: ApiParts): FastifyPluginAsyncZod {
  const { reading } = parts;
  return async (app) => {
    app.get(
      '/second-looks',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '督查复核：本人抽取的和要本人复核的 (drawn by oneself, and to be looked at)',
          response: { 200: z.object({ looks: z.array(lookSchema).readonly() }) },
        },
      },
      async (request) => ({ looks: await supervision.list(actorOf(request)) }),
    );
    app.get(
      '/second-looks/draws',
      {
        config: { right: 'learning' },
        schema: {
          summary: '本人的抽取，含种子 (one’s draws, with their seeds)',
          response: { 200: z.object({ draws: z.array(keptSchema).readonly() }) },
        },
      },
      async (request) => ({ draws: await supervision.draws(actorOf(request)) }),
    );
    app.post(
      '/second-looks/draws',
      {
        config: { right: 'learning', key: 'needed' },
        schema: {
          summary: '随机抽取已办结任务 (draw closed tasks at random)',
          body: drawBody,
          response: { 200: drawSchema },
        },
      },
      (request) => supervision.draw(actorOf(request), given<DrawWish>(request.body)),
    );
    app.get(
      '/second-looks/report',
      {
        config: { right: 'learning' },
        schema: {
          summary: '复核与原认定的一致程度 (agreement with the first verdicts)',
          querystring: z.strictObject({ quarter: quarterText.optional() }),
          response: { 200: reportSchema },
        },
      },
      (request) => supervision.report(actorOf(request), request.query.quarter ?? null),
    );
    app.get(
      '/second-looks/:id',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '一项复核：位置与理由，不含原核查结果 (place and reasons, nothing that was found)',
          params: idParams,
          response: { 200: shown },
        },
      },
      async (request) => {
        const actor = actorOf(request);
        const { look, task } = await supervision.show(actor, request.params.id);
        if (task === null) return { look, place: null };
        const { geometry, lon, lat } = task.judged.patch;
        const box = geometry.length > 0 ? squareBoxAround(geometry) : null;
        const on = quarterDays(task.quarter).last;
        const boundaries = box ? await reading(actor, ({ record }) => record.boundaries(box, on)) : [];
        return { look, place: { task, box, boundaries, maps: mapLinks(lon, lat) } };
      },
    );
    app.get(
      '/second-looks/:id/:date.png',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '复核处的影像 (the place of a second look)',
          params: idParams.extend(dateParam.shape),
          response: pngAnswer,
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const { quarter, judged } = await supervision.place(actor, request.params.id);
        const { geometry, pairs } = judged.patch;
        const pair = await reading(actor, ({ record }) => pairOf(record, quarter, pairs));
        const wanted = { pair, date: request.params.date, box: squareBoxAround(geometry), px: TASK_PX, ground: null };
        return sendPicture(reply, parts, wanted);
      },
    );
    app.post(
      '/second-looks/:id/answer',
      {
        config: { right: 'tasks.work' },
        schema: {
          summary: '答复一项复核，一次为准 (answer a second look; it stands)',
          params: idParams,
          body: answerBody,
          response: { 200: lookSchema },
        },
      },
      (request) => supervision.answer(actorOf(request), request.params.id, request.body),
    );
  };
}
