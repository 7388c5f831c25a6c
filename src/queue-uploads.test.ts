/** Uploads over a real connection: what is disguised, forbidden or too large is refused while it is still on its way, and leaves nothing behind. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { photo } from './testing/photos.js';
import { openQueueApi, type QueueApi } from './testing/queue-api.js';

let api: QueueApi;
let port: number;
let token: string;
beforeAll(async () => {
  api = await openQueueApi(null);
  const { app } = api;
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
  const body = { name: 't', scope: ['evidence.write', 'tasks.work'], days: 1 };
  token = (await api.ask('o1', 'POST', '/api/me/tokens', { body })).json().token;
});
afterAll(() => api.close());

const BOUNDARY = 'boundary-of-the-test';
const MEGABYTE = 1_000_000;
/** Sends the first bytes and then noise, as long as it is asked for; how much was sent when the answer came. */
function send(
  url: string,
  name: string,
  first: Uint8Array,
  { bytes, length = bytes }: { readonly bytes: number; readonly length?: number | null },
): Promise<{ readonly status: number; readonly code: string; readonly sent: number; readonly connection: string }> {
  return new Promise((resolve, reject) => {
    const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="f"; filename="${name}"\r\n\r\n`;
    let sent = 0;
    let answered = false;
    const asked = request({
      ...{ host: '127.0.0.1', port, path: url, method: 'POST' },
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
        ...(length === null ? {} : { 'content-length': `${length}` }),
      },
    });
    asked.on('response', (answer) => {
      answered = true;
      const atAnswer = sent;
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        asked.destroy();
        const { code } = JSON.parse(Buffer.concat(parts).toString());
        resolve({ status: answer.statusCode ?? 0, code, sent: atAnswer, connection: `${answer.headers.connection}` });
      });
    });
    asked.on('error', (error) => {
      if (!answered) reject(error);
    });
    asked.write(head);
    asked.write(first);
    const noise = randomBytes(64 * 1024);
    const more = () => {
      while (!answered && sent < bytes) {
        sent += noise.length;
        if (!asked.write(noise)) {
          asked.once('drain', more);
          return;
        }
        // A network is slower than a loop.
        if (sent % MEGABYTE < noise.length) {
          setTimeout(more, 5);
          return;
        }
      }
    };
    more();
  });
}
const aside = () => {
  try {
    return readdirSync(join(api.workspace.dir, 'evidence', 'incoming'));
  } catch {
    return [];
  }
};
const EVIDENCE = '/api/tasks/Tp1/evidence';

it.each([
  [
    'a program under the name of a photo',
    'IMG_1.jpg',
    Buffer.from(`\u007fELF${'\u0001'.repeat(60)}`, 'latin1'),
    'evidence.type',
  ],
  ['a PDF under the name of a photo', 'IMG_1.jpg', Buffer.from('%PDF-1.7\n'), 'evidence.disguised'],
  ['a picture of a kind that is not taken in', 'a.gif', Buffer.from('GIF89a'), 'evidence.type'],
])('refuses %s by its first bytes', async (_what, name, first, code) => {
  for (const length of [200 * MEGABYTE, null]) {
    const answer = await send(EVIDENCE, name, first, { bytes: 200 * MEGABYTE, length });
    expect(answer).toMatchObject({ status: 415, code, connection: 'close' });
    expect(answer.sent).toBeLessThan(40 * MEGABYTE);
  }
  expect(aside()).toEqual([]);
});

it('refuses by what it says of its length before a byte of it came, for files and for workbooks', async () => {
  for (const [url, bytes] of [
    [EVIDENCE, 3000 * MEGABYTE],
    ['/api/lists/read-back', 40 * MEGABYTE],
  ] as const) {
    const answer = await send(url, 'a.mp4', Buffer.from('x'), { bytes: 0, length: bytes });
    expect(answer).toMatchObject({ status: 413, code: 'api.too-large', connection: 'close', sent: 0 });
  }
  expect(aside()).toEqual([]);
});

it('stops at what a file of its kind may weigh, not at what the heaviest of all may', async () => {
  const jpeg = await photo({ shade: 1 });
  const answer = await send(EVIDENCE, 'a.jpg', jpeg, { bytes: 300 * MEGABYTE });
  expect(answer).toMatchObject({ status: 413, code: 'evidence.size' });
  expect(answer.sent).toBeLessThan(120 * MEGABYTE);
  const text = await send(EVIDENCE, 'a.geojson', Buffer.from('{"type":"FeatureCollection"'), { bytes: 300 * MEGABYTE });
  expect(text).toMatchObject({ status: 413, code: 'evidence.size' });
  expect(aside()).toEqual([]);
}, 30_000);
