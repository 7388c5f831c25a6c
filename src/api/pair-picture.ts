/** One date of a compared pair as a PNG answer, for routes that show pictures. No data is transparent; so is what lies outside the person's ground. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Fault } from '../model/fault.js';
import type { Box } from '../model/grid.js';
import type { PlannedPair } from '../model/run.js';
import type { Quarter } from '../model/scene.js';
import type { Picture } from '../model/work.js';
import type { QuarterRecord } from '../ports/quarter-record.js';
import type { ApiParts } from './parts.js';

/** Of pictures of a task's place. */
export const TASK_PX = 640;
export const dateParam = z.object({ date: z.string().meta({ description: 'before | after' }) });
export const pngAnswer = {
  200: {
    description: '图片；无数据处透明 (picture; transparent where there is no data)',
    content: { 'image/png': { schema: z.custom<Uint8Array>().meta({ type: 'string', format: 'binary' }) } },
  },
};

export async function pairOf(record: QuarterRecord, quarter: Quarter, ids: readonly string[]): Promise<PlannedPair> {
  const run = await record.run(quarter);
  const pair = run?.pairs.find(({ id }) => ids.includes(id));
  if (!pair) throw new Fault('api.not-found', `季度 ${quarter} 没有影像对 ${ids.join(', ')} (no such pair)`);
  return pair;
}

interface Wanted {
  readonly pair: PlannedPair;
  readonly date: string;
  readonly box: Box;
  readonly px: number;
  /** Null: everywhere. */
  readonly ground: readonly Box[] | null;
}

export async function sendPicture(
  reply: FastifyReply,
  { views, encodePng }: Pick<ApiParts, 'views' | 'encodePng'>,
  { pair, date, box, px, ground }: Wanted,
): Promise<FastifyReply> {
  if (date !== 'before' && date !== 'after') {
    throw new Fault('api.not-found', `时相应为 before 或 after，得到的是“${date}” (before or after)`);
  }
  const picture = await views.picture(pair, box, px);
  const [rgb, alpha] = date === 'before' ? [picture.before, picture.beforeData] : [picture.after, picture.afterData];
  const shown = ground === null ? alpha : onGround(picture, alpha, ground);
  // No data is transparent, so that overlapping scenes show through.
  const image = await encodePng({ width: picture.width, height: picture.height, rgb, alpha: shown });
  // The imagery of a pair never changes under its id; but what was shown to a person stays on no disk (build.ts).
  if (reply.request.actor === null) reply.header('cache-control', 'private, max-age=3600');
  return reply.type('image/png').send(image);
}

/** Nothing is shown outside the boxes: to whom an area was granted, its imagery was, and not the county's. */
function onGround({ width, height, transform }: Picture, alpha: Uint8Array, ground: readonly Box[]): Uint8Array {
  const [west, stepX, , north, , stepY] = transform;
  const shown = new Uint8Array(alpha.length);
  for (let row = 0; row < height; row++) {
    const lat = north + (row + 0.5) * stepY;
    for (let col = 0; col < width; col++) {
      const lon = west + (col + 0.5) * stepX;
      const at = row * width + col;
      if (ground.some(([a, b, c, d]) => lon >= a && lon <= c && lat >= b && lat <= d)) shown[at] = alpha[at] ?? 0;
    }
  }
  return shown;
}
