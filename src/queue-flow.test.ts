/** The queue from the list to the verdict, on both databases: what each step leaves, what is refused, what is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeFilesAgain } from './adapters/postgres/admission.js';
import { createDesk } from './adapters/postgres/desk.js';
import { quantise } from './geo/quantise.js';
import { type AuditEntry, firstBreak } from './model/audit.js';
import { Fault } from './model/fault.js';
import type { Task } from './model/task.js';
import type { LeaseSweep, TaskQueue } from './ports/task-queue.js';
import { openTaskQueue } from './queue-open.js';
import { countyTasks, LAT, layPeople, layTasks, queueTask, rightForm, square } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
const HOUR = 3_600_000;

function walks(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let queue: TaskQueue & LeaseSweep;
  /** The database's clock goes so many hours wrong. */
  let skewHours = 0;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    const clock = (at: string) => new Date(Date.parse(at) + skewHours * HOUR).toISOString();
    queue = openTaskQueue(workspace, createDesk(workspace.database, clock));
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(30));
  });
  afterAll(() => workspace.close());

  const rows = <T extends object>(text: string) => workspace.database.query<T>(text);
  const take = async (person: string, id: string, action: Parameters<TaskQueue['act']>[2]['action'], details = {}) => {
    const { file } = await queue.file(as(person), id);
    return queue.act(as(person), id, { action, revision: file.revision, details });
  };
  const code = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'done';
    } catch (error) {
      if (error instanceof Fault) return error.code;
      throw error;
    }
  };
  const claim = (person: string, id: string) => queue.claimBatch(as(person), { ids: [id], count: 1 });
  const finding = (n: number, id = `f${n}`) => ({ findingId: id, finding: rightForm(queueTask(n)) });

  it('opens a file for each task of the list, in its areas, once', async () => {
    const { file, opened, change, may } = await queue.file(as('o1'), 'Tp1');
    expect(file).toMatchObject({
      state: 'new',
      revision: 1,
      rank: 1,
      areas: ['east', 'county'],
      areaNames: ['东镇', '某县'],
    });
    expect(opened?.judged.patch.id).toBe('p1');
    expect(change).toBeNull();
    expect(may).toEqual(['claim']);
    expect(await code(queue.file(as('o3'), 'Tp1'))).toBe('task.none');
    expect((await queue.list(as('o1'), { order: 'rank', after: null, limit: 200 })).files).toHaveLength(15);
    await layTasks(workspace.database, countyTasks(30));
    expect(await rows('SELECT count(*)::int AS n FROM tuban.task_opened')).toEqual([{ n: 30 }]);
  });

  it('follows the newest run in rank while nobody has touched it, and keeps what it was opened with', async () => {
    await claim('o1', 'Tp29');
    const moved = [queueTask(27, { rank: 90 }), queueTask(29, { rank: 91 })];
    await layTasks(workspace.database, moved);
    expect((await queue.file(as('o1'), 'Tp27')).file.rank).toBe(90);
    expect((await queue.file(as('o1'), 'Tp29')).file.rank).toBe(29);
    expect((await queue.file(as('o1'), 'Tp27')).opened?.rank).toBe(27);
  });

  it('goes from claim to verdict, each step on record and in the chain, with those told whom it concerns', async () => {
    const [held] = (await claim('o1', 'Tp1')).files;
    expect(held).toMatchObject({ state: 'claimed', holderName: '东一', leaseNo: 1 });
    expect(held?.deadline).toMatch(/^\d{4}-\d\d-\d\d$/);
    await take('o1', 'Tp1', 'depart');
    const submitted = await take('o1', 'Tp1', 'submit', { ...finding(1), leaseNo: 1 });
    expect(submitted.file).toMatchObject({
      state: 'submitted',
      reviewLevel: 'station',
      submitterName: '东一',
      holder: null,
    });
    const again = await queue.act(as('o1'), 'Tp1', {
      action: 'submit',
      revision: 3,
      details: { ...finding(1), leaseNo: 1 },
    });
    expect(again.file.revision).toBe(submitted.file.revision);
    expect(await rows(`SELECT count(*)::int AS n FROM tuban.finding WHERE task_id = 'Tp1'`)).toEqual([{ n: 1 }]);

    const waiting = await queue.reviewList(as('r1'), { after: null, limit: 10 });
    expect(waiting.files.map(({ taskId }) => taskId)).toEqual(['Tp1']);
    expect((await queue.reviewList(as('r2'), { after: null, limit: 10 })).files).toEqual([]);
    expect(await code(take('o1', 'Tp1', 'approve'))).toBe('flow.role');
    expect((await take('r1', 'Tp1', 'approve')).file).toMatchObject({ state: 'submitted', reviewLevel: 'county' });
    expect(await code(take('r1', 'Tp1', 'approve'))).toBe('flow.role');
    const done = await take('r2', 'Tp1', 'approve');
    expect(done.file.state).toBe('case');
    expect(done.newest?.state).toBe('decided');
    expect(done.change).toBeNull();

    const steps = await queue.steps(as('su'), 'Tp1');
    expect(steps.map(({ action, personId }) => [action, personId])).toEqual([
      ['claim', 'o1'],
      ['depart', 'o1'],
      ['submit', 'o1'],
      ['approve', 'r1'],
      ['approve', 'r2'],
      ['open-case', 'r2'],
    ]);
    expect(steps.map(({ revision }) => revision)).toEqual([2, 3, 4, 5, 6, 7]);
    const entries = await rows<AuditEntry>('SELECT * FROM tuban.audit ORDER BY seq');
    expect(firstBreak(entries)).toBeNull();
    expect(entries.filter(({ subject, action }) => subject === 'task:Tp1' && action.startsWith('task.'))).toHaveLength(
      6,
    );
    expect(JSON.stringify(entries)).not.toContain('106.3');
    const told = await rows<{ person_id: string; kind: string }>(
      `SELECT person_id, kind FROM tuban.notice WHERE task_id = 'Tp1' ORDER BY 1`,
    );
    expect(told).toEqual([
      { person_id: 'r1', kind: 'review-waiting' },
      { person_id: 'r2', kind: 'review-waiting' },
    ]);
    expect((await take('su', 'Tp1', 'reopen', { reason: '复查' })).file).toMatchObject({ state: 'new', reviewers: [] });
  });

  it('returns for correction and takes the correction', async () => {
    await claim('o1', 'Tp3');
    await take('o1', 'Tp3', 'submit', finding(3));
    expect(await code(take('r1', 'Tp3', 'return'))).toBe('flow.reason');
    const returned = await take('r1', 'Tp3', 'return', { reason: '缺少远景照片', deadline: day(20) });
    expect(returned.file).toMatchObject({ state: 'returned', assignee: 'o1', deadline: day(20), returned: true });
    await claim('o1', 'Tp3');
    const second = await take('o1', 'Tp3', 'submit', finding(3, 'f3-second'));
    expect(second.file).toMatchObject({ state: 'submitted', reviewLevel: 'station', reviewers: [] });
    const asked = await code(take('o1', 'Tp3', 'submit', finding(3, 'f3-third')));
    expect(asked).toBe('flow.state');
    const differs = { ...finding(3), finding: { ...rightForm(queueTask(3)), description: '另一份' } };
    expect(await code(take('o1', 'Tp3', 'submit', differs))).toBe('finding.differs');
  });

  it('tells a stale step what happened since, and leaves nothing half done', async () => {
    await claim('o1', 'Tp5');
    await take('o1', 'Tp5', 'extend-lease');
    const stale = queue.act(as('o1'), 'Tp5', { action: 'depart', revision: 2 });
    await expect(stale).rejects.toMatchObject({
      code: 'flow.stale',
      details: { revision: 3, since: [{ action: 'extend-lease', revision: 3 }] },
    });
    const invalid = take('o1', 'Tp5', 'submit', { findingId: 'f5', finding: { nothing: true } });
    expect(await code(invalid)).toBe('finding.invalid');
    expect((await queue.file(as('o1'), 'Tp5')).file).toMatchObject({ state: 'claimed', revision: 3 });
    expect(await code(take('o1', 'Tp5', 'submit', { nonsense: 1 }))).toBe('flow.details');
    expect(await code(take('o1', 'Tp5', 'lapse'))).toBe('flow.state');
  });

  it('counts no lease that is over, whoever did not sweep it; a late finding is refused and kept', async () => {
    await claim('o1', 'Tp7');
    skewHours = 100;
    try {
      const [taken] = (await claim('o2', 'Tp7')).files;
      expect(taken).toMatchObject({ holder: 'o2', leaseNo: 2 });
      const late = queue.act(as('o1'), 'Tp7', {
        action: 'submit',
        revision: 2,
        details: { ...finding(7), leaseNo: 1 },
      });
      await expect(late).rejects.toMatchObject({ code: 'flow.lease-ended', details: { draftId: 'f7' } });
      expect(await rows(`SELECT id, person_id FROM tuban.finding_draft WHERE task_id = 'Tp7'`)).toEqual([
        { id: 'f7', person_id: 'o1' },
      ]);
      // The clock jumps back: the first lease would be good again by the hands alone.
      skewHours = 0;
      expect(
        await code(claim('o1', 'Tp7').then(({ refused }) => Promise.reject(new Fault(refused[0]?.code ?? 'done', '')))),
      ).toBe('flow.state');
      expect((await queue.file(as('o2'), 'Tp7')).file).toMatchObject({ state: 'claimed', holder: 'o2' });
      const steps = await queue.steps(as('su'), 'Tp7');
      expect(steps.map(({ action, personId }) => [action, personId])).toEqual([
        ['claim', 'o1'],
        ['lapse', null],
        ['claim', 'o2'],
      ]);
      skewHours = 300;
      expect((await queue.mine(as('o2'))).map(({ taskId }) => taskId)).toEqual([]);
      expect((await queue.file(as('o2'), 'Tp7')).file).toMatchObject({ state: 'new', holder: null });
      expect(await queue.lapse()).toBe(0);
    } finally {
      skewHours = 0;
    }
  });

  it('shows what a later run says of an open file, and wants it acknowledged', async () => {
    await claim('o1', 'Tp9');
    const before = queueTask(9);
    const later: Task = {
      ...before,
      judged: {
        ...before.judged,
        judgement: { ...before.judged.judgement, violations: ['beyond-boundary'], score: 12.5 },
      },
    };
    await layTasks(workspace.database, [later]);
    const { change, opened, newest, file } = await queue.file(as('o1'), 'Tp9');
    expect(opened?.judged.judgement.violations).toEqual(['no-licence']);
    expect(newest?.judged.judgement.violations).toEqual(['beyond-boundary']);
    expect(file.violations).toEqual(['no-licence']);
    expect(change?.sentences).toEqual(['疑似类型 疑似无证开采 → 疑似越界开采', '得分 100.0 → 12.5']);
    const refused = queue.act(as('o1'), 'Tp9', { action: 'submit', revision: file.revision, details: finding(9) });
    await expect(refused).rejects.toMatchObject({
      code: 'flow.changed',
      details: { hash: change?.hash, draftId: 'f9' },
    });
    const done = await take('o1', 'Tp9', 'submit', { ...finding(9), acknowledged: change?.hash });
    expect(done.change?.acknowledged).toBe(true);
    expect((await take('r1', 'Tp9', 'approve')).file.reviewLevel).toBe('county');
    await layTasks(workspace.database, [{ ...later, state: 'withdrawn' }]);
    expect((await queue.file(as('r2'), 'Tp9')).change).toMatchObject({ withdrawn: true, acknowledged: false });
    expect(await code(take('r2', 'Tp9', 'approve'))).toBe('flow.changed');
  });

  it('hands out nothing that the newest run took back; a person takes it off with a reason', async () => {
    await layTasks(workspace.database, [queueTask(11, { state: 'withdrawn' })]);
    const { files } = await queue.claimBatch(as('o2'), { count: 20 });
    expect(files.map(({ taskId }) => taskId)).not.toContain('Tp11');
    for (const { taskId } of files) await take('o2', taskId, 'release');
    expect(await code(take('an', 'Tp13', 'take-off', { reason: '无' }))).toBe('flow.listed');
    expect((await take('an', 'Tp11', 'take-off', { reason: '最新影像未见' })).file.state).toBe('closed');
  });

  it('splits a task into parts of its own, and carries others with one', async () => {
    const { lon } = queueTask(15).judged.patch;
    const halves = [square(lon - 0.0002, LAT, 0.0002), square(lon + 0.0002, LAT, 0.0002)];
    const parts = halves.map((geometry, i) => ({ name: `第 ${i + 1} 块`, geometry }));
    expect(await code(take('o1', 'Tp15', 'split', { reason: '两家', parts }))).toBe('flow.role');
    const outside = [...parts.slice(0, 1), { name: '外', geometry: square(lon + 1, LAT) }];
    expect(await code(take('an', 'Tp15', 'split', { reason: '两家', parts: outside }))).toBe('flow.parts');
    expect(await code(take('an', 'Tp15', 'split', { reason: '两家', parts: 'pieces' }))).toBe('flow.parts');
    expect((await take('an', 'Tp15', 'split', { reason: '两家', parts })).file.state).toBe('split');
    const part = await queue.file(as('o1'), 'Tp15-2');
    expect(part.file).toMatchObject({ state: 'new', splitFrom: 'Tp15', areas: ['east', 'county'] });
    expect(part.opened?.judged.patch.geometry).toEqual(quantise(halves[1] ?? []));
    expect(part.opened?.judged.patch.areaM2).toBeLessThan(3000);
    // A later run neither withdraws the parts nor makes them again.
    await layTasks(workspace.database, [queueTask(15)]);
    expect((await queue.file(as('o1'), 'Tp15-1')).file.listed).toBe('new');

    const revision = async (taskId: string) => ({
      taskId,
      revision: (await queue.file(as('an'), taskId)).file.revision,
    });
    const tasks = [await revision('Tp15-1'), await revision('Tp17')];
    expect(
      await code(take('an', 'Tp15-2', 'merge', { reason: '同一处', tasks: [{ taskId: 'Tp17', revision: 9 }] })),
    ).toBe('flow.stale');
    expect((await take('an', 'Tp15-2', 'merge', { reason: '同一处', tasks })).file.state).toBe('new');
    expect((await queue.file(as('an'), 'Tp17')).file).toMatchObject({ state: 'merged', mergedInto: 'Tp15-2' });
  });

  it('shares out what is new by area and load, and says what nobody answers for', async () => {
    expect(await code(queue.setResponsible(as('an'), 'east', []))).toBe('flow.role');
    await queue.setResponsible(as('ad'), 'east', [{ teamId: 't1', personId: null }]);
    expect(await code(queue.setResponsible(as('ad'), 'east', [{ teamId: 'none', personId: null }]))).toBe(
      'flow.responsible',
    );
    expect(await code(queue.allot(as('o1'), { count: 5 }))).toBe('flow.role');
    expect(await code(queue.allot(as('r2'), { count: 5 }))).toBe('flow.role');
    expect(await code(queue.allot(as('an'), { count: 5, teamId: 'none' }))).toBe('flow.person');
    await workspace.database.query(`DELETE FROM tuban.grant_of WHERE person_id = 'o3'`);
    const before = await rows<{ task_id: string }>(
      `SELECT task_id FROM tuban.task_file WHERE state = 'new' AND listed = 'new' AND assignee IS NULL ORDER BY rank, task_id`,
    );
    const { assigned, left } = await queue.allot(as('an'), { count: 200 });
    expect([...assigned, ...left].map(({ taskId }) => taskId).sort()).toEqual(
      before.map(({ task_id }) => task_id).sort(),
    );
    expect(assigned.length).toBeGreaterThan(3);
    expect(assigned.every(({ teamId }) => teamId === 't1')).toBe(true);
    const load = await rows<{ who: string; n: number }>(
      `SELECT coalesce(holder, assignee) AS who, count(*)::int AS n FROM tuban.task_file
       WHERE state IN ('assigned', 'claimed', 'field', 'returned') GROUP BY 1 ORDER BY 1`,
    );
    expect(Math.abs((load[0]?.n ?? 0) - (load[1]?.n ?? 0))).toBeLessThanOrEqual(1);
    expect(left.every(({ why }) => why.includes('没有可承办的执法人员'))).toBe(true);
    expect(left.length).toBe(15);
    const ids = assigned.slice(0, 4).map(({ taskId }) => taskId);
    await queue.setResponsible(as('ad'), 'east', []);
    const byRole = await queue.allot(as('an'), { ids: [...ids, 'Tnone'], role: 'officer', count: 9 });
    expect(byRole.assigned.map(({ taskId, teamId }) => [taskId, teamId])).toEqual(ids.map((id) => [id, null]));
    expect(byRole.left).toEqual([{ taskId: 'Tnone', why: expect.stringContaining('没有此任务') }]);
    const byTeam = await queue.allot(as('an'), { ids, teamId: 't1', count: 9 });
    expect(byTeam.assigned.every(({ teamId, assignee }) => teamId === 't1' && assignee !== null)).toBe(true);
    const [first] = byTeam.assigned;
    const other = first?.assignee === 'o1' ? 'o2' : 'o1';
    expect((await claim(other, first?.taskId ?? '')).refused).toMatchObject([{ code: 'flow.assignee' }]);
    expect((await take('an', first?.taskId ?? '', 'assign', { assignee: other })).file.assignee).toBe(other);
    expect(await code(take('an', first?.taskId ?? '', 'assign', { assignee: 'o3' }))).toBe('flow.person');
  });

  it('gives an extension that was asked for, but to nobody himself', async () => {
    const [held] = (await queue.claimBatch(as('o1'), { count: 1 })).files;
    const id = held?.taskId ?? '';
    expect((await take('o1', id, 'ask-extension', { reason: '道路中断', deadline: day(40) })).file.extensionAsked).toBe(
      day(40),
    );
    expect(
      (await queue.list(as('su'), { order: 'rank', after: null, limit: 5, extensionAsked: true })).files,
    ).toHaveLength(1);
    expect(await code(take('o1', id, 'grant-extension', { reason: '同意', deadline: day(40) }))).toBe('flow.role');
    expect((await take('su', id, 'grant-extension', { reason: '同意', deadline: day(30) })).file).toMatchObject({
      deadline: day(30),
      extensionAsked: null,
    });
  });

  it('pages by rank and by deadline without losing or repeating one, and counts', async () => {
    for (const order of ['rank', 'deadline'] as const) {
      const seen: string[] = [];
      for (let after = null as Awaited<ReturnType<TaskQueue['list']>>['next'], go = true; go; ) {
        const page = await queue.list(as('su'), { order, after, limit: 7 });
        seen.push(...page.files.map(({ taskId }) => taskId));
        after = page.next;
        go = after !== null;
      }
      const all = await rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM tuban.task_file ${order === 'deadline' ? 'WHERE deadline IS NOT NULL' : ''}`,
      );
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBe(all[0]?.n);
    }
    const counts = await queue.counts(as('su'), { quarter: '2026Q3' });
    expect(Object.values(counts.byState).reduce((sum, n) => sum + n, 0)).toBe(32);
    expect(await code(queue.list(as('su'), { order: 'rank', after: null, limit: 500 }))).toBe('flow.page');
  });

  it('lets a forgotten check reach neither other people’s areas nor what a file was opened with', async () => {
    const desk = createDesk(workspace.database);
    const tries = [
      `UPDATE tuban.task_file SET areas = '{west}'`,
      `UPDATE tuban.task_file SET rank = 0`,
      `UPDATE tuban.task_opened SET body = '{}'`,
      `DELETE FROM tuban.task_step`,
      `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body, split_from)
       VALUES ('Tx', '2026Q3', 'x', 'p1', 1, 1, 'new', '{}', 'Tp1')`,
      `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas) VALUES ('Tp1', '2026Q3', 'new', 1, 1, '{}', 1, '{west}')`,
      `INSERT INTO tuban.responsible (area_id, person_id) VALUES ('west', 'o1')`,
    ];
    for (const text of tries) {
      const work = desk.as(as('o1'), ({ sql }) => sql.query(text));
      await expect(work, text).rejects.toThrow(/permission denied|row-level security/);
    }
    expect(await desk.as(as('o1'), ({ sql }) => sql.query('SELECT * FROM tuban.work_load()'))).toEqual([]);
    await expect(
      workspace.database.query(`UPDATE tuban.task_file SET holder = 'o2' WHERE task_id = 'Tp2'`),
    ).rejects.toThrow('task_file_one_holder');
  });

  it('finds the areas of files anew when the areas change', async () => {
    await workspace.database.query(`DELETE FROM tuban.responsible`);
    await workspace.database.query(`UPDATE tuban.area SET geom = NULL WHERE id = 'west'`);
    expect(await workspace.database.transaction(placeFilesAgain)).toBe(15);
    expect(await rows(`SELECT areas FROM tuban.task_file WHERE task_id = 'Tp2'`)).toEqual([{ areas: ['county'] }]);
  });

  function day(days: number): string {
    return new Date(Date.now() + days * 24 * HOUR).toISOString().slice(0, 10);
  }
}

describe('queue on the embedded database', () => walks(async () => null));
withPostgres('queue on a server', () => walks(freshDatabase));
