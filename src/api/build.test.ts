import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../model/fault.js';
import type { Box } from '../model/grid.js';
import type { PlannedPair } from '../model/run.js';
import type { Task } from '../model/task.js';
import type { QuarterRecord, TaskQuery } from '../ports/quarter-record.js';
import { testJudgement } from '../testing/judgement.js';
import { buildApi } from './build.js';

const task: Task = {
  id: 'T2026Q3-aa',
  quarter: '2026Q3',
  siteId: '2026Q3-aa',
  rank: 1,
  state: 'new',
  judged: {
    patch: {
      id: '2026Q3-aa',
      pairs: ['P1'],
      geometry: [
        [
          [
            [117, 36],
            [117.001, 36],
            [117.001, 36.001],
            [117, 36],
          ],
        ],
      ],
      areaM2: 4000,
      perimeterM: 300,
      lon: 117.0007,
      lat: 36.0003,
      confidence: 0.7,
      changeType: 'vegetation-to-bare',
      seenShare: 1,
      sigmaM: 4,
      dateBefore: '2026-05-01',
      dateAfter: '2026-08-01',
      reasons: [],
    },
    judgement: testJudgement({
      violations: ['no-licence'],
      licenceNo: null,
      outsideM2: 4000,
      outsideM: null,
      overlaps: [],
      reasons: [],
      score: 60,
      parts: [],
    }),
  },
};
const pair = { id: 'P1', beforeOn: '2026-05-01', afterOn: '2026-08-01' } as PlannedPair;
const asked: { queries: TaskQuery[]; boxes: Box[] } = { queries: [], boxes: [] };
let broken = false;

const record: QuarterRecord = {
  quarters: async () => {
    if (broken) throw new Fault('database.lost', '数据库连接中断 (connection lost)', { retryable: true });
    return [{ quarter: '2026Q3', tasks: 1, finishedAt: null }];
  },
  tasks: async (_quarter, query) => {
    asked.queries.push(query);
    return { total: 7, tasks: [task] };
  },
  task: async (id) => (id === task.id ? task : null),
  run: async (quarter) => (quarter === '2026Q3' ? { id: 'r', recipeHash: 'h', pairs: [pair], summary: null } : null),
  patches: async () => [],
  boundaries: async () => [],
  observations: async () => [],
  shiftPx: async () => [0, 0],
};

const log = pino({ level: 'silent' });
const app = buildApi({
  title: '甲县',
  version: '0.1.0',
  database: 'embedded',
  reading: (_actor, work) => work({ record, saw: async () => undefined, ground: async () => null }),
  views: {
    box: async () => [116.9, 35.9, 117.1, 36.1],
    picture: async (_pair, box, maxPx) => {
      asked.boxes.push(box);
      const rgb = (value: number) => new Uint8Array(12).fill(value);
      return {
        width: 2,
        height: 2,
        before: rgb(10),
        after: rgb(20),
        beforeData: new Uint8Array(4).fill(255),
        afterData: new Uint8Array(4),
        metresPerPixel: maxPx,
        rendering: 'true-colour',
        transform: [0, 1, 0, 0, 0, -1],
      };
    },
  },
  encodePng: async ({ rgb, alpha }) => Uint8Array.of(rgb[0] ?? 0, alpha?.[0] ?? 0),
  webFolder: null,
  log,
  people: null,
  queue: {},
  onceKeys: null,
});
const get = async (url: string, host = '127.0.0.1:8080') =>
  (await app).inject({ method: 'GET', url, headers: { host } });

beforeAll(async () => (await app).ready());
afterAll(async () => (await app).close());

describe('api', () => {
  it('tells health, and a lost database as 503 with a problem', async () => {
    expect((await get('/healthz')).json()).toEqual({
      status: 'ok',
      version: '0.1.0',
      database: 'embedded',
      quarters: 1,
    });
    broken = true;
    const answer = await get('/healthz');
    broken = false;
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 503, code: 'database.lost' });
  });

  it('pages tasks and passes filters on, refusing what it does not know', async () => {
    const answer = await get('/api/quarters/2026Q3/tasks?limit=2&offset=4&violation=no-licence&minScore=40&text=C1');
    expect(answer.json()).toMatchObject({ total: 7, offset: 4, limit: 2, tasks: [{ id: task.id }] });
    expect(asked.queries.at(-1)).toEqual({ limit: 2, offset: 4, violation: 'no-licence', minScore: 40, text: 'C1' });
    for (const query of ['limit=0', 'limit=501', 'offset=-1', 'violation=guilty', 'nonsense=1']) {
      const refused = await get(`/api/quarters/2026Q3/tasks?${query}`);
      expect([query, refused.statusCode, refused.json().code]).toEqual([query, 400, 'api.query']);
    }
    expect((await get('/api/quarters/2026Q9/tasks')).json()).toMatchObject({ status: 400, code: 'quarter.form' });
  });

  it('gives the map of a quarter, 404 for one never run', async () => {
    expect((await get('/api/quarters/2026Q3/map')).json()).toMatchObject({
      pairs: [{ id: 'P1', box: [116.9, 35.9, 117.1, 36.1], beforeOn: '2026-05-01', afterOn: '2026-08-01' }],
      boundaries: [],
    });
    expect((await get('/api/quarters/2026Q1/map')).json()).toMatchObject({ status: 404, code: 'api.not-found' });
  });

  it('serves pictures of each date of a view and of a task', async () => {
    const look = async (box: readonly number[], px = 64, date = 'after') =>
      (await app).inject({
        ...{ method: 'POST', url: `/api/quarters/2026Q3/pairs/P1/${date}.png`, headers: { host: 'localhost' } },
        payload: { box, px },
      });
    const view = await look([117, 36, 117.01, 36.01]);
    expect([view.statusCode, view.headers['content-type'], [...view.rawPayload]]).toEqual([200, 'image/png', [20, 0]]);
    expect(asked.boxes.at(-1)).toEqual([117, 36, 117.01, 36.01]);
    expect((await get(`/api/tasks/${task.id}/before.png`)).rawPayload).toEqual(Buffer.of(10, 255));
    const around = asked.boxes.at(-1) ?? [0, 0, 0, 0];
    expect(around[0]).toBeLessThan(117);
    expect(around[2]).toBeGreaterThan(117.001);
    const statusOf = async (url: string) => (await get(url)).statusCode;
    expect((await look([1, 1, 2, 2])).statusCode).toBe(404);
    expect((await look([117, 36, 116, 36.01])).statusCode).toBe(422);
    expect((await look([117, 36, 117.1, 36.1], 99999)).statusCode).toBe(422);
    expect((await look([117, 36, 117.01, 36.01], 64, 'later')).statusCode).toBe(404);
    expect(await statusOf('/api/tasks/nobody/before.png')).toBe(404);
  });

  it('answers only to names of this machine, changes nothing, and says so', async () => {
    expect((await get('/healthz', 'evil.example')).json()).toMatchObject({ status: 403, code: 'api.host' });
    expect((await get('/healthz', 'localhost:8080')).statusCode).toBe(200);
    const post = await (await app).inject({ method: 'POST', url: '/api/workspace', headers: { host: 'localhost' } });
    expect(post.statusCode).toBe(404);
    expect((await get('/healthz')).headers['content-security-policy']).toContain("default-src 'self'");
  });
});
