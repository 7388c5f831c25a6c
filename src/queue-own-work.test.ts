/**
 * The second person, attacked over HTTP on both databases: by the officer who stood beside the one who submitted, by whoever took the photo, across
 * changes of roles, returned and reopened work; and what two at once may not do.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photo } from './testing/photos.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { LAT, queueTask, rightForm } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl(), 12);
    // Officers who review, too, as in small bureaus: of the station's level.
    await query(`INSERT INTO tuban.person (id, login, name) VALUES ('r3', 'r3', '审三')`);
    for (const id of ['o1', 'o2', 'r3']) {
      await query(`INSERT INTO tuban.grant_of (person_id, role, level) VALUES ('${id}', 'reviewer', 'station')`);
    }
  });
  afterAll(() => api?.close());
  const query = (text: string) => api.workspace.database.query<{ level: string; state: string }>(text);
  const code = async (answer: ReturnType<QueueApi['step']>) => {
    const { statusCode, body } = await answer;
    return statusCode === 200 ? 200 : JSON.parse(body).code;
  };
  const submit = async (n: number, findingId: string, form: object = {}) => {
    await api.step('o1', `Tp${n}`, 'claim');
    const answer = await api.step('o1', `Tp${n}`, 'submit', {
      finding: { ...rightForm(queueTask(n)), ...form },
      findingId,
    });
    expect(answer.statusCode, answer.body).toBe(200);
  };
  const file = async (taskId: string) =>
    (await query(`SELECT review_level AS level, state FROM tuban.task_file WHERE task_id = '${taskId}'`))[0];

  it('takes no review of the officer whom the form names, nor of whoever took a photo that it cites', async () => {
    expect(await file('Tp1')).toMatchObject({ state: 'new' });
    const sent = await api.ask(
      'r3',
      'POST',
      '/api/tasks/Tp1/evidence',
      multipart([['f', { file: 'a.jpg', bytes: await photo({ shade: 5 }) }]]),
    );
    // A reviewer attaches, too; cited by the finding, the photo is part of what is reviewed.
    const { sha256 } = sent.json().files[0].file;
    const officers = [
      { name: '东一', number: 'X1' },
      { name: ' 东二 ', number: 'X2' },
    ];
    await submit(1, 'F-own-1', { officers, files: [{ sha256, role: 'near' }] });
    expect((await file('Tp1'))?.level).toBe('station');
    for (const who of ['o1', 'o2', 'r3']) {
      expect(await code(api.step(who, 'Tp1', 'approve')), who).toBe('flow.own-work');
      expect(await code(api.step(who, 'Tp1', 'return', { reason: '补' })), who).toBe('flow.own-work');
      const opined = await api.ask(who, 'POST', '/api/tasks/Tp1/opinions', { body: { parts: null } });
      expect([opined.statusCode, opined.json().code], who).toEqual([403, 'verdict.own-work']);
      const { files } = (await api.ask(who, 'GET', '/api/queue/reviews')).json();
      expect(files, who).toEqual([]);
    }
    expect(await code(api.step('r1', 'Tp1', 'approve'))).toBe(200);
  });

  it('holds for a name that a reviewer got after the work was submitted, too', async () => {
    const officers = [
      { name: '东一', number: 'X1' },
      { name: '改名', number: 'X2' },
    ];
    await submit(11, 'F-own-11', { officers });
    await query(`UPDATE tuban.person SET name = '改名' WHERE id = 'r1'`);
    const said = [
      await code(api.step('r1', 'Tp11', 'approve')),
      await code(api.step('r1', 'Tp11', 'return', { reason: '补' })),
    ];
    expect(said).toEqual(['flow.own-work', 'flow.own-work']);
    const opined = await api.ask('r1', 'POST', '/api/tasks/Tp11/opinions', { body: { parts: null } });
    expect([opined.statusCode, opined.json().code]).toEqual([403, 'verdict.own-work']);
    await query(`UPDATE tuban.person SET name = '审一' WHERE id = 'r1'`);
    expect(await code(api.step('r1', 'Tp11', 'approve'))).toBe(200);
  });

  it('holds over a change of role, returned and reopened work', async () => {
    await submit(3, 'F-own-3');
    expect(await code(api.step('r3', 'Tp3', 'return', { reason: '补照片' }))).toBe(200);
    await api.step('o1', 'Tp3', 'release');
    await query(`UPDATE tuban.task_file SET assignee = NULL WHERE task_id = 'Tp3'`);
    // Somebody else goes on; the first author is an author for good.
    expect(await code(api.step('o2', 'Tp3', 'claim'))).toBe(200);
    const finding = { ...rightForm(queueTask(3)), description: '第二次核查' };
    expect(await code(api.step('o2', 'Tp3', 'submit', { finding, findingId: 'F-own-3b' }))).toBe(200);
    await query(`DELETE FROM tuban.grant_of WHERE person_id = 'o1' AND role = 'officer'`);
    expect(await code(api.step('o1', 'Tp3', 'approve'))).toBe('flow.own-work');
    expect(await code(api.step('r3', 'Tp3', 'approve'))).toBe(200);
    expect(await code(api.step('r2', 'Tp3', 'approve'))).toBe(200);
    expect(await code(api.step('su', 'Tp3', 'reopen', { reason: '再查' }))).toBe(200);
    await query(`INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('o1', 'officer', 'east')`);
    // Whoever reviewed and now goes there himself does not review that; nor do the earlier authors.
    await query(`INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('r3', 'officer', 'east')`);
    await query(`UPDATE tuban.task_file SET assignee = NULL, team_id = NULL WHERE task_id = 'Tp3'`);
    expect(await code(api.step('r3', 'Tp3', 'claim'))).toBe(200);
    expect(
      await code(
        api.step('r3', 'Tp3', 'submit', { finding: { ...finding, description: '第三次' }, findingId: 'F-own-3c' }),
      ),
    ).toBe(200);
    for (const who of ['o1', 'o2', 'r3'])
      expect(await code(api.step(who, 'Tp3', 'approve')), who).toBe('flow.own-work');
    expect(await code(api.step('r1', 'Tp3', 'approve'))).toBe(200);
  });

  it('takes one of two at once: submissions, reviews, the end of a lease, a person disabled meanwhile', async () => {
    await api.step('o1', 'Tp5', 'claim');
    const finding = rightForm(queueTask(5));
    const twice = await Promise.all(
      ['F-race-5', 'F-race-5b'].map((findingId) => code(api.step('o1', 'Tp5', 'submit', { finding, findingId }))),
    );
    expect(twice.map(String).sort()).toEqual(['200', expect.stringMatching(/^flow\.sta(le|te)$/)]);
    const reviews = await Promise.all([
      code(api.step('r1', 'Tp5', 'approve')),
      code(api.step('r3', 'Tp5', 'return', { reason: '补' })),
      code(api.step('r1', 'Tp5', 'approve')),
    ]);
    expect(reviews.filter((one) => one === 200)).toHaveLength(1);
    expect(
      await query(`SELECT 1 FROM tuban.task_step WHERE task_id = 'Tp5' AND action IN ('approve', 'return')`),
    ).toHaveLength(1);
    // Two claim at the moment at which a lease ends; the one before submits late.
    await api.step('o1', 'Tp7', 'claim');
    await query(`UPDATE tuban.task_file SET lease_until = '2026-10-01' WHERE task_id = 'Tp7'`);
    const late = await Promise.all([
      code(api.step('o2', 'Tp7', 'claim')),
      code(api.step('o1', 'Tp7', 'submit', { finding: rightForm(queueTask(7)), findingId: 'F-late-7' })),
    ]);
    expect(late[1]).not.toBe(200);
    expect(await query(`SELECT 1 FROM tuban.finding WHERE task_id = 'Tp7'`)).toEqual([]);
    // Merged while it is held: the one who holds it is not robbed of it.
    await api.step('o2', 'Tp7', 'claim');
    const [other] = await api.workspace.database.query<{ revision: number }>(
      `SELECT revision FROM tuban.task_file WHERE task_id = 'Tp7'`,
    );
    const tasks = [{ taskId: 'Tp7', revision: other?.revision }];
    expect(await code(api.step('an', 'Tp9', 'merge', { reason: '合', tasks }))).toBe('flow.state');
    // Two administrators who take each other's right at once: one of them stays.
    await query(`INSERT INTO tuban.person (id, login, name) VALUES ('a2', 'a2', '管二')`);
    await query(`INSERT INTO tuban.grant_of (person_id, role) VALUES ('a2', 'administrator')`);
    await Promise.all([api.ask('ad', 'GET', '/api/me'), api.ask('a2', 'GET', '/api/me')]);
    const off = await Promise.all([
      api.ask('ad', 'POST', '/api/people/a2/disable'),
      api.ask('a2', 'POST', '/api/people/ad/disable'),
    ]);
    expect(off.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  it('traces a verdict to who, when, which device, evidence, imagery and rules, in one archive', async () => {
    expect(await code(api.step('r2', 'Tp1', 'approve'))).toBe(200);
    const [step] = await api.workspace.database.query<{ body: { hash: string } }>(
      `SELECT body FROM tuban.audit WHERE subject = 'task:Tp1' AND action = 'verdict.give'`,
    );
    expect(step).toBeDefined();
    const of = async (url: string) => (await api.ask('su', 'GET', url)).json();
    const [verdict] = (await of('/api/tasks/Tp1/verdicts')).verdicts;
    expect(verdict).toMatchObject({ personId: 'r2', findingId: 'F-own-1', codesVersion: 1 });
    const { steps } = await of('/api/queue/files/Tp1/steps');
    for (const one of steps)
      expect(one).toMatchObject({ personId: expect.any(String), device: expect.any(String), at: expect.any(String) });
    const { opened } = await of('/api/queue/files/Tp1');
    expect(opened.judged.patch).toMatchObject({
      dateBefore: '2026-05-01',
      dateAfter: '2026-08-01',
      pairs: ['P1'],
      lat: LAT,
    });
    expect(opened.judged.judgement.ruleSet).toBeDefined();
  });
}

describe('own work on the embedded database', () => holds(async () => null));
withPostgres('own work on a server', () => holds(freshDatabase));
