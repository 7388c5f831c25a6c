/** The official calendar that deadlines are counted by, and the queue's settings as tuban.yaml has them. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { QueueSettings } from '../../model/queue-settings.js';
import type { Calendars, KnownYear } from '../../ports/work-calendar.js';
import { day, instant, noun } from '../nouns.js';
import { actorOf } from '../who.js';

const year = z.looseObject({
  year: z.int(),
  off: z.array(day),
  worked: z.array(day).meta({ description: 'Saturdays and Sundays that are worked (调休)' }),
  source: z.string(),
});
const yearSchema = noun<KnownYear>(
  'CalendarYear',
  year.extend({
    entered: z
      .looseObject({ personName: z.string().nullable(), at: instant })
      .nullable()
      .meta({ description: 'by the bureau; null: known to the program' }),
  }),
);
const settingsSchema = noun<QueueSettings>(
  'QueueSettings',
  z.looseObject({ levels: z.array(z.string()), lease: z.looseObject({ hours: z.number() }) }),
);
const calendarBody = z.strictObject({
  text: z.string().max(100_000).meta({ description: 'lines `2027-01-01,休` or `2027-01-09,班`' }),
  source: z.string().trim().min(1).max(300).meta({ description: 'the document that says so' }),
});

export function calendarRoutes(calendars: Calendars): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/calendar',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '节假日与调休；其他年份期限为暂定 (official years; deadlines of others are provisional)',
          response: { 200: z.object({ years: z.array(yearSchema) }) },
        },
      },
      async (request) => ({ years: await calendars.years(actorOf(request)) }),
    );
    app.post(
      '/calendar',
      {
        config: { right: 'people.change' },
        schema: {
          summary: '录入官方安排 (enter years)',
          body: calendarBody,
          response: { 200: z.object({ years: z.array(yearSchema) }) },
        },
      },
      async (request) => {
        const actor = actorOf(request);
        await calendars.enter(actor, request.body.text, request.body.source);
        return { years: await calendars.years(actor) };
      },
    );
  };
}

export function settingsRoutes(settings: QueueSettings): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/settings',
      {
        config: { right: 'tasks.read' },
        schema: {
          summary: '队列设置，在 tuban.yaml 中更改 (settings of the queue; changed in tuban.yaml)',
          response: { 200: settingsSchema },
        },
      },
      () => settings,
    );
  };
}
