/**
 * What a token's scope opens, route by route; that a program of role `cron` learns of no task; and what a sealed file answers to an officer of its
 * area. Asked over the API of a real workspace; docs/rights.md says what came of it (UPDATE=1 writes it anew).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RIGHT_WORDS, RIGHTS } from './model/right.js';
import { photo } from './testing/photos.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { queueTask, rightForm } from './testing/queue-ground.js';
import { RIGHTS_ROWS } from './testing/rights-matrix.js';

let api: QueueApi;
const tokens = new Map<string, string>();
beforeAll(async () => {
  api = await openQueueApi(null);
  const { database } = api.workspace;
  await database.query(`INSERT INTO tuban.person (id, login, name, kind) VALUES ('c1', 'c1', '程序', 'cron')`);
  await database.query(`INSERT INTO tuban.grant_of (person_id, role) VALUES ('c1', 'cron')`);
  for (const right of RIGHTS) tokens.set(right, await tokenOf('ad', [right]));
}, 30_000);
afterAll(() => api.close());

const tokenOf = async (login: string, scope: readonly string[]) => {
  const body = { name: scope.join(), scope, days: 1 };
  return (await api.ask(login, 'POST', '/api/me/tokens', { body })).json().token as string;
};
const asked = async (token: string, method: string, url: string, body?: unknown) => {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await api.ask(null, method as 'GET', url, { headers, ...(body === undefined ? {} : { body }) });
  const problem = `${answer.headers['content-type']}`.includes('problem');
  return { status: answer.statusCode, code: problem ? (answer.json().code as string) : '', text: answer.body };
};
/** Its parameters stand for nothing that is there: what is asked is only whether the door opens. */
const doorOf = (url: string) => url.replaceAll(/:[a-z]+/gi, 'nothing');
const isOfTask = (route: string) => /\/(tasks|files|evidence|findings)\/:id/.test(route);

function section(name: string, text: string): void {
  const place = new URL('../docs/rights.md', import.meta.url);
  const page = readFileSync(place, 'utf8');
  const [begin, end] = [
    `<!-- ${name}: written by src/queue-rights-tokens.test.ts, UPDATE=1 -->\n`,
    `<!-- /${name} -->`,
  ];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(from).toBeGreaterThan(begin.length);
  if (process.env.UPDATE === '1') writeFileSync(place, page.slice(0, from) + text + page.slice(to));
  else expect(page.slice(from, to)).toBe(text);
}

it('a token opens the routes of its rights, each route by one of them at most, and none about the person himself', async () => {
  const opened = new Map<string, string[]>(RIGHTS.map((right) => [right, []]));
  const none: string[] = [];
  for (const { route, open } of RIGHTS_ROWS) {
    if (open) continue;
    const [method = 'GET', url = ''] = route.split(' ');
    const by: string[] = [];
    for (const [right, token] of tokens) {
      const { code } = await asked(token, method, doorOf(url));
      if (code !== 'api.scope') by.push(right);
    }
    expect(by.length, `${route}: ${by.join()}`).toBeLessThanOrEqual(1);
    const [right] = by;
    if (right === undefined) none.push(route);
    else opened.get(right)?.push(route);
  }
  for (const route of none)
    expect(route).toMatch(/ \/api\/(me(\/|$)|sign-out|sign-in\/renew|tokens\/:id|people\/:id\/(password|totp-off)$)/);
  const lines = [...opened].map(([right, routes]) => {
    const { zh } = RIGHT_WORDS[right as keyof typeof RIGHT_WORDS];
    return `| \`${right}\` ${zh} | ${routes.map((route) => `\`${route.replace('/api', '')}\``).join(' · ') || '—'} |\n`;
  });
  section('scopes', `| right in a token's scope | routes (below /api) |\n|---|---|\n${lines.join('')}`);
}, 120_000);

it('a program of role cron learns of no task, whatever its token’s scope', async () => {
  const { database } = api.workspace;
  const { createHash } = await import('node:crypto');
  const token = `tuban_${'c'.repeat(43)}`;
  await database.query(
    `INSERT INTO tuban.access_token (hash, id, person_id, name, scope, expires_at)
     VALUES ($1, 'Kc', 'c1', 'cron', ARRAY(SELECT jsonb_array_elements_text($2::jsonb)), now() + interval '1 day')`,
    [createHash('sha256').update(token).digest('hex'), JSON.stringify(RIGHTS)],
  );
  expect((await asked(token, 'GET', '/api/people')).status).toBe(200);
  for (const { route } of RIGHTS_ROWS) {
    const [method = 'GET', pattern = ''] = route.split(' ');
    const url = isOfTask(route) ? pattern.replace(':id', 'Tp1').replace(':date', 'after') : doorOf(pattern);
    const body = method === 'GET' ? undefined : { parts: null, form: {}, format: 'csv', quarter: '2026Q3' };
    const { status, text } = await asked(token, method, url, body);
    expect(text, route).not.toMatch(/Tp\d.*areaM2|106\.30/);
    if (isOfTask(route)) expect(status, `${route} ${text}`).toBeGreaterThanOrEqual(400);
  }
  expect(JSON.parse((await asked(token, 'GET', '/api/queue/files')).text).files).toEqual([]);
}, 60_000);

it('a sealed file answers an officer of its area without its place, on every route', async () => {
  await api.step('o1', 'Tp1', 'claim');
  const sent = await api.ask(
    'o1',
    'POST',
    '/api/tasks/Tp1/evidence',
    multipart([['f', { file: 'a.jpg', bytes: await photo() }]]),
  );
  const evidenceId = sent.json().files[0].file.id as string;
  const finding = { ...rightForm(queueTask(1)), offender: { kind: 'person', name: '赵某' } };
  expect((await api.step('o1', 'Tp1', 'submit', { finding, findingId: 'F-sealed' })).statusCode).toBe(200);
  await api.workspace.database.query(
    `INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan) VALUES ('r', '2026Q3', 'i', '{}', 'h', 'done',
       '{"pairs": [{"id": "P1", "beforeOn": "2026-05-01", "afterOn": "2026-08-01"}]}')`,
  );
  await api.workspace.database.query(
    `UPDATE tuban.task_file SET sealed = true, state = 'returned', review_level = NULL WHERE task_id = 'Tp1'`,
  );
  const lines: string[] = [];
  for (const { route } of RIGHTS_ROWS.filter((row) => isOfTask(row.route) || /finding/.test(row.route))) {
    const [method = 'GET', pattern = ''] = route.split(' ');
    const id = route.includes('/findings/:id') ? 'F-sealed' : route.includes('/evidence/:id') ? evidenceId : 'Tp1';
    const url = pattern.replace(':id', id).replace(':date', 'after');
    const body = method === 'GET' ? {} : { body: { parts: null, form: {}, reason: '理由' } };
    const headers = { 'if-match': '"3"' };
    const officer = await api.ask('o2', method as 'GET', url, { ...body, headers });
    expect(officer.body, route).not.toMatch(/106\.30|29\.4/);
    if (method !== 'GET') continue;
    const planner = await api.ask('su', 'GET', url);
    const word = (status: number) => (status === 200 ? '✓' : `${status}`);
    const without = route.endsWith('/files/:id')
      ? ' without place, area, size, kind'
      : route.endsWith('/steps')
        ? ' without steps'
        : '';
    lines.push(`| \`${route}\` | ${word(officer.statusCode)}${without} | ${word(planner.statusCode)} |\n`);
  }
  section('sealed', `| route | officer of the area | supervisor |\n|---|---|---|\n${lines.join('')}`);
}, 60_000);
