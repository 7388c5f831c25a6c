/** Sealed rounds, attacked over HTTP on both databases: by those they are for, by those they are not for, by who plans elsewhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueueApi, type QueueApi } from './testing/queue-api.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl(), 12);
    const reason = '李家沟口西侧';
    await api.step('an', 'Tp1', 'assign', { assignee: 'o1', reason });
    const body = {
      start: [106.25, 29.35],
      hours: 20,
      taskIds: ['Tp1', 'Tp3', 'Tp5'],
      sealed: true,
      quarter: '2026Q3',
      personId: 'o1',
    };
    const planned = await api.ask('su', 'POST', '/api/rounds', {
      body,
      headers: { 'idempotency-key': 'sealed-round' },
    });
    expect(planned.json().round).toMatchObject({ stops: 3, sealed: true });
  });
  afterAll(() => api?.close());
  const get = async (who: string, url: string) => (await api.ask(who, 'GET', url)).json();
  const sees = async (who: string, taskId: string) => (await api.ask(who, 'GET', `/api/tasks/${taskId}`)).statusCode;
  const query = (text: string) => api.workspace.database.query(text);

  it('tells of a sealed task neither township, size, score, kind nor what was written about it', async () => {
    const listed = async (who: string) =>
      (await get(who, '/api/queue/files')).files.find(({ taskId }: { taskId: string }) => taskId === 'Tp1');
    const nothing = { sealed: true, areas: [], areaNames: [], violations: [], score: null, areaM2: null };
    expect(await listed('o1')).toMatchObject(nothing);
    expect((await get('o1', '/api/queue/files/Tp1')).file).toMatchObject(nothing);
    expect(await listed('su')).toMatchObject({ areaNames: ['东镇', '某县'], areaM2: 6200 });
    expect((await get('o1', '/api/queue/files/Tp1/steps')).steps).toEqual([]);
    expect(JSON.stringify(await get('su', '/api/queue/files/Tp1/steps'))).toContain('assign');
    for (const asked of ['area=east', 'violation=no-licence', 'minScore=1']) {
      const { files } = await get('o1', `/api/queue/files?${asked}`);
      const ids = files.map(({ taskId }: { taskId: string }) => taskId);
      expect(ids, asked).toContain('Tp7');
      expect(ids, asked).not.toContain('Tp1');
      expect((await get('o1', `/api/queue/counts?${asked}`)).byState, asked).toMatchObject({ new: 3, assigned: 0 });
    }
    // Still his: he sees that it waits.
    expect((await get('o1', '/api/queue/files/Tp1')).may).toContain('claim');
  });

  it('keeps the tasks of a round for those it is for', async () => {
    expect((await api.step('o2', 'Tp3', 'claim')).json().code).toBe('flow.round');
    const batch = { body: { ids: ['Tp3'], count: 1 }, headers: { 'idempotency-key': 'claim-kept-1' } };
    expect((await api.ask('o2', 'POST', '/api/queue/claims', batch)).json().refused).toMatchObject([
      { code: 'flow.round' },
    ]);
    const best = { body: { count: 10 }, headers: { 'idempotency-key': 'claim-kept-2' } };
    const { files } = (await api.ask('o2', 'POST', '/api/queue/claims', best)).json();
    expect(files.map(({ taskId }: { taskId: string }) => taskId)).toEqual(['Tp7', 'Tp9', 'Tp11']);
    await query(`UPDATE tuban.task_file SET state = 'new', holder = NULL, lease_until = NULL WHERE holder = 'o2'`);
    expect((await api.step('o1', 'Tp3', 'claim')).statusCode).toBe(200);
  });

  it('withholds with a sealed task what was merged into it or split for it', async () => {
    expect(await sees('o1', 'Tp9')).toBe(200);
    await query(`UPDATE tuban.task_file SET state = 'merged', merged_into = 'Tp5' WHERE task_id = 'Tp9'`);
    await query(`UPDATE tuban.task_file SET state = 'split' WHERE task_id = 'Tp11'`);
    await query(`UPDATE tuban.task_file SET split_from = 'Tp11' WHERE task_id = 'Tp5'`);
    for (const id of ['Tp9', 'Tp11']) {
      expect(await sees('o1', id), id).toBe(404);
      expect((await get('o1', `/api/queue/files/${id}`)).opened, id).toBeNull();
      expect(await sees('su', id), id).toBe(200);
    }
    expect((await get('o1', '/api/quarters/2026Q3/tasks')).tasks.map(({ id }: { id: string }) => id)).toEqual(['Tp7']);
  });

  it('shows a planner of another area no more than any officer', async () => {
    await query(`INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('o1', 'analyst', 'west')`);
    expect(await sees('o1', 'Tp5')).toBe(404);
    expect((await get('o1', '/api/queue/files/Tp5')).file).toMatchObject({ areaNames: [], areaM2: null });
    expect(await sees('o1', 'Tp2')).toBe(200);
    await query(`DELETE FROM tuban.grant_of WHERE person_id = 'o1' AND role = 'analyst'`);
  });
}

describe('sealed rounds on the embedded database', () => holds(async () => null));
withPostgres('sealed rounds on a server', () => holds(freshDatabase));
