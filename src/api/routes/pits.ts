/** Suspected pits that people report: looked at before, reported, listed; and what they say of what the detector missed. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PIT_REMARKS } from '../../model/pit-check.js';
import { FILE_STATES } from '../../model/task-flow.js';
import type { MissedPits, PitReport } from '../../ports/missed-pits.js';
import type { PitList, PitSketch } from '../../ports/pit-list.js';
import { day, geometrySchema, instant, noun } from '../nouns.js';
import { given, quarterText } from '../query.js';
import { actorOf } from '../who.js';

/** Corners of an outline and its holes at most, as the report itself takes them; a request of more is none. */
const MOST_CORNERS = 2000;
const position = z.tuple([z.number(), z.number()]);
const ring = z.array(position).max(MOST_CORNERS + 1);
const outline = z.strictObject({
  outline: z
    .array(z.array(ring).max(100))
    .max(10)
    .meta({ description: 'MultiPolygon of one polygon, closed rings: lon, lat, EPSG:4490 (CGCS2000)' }),
});
const point = z.strictObject({
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  areaM2: z.number().optional(),
});
const corners = z.strictObject({
  text: z.string().max(200_000).meta({ description: 'corner points: a line a point, or a text as they are exchanged' }),
  axis: z.enum(['xy', 'yx']).optional().meta({ description: 'xy: northing (latitude) first' }),
  zone: z.int().min(13).max(45).optional(),
});
const sketchBody = z.strictObject({
  quarter: quarterText,
  place: z.union([outline, point, corners]),
  seenOn: z.iso.date().optional(),
});
const reportBody = z.strictObject({
  quarter: quarterText,
  place: z.union([outline, point]),
  note: z.string().max(2000),
  seenOn: z.iso.date().optional(),
});
const checked = z.object({
  outline: geometrySchema.nullable().meta({ description: 'as it would be kept; null: nothing could be read' }),
  areaM2: z.number().nullable(),
  areaNames: z.array(z.string()).readonly(),
  errors: z
    .array(z.object({ code: z.string(), message: z.string() }))
    .readonly()
    .meta({ description: 'why it would be refused' }),
  remarks: z.array(z.object({ code: z.enum(PIT_REMARKS), message: z.string() })).readonly(),
  near: z
    .array(z.object({ taskId: z.string(), share: z.number(), same: z.boolean() }))
    .readonly()
    .meta({ description: 'tasks that it overlaps and that you see; same: no second task is made' }),
  notes: z.array(z.string()).readonly(),
});
const listed = z.looseObject({
  id: z.string(),
  quarter: z.string(),
  seenOn: day,
  reportedAt: instant,
  note: z.string(),
  areaM2: z.number(),
  drawn: z.enum(['outline', 'point']),
  detected: z.boolean(),
  taskId: z.string(),
  state: z.enum(FILE_STATES),
});
const pageSchema = noun<Awaited<ReturnType<PitList['list']>>>(
  'PitPage',
  z.looseObject({ pits: z.array(listed), total: z.int() }),
);
const missesSchema = noun<Awaited<ReturnType<PitList['misses']>>>(
  'PitMisses',
  z.looseObject({
    counts: z.looseObject({ reported: z.int(), answered: z.int(), confirmed: z.int(), common: z.int() }),
    misses: z.looseObject({ missed: z.number(), low: z.number(), high: z.number() }).nullable(),
    why: z.string().nullable(),
    whole: z.boolean().meta({ description: 'false: of the tasks that you see' }),
  }),
);

export function pitRoutes(pits: MissedPits, list: PitList): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/pits',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '人工上报的图斑 (reported pits, newest first; 500 at most)',
          querystring: z.strictObject({ quarter: quarterText.optional() }),
          response: { 200: pageSchema },
        },
      },
      (request) => list.list(actorOf(request), request.query.quarter ?? null),
    );
    app.get(
      '/pits/misses',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '按两份清单估计的漏查 (what the detector missed, by two lists)',
          querystring: z.strictObject({ quarter: quarterText }),
          response: { 200: missesSchema },
        },
      },
      (request) => list.misses(actorOf(request), request.query.quarter),
    );
    app.post(
      '/pits/check',
      {
        config: { right: 'tasks.work', key: 'never' },
        schema: {
          summary: '上报前检查，不保存 (what would be said of a pit; nothing is kept)',
          body: sketchBody,
          response: { 200: checked },
        },
      },
      (request) => {
        const { place, ...rest } = request.body;
        const sketch = given<Omit<PitSketch, 'place'>>(rest);
        return list.check(actorOf(request), { ...sketch, place: placeOf(place) });
      },
    );
    app.post(
      '/pits',
      {
        config: { right: 'tasks.work', key: 'needed' },
        schema: {
          summary: '补报图斑：立为任务 (report a pit that the list lacks)',
          body: reportBody,
          response: { 200: z.object({ taskId: z.string(), rank: z.int(), added: z.boolean() }) },
        },
      },
      async (request) => {
        const { place, ...rest } = request.body;
        const report = given<Omit<PitReport, 'place'>>(rest);
        const { task, added } = await pits.report(actorOf(request), { ...report, place: placeOf(place) });
        return { taskId: task.id, rank: task.rank, added };
      },
    );
  };
}

/** Without what was not said, of the place, too. */
function placeOf<P extends PitSketch['place']>(place: z.infer<typeof outline | typeof point | typeof corners>): P {
  return given<object>(place) as P;
}
