/** What holds for every answer: headers, ids, ETags, problems, limits, the log; on the API without people. */
import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../adapters/sharp/encode.js';
import { demoRecord, demoTasks, demoViews } from '../testing/demo-quarter.js';
import { buildApi } from './build.js';
import { NOUN_SCHEMAS } from './nouns.js';
import { cursorOf, cursorText } from './paging.js';

const lines: string[] = [];
const log = pino(
  { level: 'info' },
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(`${chunk}`);
      done();
    },
  }),
);
const parts = {
  title: '演示县',
  version: '1.2.3',
  database: 'embedded',
  reading: (_actor, work) => work({ record: demoRecord(), saw: async () => undefined, ground: async () => null }),
  views: demoViews,
  encodePng,
  webFolder: null,
  log,
  people: null,
  queue: {},
  onceKeys: null,
} as const satisfies Parameters<typeof buildApi>[0];

describe('conventions', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await buildApi(parts);
    await app.ready();
  });
  afterAll(() => app.close());
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers: { host: 'localhost', ...headers } });

  it('gives each answer an id, leaves none in a cache, and lets no other site read or frame it', async () => {
    const answers = [await get('/api/workspace'), await get('/api/nothing'), await get('/api/tasks/x')];
    for (const { headers } of answers) {
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(3);
    expect(answers[1]?.json().requestId).toBe(answers[1]?.headers['x-request-id']);
  });

  it('answers 304 to whoever has it, and only then', async () => {
    const first = await get('/api/workspace');
    const etag = `${first.headers.etag}`;
    expect(etag).toMatch(/^"[\w-]{16}"$/);
    const again = await get('/api/workspace', { 'if-none-match': `"other", W/${etag}` });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    expect((await get('/api/workspace', { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  it('tells everything that is wrong with an address at once, in Chinese', async () => {
    const answer = await get('/api/quarters/2018Q2/tasks?limit=0&state=guilty&more=1');
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const { errors, code } = answer.json();
    expect(code).toBe('api.query');
    expect(errors.map(({ path }: { path: string }) => path).sort()).toEqual(['query', 'query.limit', 'query.state']);
    for (const { message } of errors) expect(message).toMatch(/[\u4e00-\u9fff]/);
  });

  it('writes neither ids, queries nor places into the log', async () => {
    lines.length = 0;
    const [task] = demoTasks();
    await get(`/api/tasks/${task?.id}`);
    await get('/api/quarters/2018Q2/tasks?text=secret-text');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'Api:Request:Done',
      route: '/api/tasks/:id',
      status: 200,
      person: null,
      reqId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(lines.join('')).not.toMatch(new RegExp(`${task?.id}|secret-text|${task?.judged.patch.lon}`));
  });

  it('answers nothing that its own description does not allow', async () => {
    const [task] = demoTasks();
    expect(NOUN_SCHEMAS.get('Task')?.parse((await get(`/api/tasks/${task?.id}`)).json().task)).toBeTruthy();
    const { boundaries, observations } = (await get('/api/quarters/2018Q2/map')).json();
    expect(boundaries.length).toBeGreaterThan(0);
    for (const one of boundaries) NOUN_SCHEMAS.get('Boundary')?.parse(one);
    for (const one of observations) NOUN_SCHEMAS.get('Observation')?.parse(one);
    const document = (await get('/api/openapi.json')).json();
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    expect(Object.keys(document.paths)).toContain('/api/quarters/{quarter}/map');
  });

  it('refuses what is too large or of another type', async () => {
    const post = (payload: string, type: string) =>
      app.inject({
        method: 'POST',
        url: '/api/workspace',
        headers: { host: 'localhost', 'content-type': type },
        payload,
      });
    // No such address: told before the body is looked at.
    expect((await post('{}', 'application/json')).statusCode).toBe(404);
    expect((await post('<a/>', 'application/xml')).json()).toMatchObject({ status: 404, code: 'api.not-found' });
  });

  it('holds up whoever asks too often, by address', async () => {
    const slow = await buildApi({ ...parts, limits: { addressPerMinute: 3, personPerMinute: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { statusCode, headers } = await slow.inject({ url: '/healthz', headers: { host: 'localhost' } });
      statuses.push(statusCode);
      if (statusCode === 429) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    await slow.close();
  });

  it('finishes the answers in hand before it ends, and takes no new ones', async () => {
    let finish: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let asked = false;
    const drained = await buildApi({
      ...parts,
      reading: async (_actor, work) => {
        asked = true;
        await waiting;
        return work({ record: demoRecord(), saw: async () => undefined, ground: async () => null });
      },
    });
    const address = await drained.listen({ host: '127.0.0.1', port: 0 });
    const answer = fetch(`${address}/api/workspace`);
    await expect.poll(() => asked).toBe(true);
    const closed = drained.close();
    finish();
    expect((await answer).status).toBe(200);
    await closed;
    await expect(fetch(`${address}/api/workspace`)).rejects.toThrow();
  });
});

describe('cursors', () => {
  it('come back as they were, and refuse anything else', () => {
    const next = { key: 12, taskId: 'T2026Q3-aa' };
    expect(cursorOf('rank', cursorText('rank', next) ?? '')).toEqual(next);
    expect(cursorOf('rank', undefined)).toBeNull();
    expect(cursorText('rank', null)).toBeNull();
    const byDay = cursorText('deadline', { key: '2026-10-09', taskId: 'T1' }) ?? '';
    expect(cursorOf('deadline', byDay)).toEqual({ key: '2026-10-09', taskId: 'T1' });
    const forged = Buffer.from(JSON.stringify(['rank', "1' OR true --", 'T1'])).toString('base64url');
    for (const text of [byDay, forged, 'nonsense', '', Buffer.from('{}').toString('base64url')]) {
      expect(() => cursorOf('rank', text), text).toThrow(expect.objectContaining({ code: 'api.cursor' }));
    }
  });
});
