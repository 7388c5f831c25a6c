/**
 * The program's nouns in answers. Their type is the compiler's; the schema says what of them others may rely on (more may come) and is not
 * run again over every answer: a map's polygons are megabytes. Tests hold real answers against it.
 */
import { z } from 'zod';
import { BOUNDARY_KINDS } from '../model/boundary.js';
import type { Box, MultiPolygonRings } from '../model/grid.js';
import { VIOLATION_CODES } from '../model/patch.js';
import { type Observation, TASK_STATES, type Task } from '../model/task.js';
import type { MappedBoundary } from '../ports/quarter-record.js';

/** Schemas by name, for the tests. */
export const NOUN_SCHEMAS = new Map<string, z.ZodType>();

export function noun<T>(id: string, schema: z.ZodType): z.ZodType<T> {
  NOUN_SCHEMAS.set(id, schema);
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'output' });
  return z.custom<T>().meta({ id, ...json });
}

export const day = z.iso.date().meta({ description: 'ISO day' });
export const instant = z.iso.datetime().meta({ description: 'UTC' });
/** As asked for: no database knows a year 0, and nothing here is older. */
export const since1970 = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0, '应为 1970 年以后的时间，如 2026-11-01T08:00:00+08:00 (a time after 1970)');

const rings = z
  .array(z.array(z.array(z.array(z.number()).length(2))))
  .meta({ description: 'MultiPolygon: lon, lat, EPSG:4490 (CGCS2000)' });
export const geometrySchema = noun<MultiPolygonRings>('Geometry', rings);

export const boxSchema = noun<Box>(
  'Box',
  z.array(z.number()).length(4).meta({ description: 'minLon, minLat, maxLon, maxLat, EPSG:4490' }),
);

const patch = z.looseObject({
  id: z.string(),
  geometry: rings,
  areaM2: z.number(),
  lon: z.number(),
  lat: z.number(),
  confidence: z.number().min(0).max(1),
  changeType: z.string(),
  seenShare: z.number().min(0).max(1),
  dateBefore: z.string().nullable(),
  dateAfter: z.string().nullable(),
});
const judgement = z.looseObject({
  violations: z.array(z.enum(VIOLATION_CODES)).meta({ description: 'suspicions, never verdicts' }),
  licenceNo: z.string().nullable(),
  outsideM2: z.number(),
  outsideM: z.number().nullable(),
  reasons: z.array(z.string()),
  score: z.number(),
  parts: z.array(
    z.looseObject({ part: z.string(), name: z.string(), points: z.number(), most: z.number(), evidence: z.string() }),
  ),
});

export const judgedPatch = z.looseObject({ patch, judgement });

export const taskSchema = noun<Task>(
  'Task',
  z.looseObject({
    id: z.string(),
    quarter: z.string(),
    siteId: z.string(),
    rank: z.int(),
    state: z.enum(TASK_STATES).meta({ description: 'the list’s state; what people do is in the file' }),
    judged: judgedPatch,
  }),
);

export const boundarySchema = noun<MappedBoundary>(
  'Boundary',
  z.looseObject({
    id: z.string(),
    kind: z.enum(BOUNDARY_KINDS),
    number: z.string().nullable(),
    name: z.string().nullable(),
    holder: z.string().nullable(),
    method: z.string().nullable(),
    status: z.string().nullable(),
    validFrom: z.string().nullable(),
    validTo: z.string().nullable(),
    mineral: z.string().optional().meta({ description: 'as its attributes name it; absent where they do not' }),
    geometry: rings,
  }),
);

export const observationSchema = noun<Observation>(
  'Observation',
  z.looseObject({
    boundaryId: z.string(),
    quarter: z.string(),
    result: z.enum(['changed', 'unchanged', 'not-seen']),
    seenShare: z.number(),
    changedM2: z.number(),
    reason: z.string(),
  }),
);
