/** Learning, export log, reading, code tables, calendar and settings over HTTP: what is answered to whom, and what is refused how. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openQueueApi, type QueueApi } from './testing/queue-api.js';

let api: QueueApi;
beforeAll(async () => {
  api = await openQueueApi(null);
});
afterAll(() => api.close());
const SPAN = 'from=2026-10-01T00:00:00Z&until=2026-12-31T00:00:00Z';

it('answers a fit before it is done, and tells afterwards what is missing', async () => {
  const begun = await api.ask('an', 'POST', '/api/learning/proposals', { body: {} });
  expect([begun.statusCode, begun.json()]).toMatchObject([202, { state: 'fitting', k: 20 }]);
  const url = `/api/learning/proposals/${begun.json().id}`;
  const state = async () => (await api.ask('su', 'GET', url)).json().state;
  await expect.poll(state, { timeout: 60_000 }).toBe('refused');
  const { inForce, proposal, mayAdopt } = (await api.ask('an', 'GET', '/api/learning')).json();
  expect(proposal.report.refused.join()).toContain('少于 150 个');
  expect(inForce.weights.keyzone).toBe(10);
  expect(mayAdopt).toBe(false);
  const preview = await api.ask('an', 'GET', `${url}/preview`);
  expect([preview.statusCode, preview.json().code]).toEqual([409, 'learning.nothing']);
  expect((await api.ask('ad', 'POST', `${url}/adopt`, { body: { reason: ' ' } })).statusCode).toBe(422);
});

it('shows everyone his own exports, and all of them to supervisors of everywhere', async () => {
  const list = await api.ask('o1', 'POST', '/api/lists', { body: { format: 'csv', quarter: '2026Q3' } });
  expect(list.statusCode).toBe(200);
  const of = async (login: string, query = '') => (await api.ask(login, 'GET', `/api/exports${query}`)).json().exports;
  const [own] = await of('o1');
  expect(own).toMatchObject({
    personName: '东一',
    kind: 'tasks',
    rows: 3,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await of('o2')).toEqual([]);
  expect(await of('su', `?sha256=${own.sha256}`)).toEqual([own]);
  expect(await of('su', '?person=o2')).toEqual([]);
  expect((await api.ask('su', 'GET', '/api/exports?kind=none')).statusCode).toBe(400);
});

it('pages the exports, each once, also where several left at the same moment', async () => {
  for (const [i, login] of ['o1', 'o2', 'o1', 'o2', 'o1'].entries()) {
    await api.workspace.database.query(
      `INSERT INTO tuban.export_log (id, at, person_id, device, kind, format, quarter, rows)
       VALUES ($1, $2::timestamptz, $3, 'x', 'canonical', 'csv', NULL, 1)`,
      [`Epage${i}`, i < 3 ? '2026-03-01T00:00:00.0004Z' : '2026-03-02Z', login],
    );
  }
  const page = async (login: string, query: string) =>
    (await api.ask(login, 'GET', `/api/exports?kind=canonical&${query}`)).json();
  const seen: string[] = [];
  let cursor = '';
  do {
    const { exports, next } = await page('su', `limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...exports.map(({ id }: { id: string }) => id));
    cursor = next ?? '';
  } while (cursor !== '');
  expect(seen).toEqual(['Epage4', 'Epage3', 'Epage2', 'Epage1', 'Epage0']);
  expect(await page('o1', 'limit=3')).toMatchObject({ exports: [{}, {}, {}], next: null });
  // Another's entry is no place to go on from.
  expect((await page('o1', 'limit=3&cursor=Epage3')).code).toBe('export.page');
});

it('tells who looked at places, for at most a year and to those who may', async () => {
  await api.ask('o2', 'GET', '/api/tasks/Tp5');
  const { readers, names, tooFew } = (await api.ask('su', 'GET', `/api/reading?${SPAN}`)).json();
  expect(tooFew).toBe(true);
  expect(readers.map(({ personId }: { personId: string }) => names[personId])).toContain('东二');
  const wrong = await api.ask('su', 'GET', '/api/reading?from=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z');
  expect(wrong.json()).toMatchObject({ status: 400, code: 'api.query' });
});

it('takes a new version of the codes only on the one that it was made from', async () => {
  const first = await api.ask('ad', 'GET', '/api/codes');
  const { codes } = first.json();
  const own = { kind: 'measure', code: 'sealed-equipment', zh: '查封设备', en: '', effect: null, retired: false };
  const put = (etag: string, more: object[]) =>
    api.ask('ad', 'PUT', '/api/codes', {
      headers: { 'if-match': etag },
      body: { codes: [...codes, ...more], note: '补充' },
    });
  const etag = `${first.headers.etag}`;
  expect((await put(etag, [own])).json()).toMatchObject({ version: 2 });
  expect((await put(etag, [])).json()).toMatchObject({ status: 412, code: 'codes.stale' });
  expect((await put('"2"', [{ ...own, effect: 'none' }])).json()).toMatchObject({ status: 422, code: 'codes.invalid' });
  expect((await api.ask('o1', 'GET', '/api/codes/versions')).json().versions).toMatchObject([
    { version: 1 },
    { version: 2, personId: 'ad', note: '补充' },
  ]);
});

it('takes years of the calendar whole or not at all, with who entered them', async () => {
  const enter = (text: string, source = '国办发明电〔2026〕9号') =>
    api.ask('ad', 'POST', '/api/calendar', { body: { text, source } });
  const bad = await enter('2028-01-01,休\n2028-01-04,班\n2028-13-01,休');
  expect(bad.json()).toMatchObject({ status: 422, code: 'calendar.file' });
  expect(bad.json().detail).toMatch(/第 2 行[\s\S]*第 3 行/);
  const { years } = (await enter('2028-01-01,休\n2028-01-09,班')).json();
  expect(years.at(-1)).toMatchObject({
    year: 2028,
    off: ['2028-01-01'],
    worked: ['2028-01-09'],
    entered: { personName: '管' },
  });
  expect(years[0]).toMatchObject({ year: 2004, entered: null });
  expect((await enter('2028-01-01,休', ' ')).statusCode).toBe(422);
});

it('shows the settings of the queue', async () => {
  expect((await api.ask('o1', 'GET', '/api/settings')).json()).toMatchObject({
    levels: ['station', 'county'],
    lease: { hours: 72, extensions: 2 },
    notices: { quietFrom: '20:00' },
  });
});
