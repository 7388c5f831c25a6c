/** A draft goes from its author to a colleague who goes on with it: encrypted for him, on record, and nobody reviews what he began; on both databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { EngineDesk } from './ports/desk.js';
import type { TaskQueue } from './ports/task-queue.js';
import { type FileParts, fileParts } from './queue-file-parts.js';
import { createNotices } from './queue-notices.js';
import { openTaskQueue } from './queue-open.js';
import { countyTasks, layPeople, layTasks, queueTask, rightForm } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let queue: TaskQueue;
  let parts: FileParts;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(4));
    desk = createDesk(workspace.database);
    queue = openTaskQueue(workspace, desk);
    parts = fileParts(workspace, desk);
  });
  afterAll(() => workspace.close());

  const form = { ...rightForm(queueTask(1)), description: '半山腰有挖机' };
  const handOver = async (from: string, assignee: string, taskId = 'Tp1') => {
    const { revision } = (await queue.file(as(from), taskId)).file;
    return queue.act(as(from), taskId, { action: 'hand-over', revision, details: { assignee } });
  };

  it('offers it to whoever has a draft, and only to officers for the task’s area', async () => {
    await queue.claimBatch(as('o1'), { ids: ['Tp1'], count: 1 });
    expect((await queue.file(as('o1'), 'Tp1')).may).not.toContain('hand-over');
    await expect(handOver('o1', 'o2')).rejects.toMatchObject({ code: 'flow.draft' });
    await parts.findings.keepDraft(as('o1'), { id: 'F1', taskId: 'Tp1', form });
    expect((await queue.file(as('o1'), 'Tp1')).may).toContain('hand-over');
    for (const nobody of ['o3', 'o1', 'su', 'none']) {
      await expect(handOver('o1', nobody)).rejects.toMatchObject({ code: 'flow.person' });
    }
    expect(await parts.findings.drafts(as('o1'))).toHaveLength(1);
  });

  it('is held by the database: nobody gives away what is not his, nor to one who may not work there', async () => {
    const handing = (personId: string, to: string) =>
      desk.as(as(personId), ({ sql }) => sql.query(`SELECT tuban.hand_draft('F1', $1, now(), 'x') AS done`, [to]));
    expect(await handing('o2', 'o3')).toEqual([{ done: false }]);
    expect(await handing('su', 'o2')).toEqual([{ done: false }]);
    expect(await handing('o1', 'o3')).toEqual([{ done: false }]);
    expect(await handing('o1', 'o1')).toEqual([{ done: false }]);
    // Nor while a sealed round withholds the place, over a draft of his own, or to one who is to look at the place blind.
    const { database } = workspace;
    const refusedWhile = async (begin: string, end: string) => {
      for (const text of begin.split(';\n')) await database.query(text);
      expect(await handing('o1', 'o2'), begin).toEqual([{ done: false }]);
      for (const text of end.split(';\n')) await database.query(text);
    };
    const sealed = (is: boolean) => `UPDATE tuban.task_file SET sealed = ${is} WHERE task_id = 'Tp1'`;
    await refusedWhile(sealed(true), sealed(false));
    await refusedWhile(
      `INSERT INTO tuban.finding_draft VALUES ('o2', 'F1', 'Tp3', now(), 'own')`,
      `DELETE FROM tuban.finding_draft WHERE person_id = 'o2' AND sealed = 'own'`,
    );
    await refusedWhile(
      `INSERT INTO tuban.second_look_draw VALUES ('D', '2026Q3', 's', 1, 1, 'd', 'su', 'o2', now());
INSERT INTO tuban.second_look (id, draw_id, place, task_id, drawer, looker, drawn_at) VALUES ('L', 'D', 1, 'Tp1', 'su', 'o2', now())`,
      `UPDATE tuban.second_look SET answered_at = now(), code = 'legal', note = 'x'`,
    );
    expect(await parts.findings.drafts(as('o1'))).toMatchObject([{ id: 'F1', form }]);
  });

  it('goes over after the lease has ended, tells the colleague, and lets him submit it as his', async () => {
    await workspace.database.query(
      `UPDATE tuban.task_file SET lease_until = now() - interval '1 hour' WHERE task_id = 'Tp1'`,
    );
    expect((await handOver('o1', 'o2')).file).toMatchObject({ state: 'new', holder: null, authors: ['o1'] });
    expect(await parts.findings.drafts(as('o1'))).toEqual([]);
    const [draft] = await parts.findings.drafts(as('o2'));
    expect(draft).toMatchObject({ id: 'F1', taskId: 'Tp1', form });
    const told = await createNotices(desk).mine(as('o2'), { unseen: true, limit: 9 });
    expect(told.map(({ kind, taskId }) => [kind, taskId])).toEqual([['draft-handed', 'Tp1']]);
    const [file] = (await queue.claimBatch(as('o2'), { ids: ['Tp1'], count: 1 })).files;
    const details = { findingId: 'F1', finding: draft?.form };
    const { file: submitted } = await queue.act(as('o2'), 'Tp1', {
      action: 'submit',
      revision: file?.revision ?? 0,
      details,
    });
    expect(submitted).toMatchObject({ state: 'submitted', submitter: 'o2', authors: ['o1', 'o2'] });
    expect(await parts.findings.drafts(as('o2'))).toEqual([]);
  });

  it('tells each time, also the same colleague once more', async () => {
    await parts.findings.keepDraft(as('o1'), { id: 'F3', taskId: 'Tp3', form });
    for (const [from, to] of [
      ['o1', 'o2'],
      ['o2', 'o1'],
      ['o1', 'o2'],
    ] as const) {
      await handOver(from, to, 'Tp3');
    }
    const told = await createNotices(desk).mine(as('o2'), { unseen: true, limit: 9 });
    expect(told.filter(({ taskId }) => taskId === 'Tp3')).toHaveLength(2);
    expect(await parts.findings.drafts(as('o2'))).toMatchObject([{ id: 'F3', form }]);
  });

  it('keeps whoever began it from reviewing it, and its words from the record', async () => {
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES ('o1', 'reviewer', 'station', 'east')`,
    );
    const { revision } = (await queue.file(as('o1'), 'Tp1')).file;
    await expect(queue.act(as('o1'), 'Tp1', { action: 'approve', revision })).rejects.toMatchObject({
      code: 'flow.own-work',
    });
    const record = await workspace.database.query<{ body: string; action: string }>(
      `SELECT action, body FROM tuban.audit WHERE subject = 'task:Tp1' ORDER BY seq`,
    );
    expect(record.map(({ action }) => action)).toContain('task.hand-over');
    expect(record.map(({ body }) => body).join()).not.toContain('半山腰');
  });
}

describe('drafts handed over on the embedded database', () => holds(async () => null));
withPostgres('drafts handed over on a server', () => holds(freshDatabase));
