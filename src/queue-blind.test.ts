/**
 * A second look is blind over the API, on both databases: every route that reads is walked with the session of the one who looks, with every id that he
 * could know, and no answer holds a word of what was found. The same walk by others finds each of these words, so that the walk can fail.
 */
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photo } from './testing/photos.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { queueTask, rightForm } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

/** One for everything that people say of a task, and for what later tasks of its place say. */
const WORDS = {
  finding: '朱红描述',
  reason: '朱红理由',
  step: '朱红延期',
  file: '朱红照片',
  offender: '朱红矿业',
  later: '朱红地点',
  split: '朱红分件',
};
const LOOKER = 'an';
const QUARTER = '2026Q3';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  let lookId = '';
  const known = { evidence: '', finding: 'F-first', round: '' };

  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl(), 4);
    const { database } = api.workspace;
    await database.query(
      `INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan) VALUES ('r', '2026Q3', 'i', '{}', 'h', 'done',
        '{"pairs": [{"id": "P1", "beforeOn": "2026-05-01", "afterOn": "2026-08-01"}]}')`,
    );
    await closeFirst();
    await layLater();
    const body = { quarter: QUARTER, count: 5, looker: LOOKER, seed: 'x' };
    const headers = { 'idempotency-key': 'draw-key-1' };
    const drawn = await api.ask('su', 'POST', '/api/second-looks/draws', { body, headers });
    expect(drawn.json()).toMatchObject({ from: 1, drawn: 1, seed: 'x' });
  });
  afterAll(() => api?.close());

  /** Tp1 from claim to closed, over the API, with a word of its own in everything that people say. */
  async function closeFirst(): Promise<void> {
    const done = async (login: string, action: string, body?: object) => {
      const answer = await api.step(login, 'Tp1', action, body);
      expect([action, answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([action, 200, '']);
    };
    await done('o1', 'claim');
    await done('o1', 'ask-extension', { reason: WORDS.step, deadline: '2026-12-01' });
    const bytes = await photo({ shade: 3 });
    const { payload, headers } = multipart([['file', { file: `${WORDS.file}.jpg`, bytes }]]);
    const sent = await api.ask('o1', 'POST', '/api/tasks/Tp1/evidence', { payload, headers });
    known.evidence = sent.json().files[0].file.id;
    const offender = { kind: 'company', name: WORDS.offender };
    const finding = { ...rightForm(queueTask(1)), description: WORDS.finding, offender };
    await done('o1', 'submit', { finding, findingId: known.finding });
    await done('r1', 'approve');
    await done('r2', 'approve');
    await done('r2', 'close');
    await api.workspace.database.query(
      `INSERT INTO tuban.opinion (task_id, finding_id, part, code, person_id, at, body)
       VALUES ('Tp1', 'F-first', '1', 'illegal', 'r1', '2026-10-12Z', '{"reason":"${WORDS.reason}","attachments":[]}')`,
    );
  }

  /** What a later run says of the place, in words of its own; and a part that was split off. */
  async function layLater(): Promise<void> {
    const { database } = api.workspace;
    for (const [id, word] of [
      ['Tlater', WORDS.later],
      ['Tsplit', WORDS.split],
    ]) {
      await database.query(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         SELECT '${id}', '2026Q4', '${id}', site_id, 1, 90, 'new', jsonb_set(body || '{"id":"${id}"}', '{notes}', '["${word}"]') FROM tuban.task WHERE id = 'Tp1'`,
      );
      await database.query(
        `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas)
         SELECT '${id}', '2026Q4', 'new', 1, 90, violations, area_m2, areas FROM tuban.task_file WHERE task_id = 'Tp1'`,
      );
      await database.query(
        `INSERT INTO tuban.task_opened (task_id, body) SELECT id, body FROM tuban.task WHERE id = '${id}'`,
      );
    }
  }

  const IDS = () => ['Tp1', 'Tlater', 'Tsplit', 'Tp2', known.evidence, known.finding, known.round, lookId, 'o1', 'r2'];
  const VALUES: Readonly<Record<string, readonly string[]>> = {
    quarter: ['2026Q3', '2026Q4'],
    pair: ['P1'],
    date: ['before', 'after'],
    person: ['o1'],
  };
  const QUERIES: Readonly<Record<string, readonly string[]>> = {
    '/api/pits/misses': ['?quarter=2026Q3'],
    '/api/queue/files': ['', '?state=closed', '?text=Tp1', '?order=deadline'],
    '/api/quarters/:quarter/tasks': ['', '?text=Tp1', '?state=decided'],
  };
  /** What only writes a file, or is a question, is asked too; not the PDF, which has the rows of the others and needs images. */
  const ASKED: readonly (readonly [url: string, body: object])[] = [
    ['/api/tasks/Tp1/bundle', {}],
    ['/api/quarters/2026Q3/pairs/P1/before.png', { box: [106.2, 29.3, 106.4, 29.5] }],
    ['/api/tasks/Tp1/verdict-check', { parts: null }],
    ['/api/tasks/Tp1/finding-check', { form: {} }],
    ...['csv', 'geojson', 'kml', 'xlsx'].map(
      (format) => ['/api/lists', { format, taskIds: ['Tp1'] }] as [string, object],
    ),
    ['/api/lists', { format: 'geojson', quarter: '2026Q4' }],
  ];

  /** Addresses of a pattern: every id at every place of it. */
  function addresses(pattern: string): string[] {
    let found = [pattern];
    for (const [, name = ''] of pattern.matchAll(/:(\w+)/g)) {
      const values = VALUES[name] ?? IDS();
      found = found.flatMap((url) => values.map((value) => url.replace(`:${name}`, value)));
    }
    return found.flatMap((url) => (QUERIES[pattern] ?? ['']).map((query) => url + query));
  }

  /** Text of every answer by its address; what is packed is unpacked. */
  async function walk(login: string): Promise<Map<string, string>> {
    const said = new Map<string, string>();
    for (const { method, url: pattern } of api.app.routeList) {
      if (method !== 'GET') continue;
      for (const url of addresses(pattern)) {
        const answer = await api.ask(login, 'GET', url);
        expect([url, answer.statusCode < 500]).toEqual([url, true]);
        said.set(url, `${JSON.stringify(answer.headers)}${textOf(answer.rawPayload)}`);
      }
    }
    for (const [url, body] of ASKED) {
      const answer = await api.ask(login, 'POST', url, { body });
      expect([url, body, answer.statusCode, answer.statusCode < 500 ? '' : answer.body]).toEqual([
        url,
        body,
        answer.statusCode,
        '',
      ]);
      said.set(`POST ${url} ${JSON.stringify(body)}`, textOf(answer.rawPayload));
    }
    return said;
  }
  const found = (said: ReadonlyMap<string, string>, word: string) =>
    [...said].filter(([, text]) => text.includes(word)).map(([url]) => url);
  const everyWord = (said: ReadonlyMap<string, string>) =>
    Object.fromEntries(Object.entries(WORDS).map(([name, word]) => [name, found(said, word)]));

  it('says nothing that was found to the one who looks, whatever he asks', async () => {
    const { looks } = (await api.ask(LOOKER, 'GET', '/api/second-looks')).json();
    expect(looks).toMatchObject([{ taskId: 'Tp1', mine: true, answer: null }]);
    lookId = looks[0].id;
    const said = await walk(LOOKER);
    const none = Object.fromEntries(Object.keys(WORDS).map((name) => [name, []]));
    expect(everyWord(said)).toEqual(none);
    // The code of the verdict is in the code table alone.
    const tables = /^\/api\/(codes|finding-form|openapi\.json|second-looks\/:id)/;
    expect(found(said, '"illegal"').filter((url) => !tables.test(url))).toEqual([]);
    const shown = await api.ask(LOOKER, 'GET', `/api/second-looks/${lookId}`);
    expect(shown.json()).toMatchObject({ place: { task: { id: 'Tp1', quarter: QUARTER }, box: expect.any(Array) } });
    expect((await api.ask(LOOKER, 'GET', `/api/second-looks/${lookId}/after.png`)).statusCode).toBe(200);
  });

  it('would have found it: to others each of these words is said', async () => {
    const said = await walk('su');
    for (const [name, urls] of Object.entries(everyWord(said))) expect([name, urls.length > 0]).toEqual([name, true]);
    expect(found(said, '"illegal"').some((url) => url.includes('/verdicts'))).toBe(true);
    // Nobody but the two learns of what there is a second look; who reads the record, that there is one.
    for (const login of ['r1', 'r2', 'o1', 'ad']) {
      const told = found(await walk(login), lookId).filter((url) => !url.includes(lookId));
      expect([login, told]).toEqual([login, login === 'ad' ? ['/api/audit'] : []]);
    }
  });

  it('keeps the record of a look without the task, and says what was found once it is answered', async () => {
    const audit = await api.workspace.database.query<{ action: string; subject: string; body: string }>(
      `SELECT action, subject, body FROM tuban.audit WHERE action LIKE 'supervision.%'`,
    );
    expect(new Set(audit.map(({ action }) => action))).toEqual(
      new Set(['supervision.draw', 'supervision.show', 'supervision.picture']),
    );
    expect(JSON.stringify(audit)).not.toContain('Tp1');
    const body = { code: 'legal', note: '已复垦' };
    for (const login of ['su', 'o1']) {
      const refused = await api.ask(login, 'POST', `/api/second-looks/${lookId}/answer`, { body });
      expect(refused.statusCode).toBe(login === 'su' ? 403 : 404);
    }
    const answered = await api.ask(LOOKER, 'POST', `/api/second-looks/${lookId}/answer`, { body });
    expect(answered.json()).toMatchObject({ answer: { code: 'legal' } });
    expect((await api.ask(LOOKER, 'POST', `/api/second-looks/${lookId}/answer`, { body })).statusCode).toBe(409);
    expect(found(await walk(LOOKER), WORDS.finding).length).toBeGreaterThan(0);
    expect(found(await walk(LOOKER), WORDS.later).length).toBeGreaterThan(0);
    const report = await api.ask('su', 'GET', `/api/second-looks/report?quarter=${QUARTER}`);
    expect(report.json()).toMatchObject({
      drawn: 1,
      answered: 1,
      all: { agreed: 0 },
      disagreements: [{ taskId: 'Tp1', first: 'illegal', second: 'legal' }],
    });
    const draws = await api.ask('su', 'GET', '/api/second-looks/draws');
    expect(draws.json().draws).toMatchObject([
      { seed: 'x', from: 1, drawn: 1, answered: 1, digest: expect.any(String) },
    ]);
  });

  it('is not drawn for whom a task of the place was given or who worked on one', async () => {
    await api.workspace.database.query(`UPDATE tuban.task_file SET assignee = 'o2' WHERE task_id = 'Tlater'`);
    for (const looker of ['o2', 'r1', 'o1']) {
      const body = { quarter: QUARTER, count: 5, looker };
      const headers = { 'idempotency-key': `draw-key-${looker}` };
      const refused = await api.ask('su', 'POST', '/api/second-looks/draws', { body, headers });
      expect([looker, refused.json().code]).toEqual([looker, 'supervision.none']);
    }
  });
}

/** Of an archive or a workbook: of everything in it but the code table. */
function textOf(payload: Buffer): string {
  if (payload.toString('latin1', 0, 2) !== 'PK') return payload.toString('utf8');
  return Object.entries(unzipSync(payload))
    .filter(([name]) => !name.endsWith('codes.json'))
    .map(([name, bytes]) => `${name}\n${Buffer.from(bytes).toString('utf8')}`)
    .join('\n');
}

describe('a blind second look on the embedded database', () => holds(async () => null));
withPostgres('a blind second look on a server', () => holds(freshDatabase));
