/** What left in files, and who looked at places: for supervisors and administrators; of exports everyone sees his own. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { EXPORT_KINDS, type ExportEntry } from '../../model/export-entry.js';
import type { ExportLog, ExportQuery } from '../../ports/export-log.js';
import type { NamedWatch, ReadingWatch } from '../../ports/reading-watch.js';
import { instant, noun, since1970 } from '../nouns.js';
import { nextSchema } from '../paging.js';
import { given } from '../query.js';
import { key, sha256 } from '../shapes.js';
import { actorOf } from '../who.js';

const exportsQuery = z.strictObject({
  person: key.optional(),
  kind: z.enum(EXPORT_KINDS).optional(),
  sha256: sha256.optional().meta({ description: 'of a file: whose copy it is' }),
  id: key.optional().meta({ description: 'of the mark in a file' }),
  since: since1970.optional(),
  cursor: key.optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const entries = z.object({
  exports: z
    .array(
      noun<ExportEntry>(
        'ExportEntry',
        z.looseObject({
          id: z.string(),
          at: instant,
          personName: z.string(),
          device: z.string(),
          kind: z.enum(EXPORT_KINDS),
          format: z.string(),
          rows: z.int(),
          sha256: z.string().nullable().meta({ description: 'null: the file was never whole' }),
        }),
      ),
    )
    .readonly(),
  next: nextSchema,
});
const MOST_DAYS = 370;
const DAY_MS = 86_400_000;
const span = z.strictObject({ from: since1970, until: since1970 }).refine(({ from, until }) => {
  const days = (Date.parse(until) - Date.parse(from)) / DAY_MS;
  return days > 0 && days <= MOST_DAYS;
}, `until 应晚于 from，至多 ${MOST_DAYS} 天 (after from, at most so many days)`);
const watchSchema = noun<NamedWatch>(
  'ReadingWatch',
  z.looseObject({
    readers: z.array(
      z.looseObject({
        personId: z.string(),
        looks: z.int(),
        tasks: z.int(),
        outside: z.int(),
        busiest: z.int(),
        night: z.int(),
        quietAfter: z.int(),
        stillAfter: z.int(),
        hints: z.array(z.looseObject({ hint: z.string(), expected: z.number() })).meta({ description: 'never proof' }),
      }),
    ),
    tooFew: z.boolean().meta({ description: 'too few readers to compare one with the others' }),
  }),
);

export function exportLogRoutes(log: ExportLog): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/exports',
      {
        config: { right: 'audit.read' },
        schema: {
          summary: '导出记录，新的在前 (files that left, newest first)',
          querystring: exportsQuery,
          response: { 200: entries },
        },
      },
      (request) => log.list(actorOf(request), given<ExportQuery>(request.query)),
    );
  };
}

export function readingRoutes(reading: ReadingWatch): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/reading',
      {
        config: { right: 'audit.read' },
        schema: {
          summary: '查阅异常：只是提示 (unusual reading of places: hints, never an accusation)',
          querystring: span,
          response: { 200: watchSchema },
        },
      },
      (request) => reading.watch(actorOf(request), request.query.from, request.query.until),
    );
  };
}
