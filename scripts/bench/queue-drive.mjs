/** queue-drive: officers who work: each visit lists, opens, claims, sends three photos and submits. Time of every request by kind. */
import { randomFillSync, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { formOf } from './queue-ground.mjs';

export const PHOTO_BYTES = 4_000_000;
const PHOTOS = 3;
export const READS = ['list', 'counts', 'file'];
export const WRITES = ['claim', 'photo', 'submit'];

/** A JPEG of four million bytes: noise does not compress; what is over follows its end mark. */
export async function makePhoto() {
  const [width, height] = [1600, 1200];
  const noise = randomFillSync(Buffer.alloc(width * height * 3));
  const picture = await sharp(noise, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
  if (picture.length > PHOTO_BYTES) throw new Error(`the picture has ${picture.length} bytes`);
  return Buffer.concat([picture, Buffer.alloc(PHOTO_BYTES - picture.length)]);
}

export function driver({ address, cookies, photo }) {
  const idle = cookies.map((_, n) => n);
  const timed = new Map([...READS, ...WRITES].map((kind) => [kind, []]));
  const done = { visits: 0, submitted: 0, photos: 0, missed: 0, refused: new Map() };

  async function ask(kind, n, method, path, { body, headers = {} } = {}) {
    const plain = body === undefined || body instanceof FormData;
    const began = performance.now();
    const answer = await fetch(`${address}/api${path}`, {
      method,
      headers: {
        cookie: cookies[n],
        'x-tuban': '1',
        ...(plain ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: plain ? body : JSON.stringify(body) }),
    });
    const said = await answer.json();
    timed.get(kind).push(performance.now() - began);
    if (answer.ok) return { said, etag: answer.headers.get('etag') };
    const what = `${kind} ${answer.status} ${said.code}`;
    done.refused.set(what, (done.refused.get(what) ?? 0) + 1);
    return null;
  }

  async function visit(n) {
    const key = () => ({ 'idempotency-key': randomUUID() });
    await ask('list', n, 'GET', '/queue/files?state=new&quarter=2026Q3&limit=50');
    await ask('counts', n, 'GET', '/queue/counts?quarter=2026Q3');
    const claimed = await ask('claim', n, 'POST', '/queue/claims', { body: { count: 1 }, headers: key() });
    const file = claimed?.said.files[0];
    if (!file) return;
    const opened = await ask('file', n, 'GET', `/queue/files/${file.taskId}`);
    const hashes = [];
    for (let i = 0; i < PHOTOS; i += 1) {
      const bytes = Buffer.from(photo);
      bytes.write(randomUUID(), bytes.length - 40);
      const form = new FormData();
      form.append('file', new Blob([bytes]), `${i}.jpg`);
      const sent = await ask('photo', n, 'POST', `/tasks/${file.taskId}/evidence`, { body: form, headers: key() });
      const [one] = sent?.said.files ?? [];
      if (one?.file) hashes.push(one.file.sha256);
    }
    done.photos += hashes.length;
    const submitted = await ask('submit', n, 'POST', `/queue/files/${file.taskId}/submit`, {
      body: { finding: formOf(hashes, 1), findingId: randomUUID() },
      headers: { ...key(), 'if-match': opened?.etag ?? '' },
    });
    done.submitted += submitted ? 1 : 0;
    done.visits += 1;
  }

  return {
    done,
    /** Visits begin at a rate for so many seconds, whether earlier ones have ended or not; those that found no idle officer are counted. */
    async drive(perSecond, seconds) {
      for (const times of timed.values()) times.length = 0;
      const open = [];
      const began = performance.now();
      for (let i = 0; i < perSecond * seconds; i += 1) {
        await sleep(Math.max(0, began + (i / perSecond) * 1000 - performance.now()));
        const n = idle.shift();
        if (n === undefined) {
          done.missed += 1;
          continue;
        }
        open.push(visit(n).finally(() => idle.push(n)));
      }
      await Promise.all(open);
      return { seconds: (performance.now() - began) / 1000, timed: new Map([...timed].map(([k, t]) => [k, [...t]])) };
    },
    /** All at once: everybody wants a task. */
    async burst() {
      const answers = await Promise.all(
        cookies.map((_, n) =>
          ask('claim', n, 'POST', '/queue/claims', {
            body: { count: 1 },
            headers: { 'idempotency-key': randomUUID() },
          }),
        ),
      );
      return answers.flatMap((answer) => answer?.said.files.map(({ taskId }) => taskId) ?? []);
    },
    /** One after another, nothing else going on. */
    async pages(queries, rounds) {
      const rows = [];
      for (const query of queries) {
        const times = [];
        for (let round = 0; round < rounds; round += 1) {
          const before = timed.get('list').length;
          await ask('list', round % cookies.length, 'GET', `/queue/files?${query}`);
          times.push(timed.get('list')[before]);
        }
        rows.push({ query, times });
      }
      return rows;
    },
  };
}
