/**
 * Cursors: where the next page begins, as a text that only this program has to understand. What comes back is checked like any input; it says
 * where to go on, never what may be seen.
 */
import { z } from 'zod';
import { Fault } from '../model/fault.js';
import { type FileCursor, MOST_FILES_A_PAGE } from '../ports/task-queue.js';
import { isReadable } from './plain-input.js';

const cursor = z.tuple([
  z.enum(['rank', 'deadline']),
  z.union([
    z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    z.iso.date().refine((day) => day >= '0001'),
  ]),
  z.string().min(1).max(120).refine(isReadable),
]);
export type FileOrder = z.infer<typeof cursor>[0];

export const pageQuery = {
  cursor: z.string().max(400).optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(MOST_FILES_A_PAGE).default(50),
};
export const nextSchema = z
  .string()
  .nullable()
  .meta({ description: 'cursor of the next page; null: this is the last' });

export function cursorText(order: FileOrder, next: FileCursor | null): string | null {
  return next && Buffer.from(JSON.stringify([order, next.key, next.taskId])).toString('base64url');
}

export function cursorOf(order: FileOrder, text: string | undefined): FileCursor | null {
  if (text === undefined) return null;
  const read = cursor.safeParse(jsonOf(text));
  if (!read.success || read.data[0] !== order || (typeof read.data[1] === 'number') !== (order === 'rank')) {
    throw new Fault('api.cursor', '翻页位置无效，请从第一页开始 (bad cursor: begin with the first page)');
  }
  return { key: read.data[1], taskId: read.data[2] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
