/** Second looks on both databases: who may draw and look, what the one who looks sees, what the record tells, what the report says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { register as supervisionCommand } from './cli/supervision.js';
import { canonicalJson } from './model/id.js';
import type { Database } from './ports/database.js';
import type { EngineDesk } from './ports/desk.js';
import type { SecondLook, Supervision } from './ports/supervision.js';
import { createSupervision } from './queue-supervise.js';
import { drawTasks } from './stages/supervise/supervise.js';
import { commandsOn } from './testing/commands.js';
import { countyTasks, layPeople, layTasks } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const device = 'test';
const QUARTER = '2026Q3';
const TASKS = 8;

/** Tp1 … Tp6 are closed: found by o1 (east) or o3 (west), approved by r2; Tp1 and Tp2 legal, the others illegal. Tp7 was taken off, Tp8 is open. */
async function close(database: Database): Promise<void> {
  for (let n = 1; n <= 6; n++) {
    const [id, officer, code] = [`Tp${n}`, n % 2 === 1 ? 'o1' : 'o3', n <= 2 ? 'legal' : 'illegal'];
    const statements = [
      `UPDATE tuban.task_file SET state = 'closed', submitter = '${officer}', authors = '{${officer}}', reviewers = '{r2}' WHERE task_id = '${id}'`,
      `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body) VALUES ('F${n}', '${id}', 2, '${officer}', '2026-10-01Z', '{}')`,
      `INSERT INTO tuban.opinion (task_id, finding_id, part, code, person_id, at, body) VALUES ('${id}', 'F${n}', '1', '${code}', 'r1', '2026-10-02Z', '{}')`,
      `INSERT INTO tuban.verdict (task_id, part, code, person_id, at, body) VALUES ('${id}', '1', '${code}', 'r2', '2026-10-03Z', '{}')`,
      `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
       VALUES ('${id}', 3, 'approve', 'submitted', 'verdict', 'r2', 'x', '2026-10-03Z', '{"level":"county","next":null}')`,
      `INSERT INTO tuban.decision (id, site_id, task_id, kind, decided_on, body) VALUES ('d${n}', 'p${n}', '${id}', 'confirmed', '2026-10-03', '{}')`,
    ];
    for (const statement of statements) await database.query(statement);
  }
  await database.query(`UPDATE tuban.task_file SET state = 'closed' WHERE task_id = 'Tp7'`);
}

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let supervision: Supervision;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(TASKS));
    await close(workspace.database);
    await workspace.database.query(`INSERT INTO tuban.person (id, login, name) VALUES ('su2', 'su2', '督二')`);
    await workspace.database.query(`INSERT INTO tuban.grant_of (person_id, role) VALUES ('su2', 'supervisor')`);
    desk = createDesk(workspace.database);
    supervision = createSupervision(desk);
  });
  afterAll(() => workspace.close());

  const as = (personId: string) => ({ personId, device });
  const draw = (by: string, looker: string, changes: object = {}) =>
    supervision.draw(as(by), { quarter: QUARTER, count: 3, seed: 'x', looker, ...changes });
  const rows = (personId: string, text: string) => desk.as(as(personId), ({ sql }) => sql.query(text));
  const counts = async (personId: string, id: string) => {
    const found: Record<string, number> = {};
    for (const table of ['finding', 'opinion', 'verdict', 'task_step', 'decision']) {
      found[table] = (await rows(personId, `SELECT 1 FROM tuban.${table} WHERE task_id = '${id}'`)).length;
    }
    return found;
  };
  const NOTHING = { finding: 0, opinion: 0, verdict: 0, task_step: 0, decision: 0 };
  let looks: SecondLook[] = [];

  it('is drawn by supervisors only, for one who cannot know what was found', async () => {
    for (const by of ['o1', 'r2', 'an', 'ad']) {
      await expect(draw(by, 'o2'), by).rejects.toMatchObject({ code: 'supervision.role' });
    }
    for (const looker of ['su', 'su2', 'ad', 'nobody', 'system']) {
      await expect(draw('su', looker), looker).rejects.toMatchObject({ code: 'supervision.person' });
    }
    for (const count of [0, 1.5, 1001]) {
      await expect(draw('su', 'o2', { count })).rejects.toMatchObject({ code: 'supervision.count' });
    }
    await expect(draw('su', 'o2', { quarter: '2026Q1' })).rejects.toMatchObject({ code: 'supervision.none' });
    await expect(draw('su', 'o2', { seed: ' ' })).rejects.toMatchObject({ code: 'supervision.seed' });
    // r2 gave every verdict.
    await expect(draw('su', 'r2')).rejects.toMatchObject({ code: 'supervision.none' });
    // A draft is a hand in it: one's own, or one that was handed over and is there no more.
    const { database } = workspace;
    const hand = (task: string) => rows('su', `SELECT tuban.has_hand_in('o2', '${task}') AS hand`);
    expect([await hand('Tp2'), await hand('Tp8')]).toEqual([[{ hand: false }], [{ hand: false }]]);
    await database.query(`INSERT INTO tuban.finding_draft VALUES ('o2', 'X', 'Tp2', now(), 'x')`);
    await database.query(
      `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
       VALUES ('Tp8', 2, 'hand-over', 'new', 'new', 'o3', 'x', now(), '{"to":"o2"}')`,
    );
    expect([await hand('Tp2'), await hand('Tp8')]).toEqual([[{ hand: true }], [{ hand: true }]]);
    await database.query('DELETE FROM tuban.finding_draft');
  });

  it('is random and can be made again: of closed tasks with a verdict, those the seed says', async () => {
    const drawn = await draw('su', 'o2');
    expect(drawn).toMatchObject({ seed: 'x', from: 6, drawn: 3, lookerName: '东二' });
    looks = [...(await supervision.list(as('o2')))];
    expect(looks.map(({ taskId }) => taskId)).toEqual(drawTasks('x', ['Tp6', 'Tp2', 'Tp3', 'Tp4', 'Tp5', 'Tp1'], 3));
    expect(looks.every(({ mine, answer }) => mine && answer === null)).toBe(true);
    expect((await supervision.list(as('su'))).map(({ mine }) => mine)).toEqual([false, false, false]);
    // Those of o1 are not for o1; without a seed it is the head of the record.
    const [head] = await workspace.database.query<{ hash: string }>('SELECT hash FROM tuban.audit_head()');
    const other = await supervision.draw(as('su2'), { quarter: QUARTER, count: 9, looker: 'O1' });
    expect(other).toMatchObject({ seed: head?.hash, from: 3, drawn: 3 });
    expect((await supervision.list(as('o1'))).map(({ taskId }) => taskId).sort()).toEqual(['Tp2', 'Tp4', 'Tp6']);
  });

  it('is known to the two alone, whatever the program asks for, and the record does not say of what', async () => {
    for (const personId of ['r1', 'r2', 'an', 'ad', 'o3']) {
      expect(await rows(personId, 'SELECT * FROM tuban.second_look'), personId).toEqual([]);
      expect(await rows(personId, 'SELECT * FROM tuban.second_look_draw'), personId).toEqual([]);
      expect(await supervision.list(as(personId))).toEqual([]);
      await expect(supervision.show(as(personId), looks[0]?.id ?? '')).rejects.toMatchObject({
        code: 'supervision.unknown',
      });
    }
    expect(await rows('su2', `SELECT * FROM tuban.second_look WHERE looker = 'o2'`)).toEqual([]);
    expect(await rows('o2', 'SELECT * FROM tuban.second_look_draw')).toEqual([]);
    const audit = await workspace.database.query<{ action: string }>('SELECT action, subject, body FROM tuban.audit');
    expect(audit.map(({ action }) => action)).toEqual(['supervision.draw', 'supervision.draw']);
    expect(canonicalJson(audit)).not.toMatch(/Tp\d|o2|"x"/);
    expect(await workspace.database.query('SELECT 1 FROM tuban.notice')).toEqual([]);
    const tries = [
      `INSERT INTO tuban.second_look_draw VALUES ('D', '2026Q3', 's', 1, 1, 'd', 'o2', 'o1', now())`,
      `INSERT INTO tuban.second_look (id, draw_id, place, task_id, drawer, looker, drawn_at) VALUES ('L', 'D', 1, 'Tp1', 'o2', 'o2', now())`,
      `DELETE FROM tuban.second_look`,
      `UPDATE tuban.second_look SET looker = 'o2'`,
    ];
    for (const text of tries) {
      await expect(rows('o2', text), text).rejects.toThrow(/permission denied|row-level security/);
    }
    const rigged = `INSERT INTO tuban.second_look (id, draw_id, place, task_id, drawer, looker, drawn_at)
      SELECT 'L' || n, d.id, 1, t, 'su', l, now() FROM tuban.second_look_draw d, (VALUES (1, 'Tp8', 'o2'), (2, 'Tp1', 'o1'), (3, 'Tp1', 'su')) v (n, t, l) WHERE n = `;
    for (const n of [1, 2, 3]) await expect(rows('su', rigged + n)).rejects.toThrow('row-level security');
  });

  it('hides from the one who looks what anybody found, until he has answered', async () => {
    const [look] = looks;
    if (!look) throw new Error('nothing drawn');
    const id = look.taskId;
    expect(await counts('o2', id)).toEqual(NOTHING);
    expect(await counts('su', id)).toEqual({ finding: 1, opinion: 1, verdict: 1, task_step: 1, decision: 1 });
    const shown = await supervision.show(as('o2'), look.id);
    // The west is not his area, and yet he gets the place.
    expect(shown.task?.judged.patch.lon).toBeGreaterThan(106);
    await expect(supervision.answer(as('su'), look.id, { code: 'illegal', note: '有坑' })).rejects.toMatchObject({
      code: 'supervision.looker',
    });
    await expect(supervision.answer(as('o2'), look.id, { code: '嫌疑', note: '有坑' })).rejects.toMatchObject({
      code: 'supervision.code',
    });
    await expect(supervision.answer(as('o2'), look.id, { code: 'illegal', note: ' ' })).rejects.toMatchObject({
      code: 'supervision.note',
    });
    const answered = await supervision.answer(as('o2'), look.id, { code: '违法', note: '有坑' });
    expect(answered.answer).toMatchObject({ code: 'illegal', note: '有坑' });
    await expect(supervision.answer(as('o2'), look.id, { code: 'legal', note: '没有' })).rejects.toMatchObject({
      code: 'supervision.answered',
    });
    await rows('o2', `UPDATE tuban.second_look SET code = 'legal' WHERE id = '${look.id}'`);
    expect((await supervision.list(as('su'))).find((one) => one.id === look.id)?.answer?.code).toBe('illegal');
    const visible = (await rows('o2', `SELECT 1 FROM tuban.task WHERE id = '${id}'`)).length;
    expect((await counts('o2', id)).verdict).toBe(visible);
  });

  it('reports agreement with its interval, by township and level, and what differs', async () => {
    for (const look of looks.slice(1)) await supervision.answer(as('o2'), look.id, { code: 'illegal', note: '有坑' });
    const first = (id: string) => (['Tp1', 'Tp2'].includes(id) ? 'legal' : 'illegal');
    const agreed = looks.filter(({ taskId }) => first(taskId) === 'illegal').length;
    const report = await supervision.report(as('su'), QUARTER);
    expect(report).toMatchObject({ drawn: 3, answered: 3, all: { looks: 3, agreed, share: agreed / 3 } });
    expect(report.byLevel).toEqual([{ group: 'county', ...report.all }]);
    expect(report.byTownship.map(({ looks: n }) => n).reduce((a, b) => a + b, 0)).toBe(3);
    expect(report.disagreements.map(({ taskId }) => taskId).sort()).toEqual(
      looks
        .map(({ taskId }) => taskId)
        .filter((id) => first(id) === 'legal')
        .sort(),
    );
    expect(await supervision.report(as('su2'), null)).toMatchObject({
      drawn: 3,
      answered: 0,
      all: { share: null },
      kappa: null,
    });
    await expect(supervision.report(as('r2'), null)).rejects.toMatchObject({ code: 'supervision.role' });
    const tuban = commandsOn(workspace, [supervisionCommand], workspace.dir);
    const said = await tuban('supervision', 'report', '--as', 'su');
    expect(said.out).toContain('抽取 3 个，已复核 3 个');
    expect(JSON.stringify(report)).not.toMatch(/东二|审二|"o2"/);
    const listed = await tuban('supervision', 'list', '--as', 'o1', '--json');
    expect(JSON.parse(listed.out)).toHaveLength(3);
  });
}

describe('second looks on the embedded database', () => holds(async () => null));
withPostgres('second looks on a server', () => holds(freshDatabase));
