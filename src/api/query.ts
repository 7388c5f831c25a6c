/** What requests may ask for, checked before anything is looked up. */
import { z } from 'zod';
import { Fault } from '../model/fault.js';
import type { Box } from '../model/grid.js';
import { VIOLATION_CODES } from '../model/patch.js';
import { TASK_STATES } from '../model/task.js';
import type { TaskQuery } from '../ports/quarter-record.js';

const taskQuery = z.strictObject({
  state: z.enum(TASK_STATES).optional(),
  violation: z.enum(VIOLATION_CODES).optional(),
  text: z.string().max(80).optional(),
  minScore: z.coerce.number().min(0).max(100).optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const viewQuery = z.strictObject({
  box: z
    .string()
    .transform((text) => text.split(',').map(Number))
    .refine((box) => box.length === 4 && box.every(Number.isFinite), 'minLon,minLat,maxLon,maxLat')
    .refine(([a = 0, b = 0, c = 0, d = 0]) => a < c && b < d && a >= -180 && c <= 180 && b >= -90 && d <= 90),
  px: z.coerce.number().int().min(16).max(2048).default(1024),
});

export function parseTaskQuery(query: unknown): TaskQuery {
  const { state, violation, text, minScore, offset, limit } = parse(taskQuery, query);
  return {
    offset,
    limit,
    ...(state === undefined ? {} : { state }),
    ...(violation === undefined ? {} : { violation }),
    ...(text === undefined ? {} : { text }),
    ...(minScore === undefined ? {} : { minScore }),
  };
}

export function parseViewQuery(query: unknown): { readonly box: Box; readonly px: number } {
  const { box, px } = parse(viewQuery, query);
  const [minLon = 0, minLat = 0, maxLon = 0, maxLat = 0] = box;
  return { box: [minLon, minLat, maxLon, maxLat], px };
}

function parse<T>(schema: z.ZodType<T>, query: unknown): T {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') || '查询参数';
  throw new Fault('api.query', `${where}：${issue?.message ?? ''} (bad query parameter)`);
}
