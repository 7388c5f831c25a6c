/** Secrecy over HTTP, on both databases: what a sealed round withholds whatever is asked, which looks are logged, and what no log says. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { createAudit } from './queue-audit.js';
import { createReadingWatch } from './queue-reading.js';
import { exportSheets } from './queue-sheets.js';
import { openQueueApi, type QueueApi } from './testing/queue-api.js';
import { countyTasks, rightForm } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

/** Of Tp1 and Tp3, the sealed ones; Tp5 lies beside them. */
const SEALED_PLACE = /106\.30[0-3]/;
const OFFENDER = '赵小六';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  const logged: string[] = [];
  beforeAll(async () => {
    const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
    api = await openQueueApi(await databaseUrl(), 6, log);
  });
  afterAll(() => api.close());

  const query = <T extends object>(text: string) => api.workspace.database.query<T>(text);
  const desk = () => createDesk(api.workspace.database);
  const as = (personId: string) => ({ personId, device: 'test' });
  const looks = (person: string) =>
    query<{ means: string; tasks: string[]; own: number; in_area: number }>(
      `SELECT means, to_jsonb(tasks) AS tasks, own, in_area FROM tuban.place_read WHERE person_id = '${person}' ORDER BY seq`,
    );

  it('logs a look at a place once an hour, with the record; a page of a list as one look', async () => {
    for (const url of ['/api/queue/files/Tp5', '/api/queue/files/Tp5', '/api/tasks/Tp5']) {
      expect((await api.ask('o2', 'GET', url)).statusCode).toBe(200);
    }
    expect(await looks('o2')).toEqual([{ means: 'file', tasks: ['Tp5'], own: 0, in_area: 1 }]);
    expect((await api.ask('o2', 'GET', '/api/quarters/2026Q3/tasks')).json().total).toBe(3);
    expect((await api.ask('o2', 'GET', '/api/queue/files')).statusCode).toBe(200);
    expect((await looks('o2'))[1]).toEqual({ means: 'list', tasks: ['Tp1', 'Tp3', 'Tp5'], own: 0, in_area: 3 });
    expect((await api.ask('su', 'GET', '/api/tasks/Tp5')).statusCode).toBe(200);
    expect(await looks('su')).toEqual([{ means: 'file', tasks: ['Tp5'], own: 0, in_area: 0 }]);
    const wish = { before: null, limit: 9, action: 'place.read', person: 'o2' };
    const { entries } = await createAudit(desk()).list(as('su'), wish);
    expect(entries.map(({ subject, body }) => [subject.slice(0, 8), body])).toEqual([
      [expect.stringMatching(/^places:/), '{"means":"list","tasks":3}'],
      ['task:Tp5', '{"means":"file"}'],
    ]);
    expect((await api.ask('o2', 'GET', '/api/tasks/Tp2')).statusCode).toBe(404);
    expect(await looks('o2')).toHaveLength(2);
  });

  it('lets nobody read, change or make up looks, whatever a request asks for', async () => {
    const own = (text: string, personId = 'o2') => desk().as(as(personId), ({ sql }) => sql.query(text));
    expect(await own('SELECT * FROM tuban.place_read')).toEqual([]);
    expect(await own('SELECT * FROM tuban.place_read', 'su')).toHaveLength(3);
    for (const text of [
      'DELETE FROM tuban.place_read',
      `UPDATE tuban.place_read SET person_id = 'o1'`,
      `INSERT INTO tuban.place_read (person_id, at, hour, device, means, digest, tasks, own, in_area)
       VALUES ('o1', now(), now(), 'x', 'file', 'x', '{Tp1}', 0, 0)`,
    ]) {
      await expect(own(text), text).rejects.toThrow(/permission denied/);
    }
    await expect(query('DELETE FROM tuban.place_read')).rejects.toThrow('append-only');
  });

  it('withholds the places of a sealed round from every answer until it departs, and records the departure', async () => {
    const wish = { start: [106.25, 29.35], hours: 8, teamId: 't1', taskIds: ['Tp1', 'Tp3'], sealed: true };
    const planned = await api.ask('su', 'POST', '/api/rounds', {
      body: { ...wish, quarter: '2026Q3' },
      headers: { 'idempotency-key': 'sealed-round-1' },
    });
    expect(planned.statusCode).toBe(200);
    expect(planned.body).toMatch(SEALED_PLACE);
    const { id } = planned.json().round;
    const asked: [('GET' | 'POST')?, string?, object?][] = [
      ['GET', '/api/rounds'],
      ['GET', `/api/rounds/${id}`],
      ['GET', '/api/queue/files'],
      ['GET', '/api/queue/mine'],
      ['GET', '/api/queue/files/Tp1'],
      ['GET', '/api/queue/files/Tp1/steps'],
      ['GET', '/api/tasks/Tp1'],
      ['GET', '/api/tasks/Tp1/before.png'],
      ['GET', '/api/tasks/Tp1/evidence'],
      ['GET', '/api/tasks/Tp1/findings'],
      ['GET', '/api/tasks/Tp1/verdicts'],
      ['GET', '/api/tasks/Tp1/opinions'],
      ['GET', '/api/quarters/2026Q3/tasks'],
      ['GET', '/api/quarters/2026Q3/map'],
      ['GET', '/api/notices'],
      ['POST', '/api/tasks/Tp1/bundle', {}],
      ['POST', '/api/lists', { format: 'geojson', roundId: id }],
      ['POST', '/api/tasks/Tp1/finding-check', { form: {} }],
    ];
    const answers: string[] = [];
    for (const [method = 'GET', url = '', body] of asked) {
      const { body: text } = await api.ask('o1', method, url, body ? { body } : {});
      expect(text, url).not.toMatch(SEALED_PLACE);
      answers.push(text);
    }
    expect(JSON.parse(answers[1] ?? '')).toMatchObject({ round: { stops: 2, sealed: true }, plan: null });
    expect(JSON.parse(answers[4] ?? '')).toMatchObject({ file: { sealed: true }, opened: null, newest: null });
    const sheets = exportSheets(
      api.workspace,
      desk(),
      as('o1'),
      { quarter: '2026Q3', roundId: id },
      async () => undefined,
    );
    await expect(sheets).rejects.toMatchObject({ code: 'list.none' });
    await expect(createAudit(desk()).list(as('o1'), { before: null, limit: 9 })).rejects.toMatchObject({
      code: 'audit.role',
    });
    const seen = (await looks('o1')).flatMap(({ tasks }) => tasks);
    expect(seen).not.toContain('Tp1');
    // The same of another team's officer, to whom the round is not even there.
    expect((await api.ask('o3', 'GET', `/api/rounds/${id}`)).statusCode).toBe(404);

    const departed = await api.ask('o1', 'POST', `/api/rounds/${id}/depart`, { body: {} });
    expect(departed.body).toMatch(SEALED_PLACE);
    expect((await api.ask('o1', 'GET', '/api/tasks/Tp1')).body).toMatch(SEALED_PLACE);
    const { entries } = await createAudit(desk()).list(as('su'), { before: null, limit: 9, subject: `round:${id}` });
    expect(entries.map(({ person, action }) => `${person} ${action}`)).toContain('o1 round.depart');
    expect(await looks('o1')).toContainEqual(expect.objectContaining({ means: 'round', tasks: ['Tp1', 'Tp3'] }));
  });

  it('tells supervisors of everywhere who looked, and what officers found there afterwards', async () => {
    const [task] = countyTasks(5).slice(4);
    if (!task) throw new Error('no task');
    const form = rightForm(task);
    await query(
      `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body)
       VALUES ('F-quiet', 'Tp5', 9, 'o1', '2026-10-20T00:00:00Z', '${JSON.stringify({ form })}')`,
    );
    const watch = (personId: string) => createReadingWatch(desk()).watch(as(personId), '2026-10-01', '2027-03-31');
    const { readers, tooFew, names } = await watch('su');
    expect(tooFew).toBe(true);
    expect(names).toMatchObject({ o2: '东二', su: '督' });
    expect(readers.find(({ personId }) => personId === 'o2')).toMatchObject({
      ...{ everywhere: false, looks: 1, outside: 0, foundAfter: 1, quietAfter: 1, listed: 3, hints: [] },
    });
    await expect(watch('o2')).rejects.toMatchObject({ code: 'audit.role' });

    // The site of Tp5 had changed; the next quarter it was not seen, then it showed no new change. That of Tp1 changed on.
    const run = (quarter: string, after: string) =>
      query(`INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan, finished_at) VALUES ('R${quarter}', '${quarter}',
        'i', '{}', 'h', 'done', '{"pairs": [{"id": "P", "beforeOn": "2026-08-01", "afterOn": "${after}"}]}', now())`);
    await run('2026Q4', '2026-11-20');
    await run('2027Q1', '2027-01-05');
    await query(`INSERT INTO tuban.site_state (site_id, quarter, state, body) VALUES ('p5', '2026Q3', 'changed', '{}'), ('p5', '2026Q4', 'not-seen', '{}'),
      ('p5', '2027Q1', 'unchanged', '{}'), ('p1', '2026Q3', 'changed', '{}'), ('p1', '2026Q4', 'changed', '{}')`);
    const after = (await watch('su')).readers;
    expect(after.find(({ personId }) => personId === 'su')).toMatchObject({
      ...{ foundAfter: 1, comparedAfter: 1, stillAfter: 1, quietTasks: ['Tp5'] },
    });
    const earlier = await createReadingWatch(desk()).watch(as('su'), '2026-10-01', '2026-12-31');
    expect(earlier.readers.find(({ personId }) => personId === 'su')).toMatchObject({ comparedAfter: 0 });
  });

  it('writes no place, offender or secret into the log, through requests that go well and that fail', async () => {
    const [task] = countyTasks(1);
    if (!task) throw new Error('no task');
    const form = { ...rightForm(task), offender: { kind: 'person', name: OFFENDER } };
    const checked = await api.ask('o1', 'POST', '/api/tasks/Tp1/finding-check', { body: { form } });
    expect(checked.statusCode).toBe(200);
    await api.ask('o1', 'POST', '/api/tasks/Tp1/finding-check', { body: { form: { ...form, parts: 3 } } });
    const kept = await api.ask('o1', 'PUT', '/api/drafts/d-secret-1', { body: { taskId: 'Tp1', form } });
    expect(kept.statusCode).toBe(204);
    const view = '/api/quarters/2026Q3/pairs/P1/before.png';
    await api.ask('o1', 'POST', view, { body: { box: [106.301, 29.39, 106.31, 29.41], px: 64 } });
    await api.ask('o1', 'POST', view, { body: { box: [106.301], px: 64 } });
    await api.ask('o1', 'GET', `/api/queue/files?text=${encodeURIComponent(OFFENDER)}`);
    await api.ask('o1', 'GET', '/api/none/106.301,29.4');
    await api.ask('o1', 'POST', '/api/rounds', { body: { start: [106.301, 99.4], hours: 1 } });
    await api.ask(null, 'POST', '/api/sign-in', { body: { login: 'o1', password: 'wrong pass phrase' } });
    await api.ask('o1', 'POST', '/api/tasks/Tp1/finding-check', {
      payload: `{"form": {"x": "${OFFENDER} 106.301`,
      headers: { 'content-type': 'application/json' },
    });
    const text = logged.join('');
    expect(logged.length).toBeGreaterThan(30);
    expect(text).not.toMatch(/10[67]\.3\d|29\.4\d*[^\d:.]|29\.39/);
    expect(text).not.toContain(OFFENDER);
    expect(text).not.toMatch(/pass phrase|tuban=|set-cookie/);
    const audit = await query<{ text: string }>(`SELECT subject || ' ' || body AS text FROM tuban.audit`);
    expect(audit.map(({ text }) => text).join('\n')).not.toMatch(/10[67]\.3\d|29\.4|赵小六/);
  });
}

describe('secrecy on the embedded database', () => holds(async () => null));
withPostgres('secrecy on a server', () => holds(freshDatabase));
