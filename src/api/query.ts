/** What may be asked for, checked before anything is looked up. */
import { z } from 'zod';
import { VIOLATION_CODES } from '../model/patch.js';
import { parseQuarter } from '../model/quarter.js';
import { TASK_STATES } from '../model/task.js';
import type { TaskQuery } from '../ports/quarter-record.js';

export const taskQuery = z.strictObject({
  state: z.enum(TASK_STATES).optional(),
  violation: z.enum(VIOLATION_CODES).optional(),
  text: z.string().max(80).optional(),
  minScore: z.coerce.number().min(0).max(100).optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const lon = z.number().min(-180).max(180);
const lat = z.number().min(-90).max(90);
/** In a body: an address with a place in it would stand in the logs of whatever is in between. */
export const viewBody = z.strictObject({
  box: z
    .tuple([lon, lat, lon, lat])
    .refine(([a, b, c, d]) => a < c && b < d, 'minLon,minLat,maxLon,maxLat')
    .meta({ description: 'minLon, minLat, maxLon, maxLat' }),
  px: z.int().min(16).max(2048).default(1024),
});

export function taskQueryOf({ offset, limit, ...rest }: z.infer<typeof taskQuery>): TaskQuery {
  const { state, violation, text, minScore } = rest;
  return {
    offset,
    limit,
    ...(state === undefined ? {} : { state }),
    ...(violation === undefined ? {} : { violation }),
    ...(text === undefined ? {} : { text }),
    ...(minScore === undefined ? {} : { minScore }),
  };
}

/** Of a query or a body. */
export const quarterText = z
  .string()
  .regex(/^\d{4}Q[1-4]$/, '应写作 2026Q3')
  .transform(parseQuarter);

export const quarterParams = z.object({ quarter: z.string().meta({ examples: ['2026Q3'] }) });
export const idParams = z.object({ id: z.string().min(1).max(80) });

/** Without what was not said. */
export function given<T extends object>(body: { readonly [K in keyof T]?: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;
}
