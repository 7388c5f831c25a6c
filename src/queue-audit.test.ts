/** The record proved on both databases: whatever the owner of the tables does to it is named, with the entry at which the chain breaks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { register as audit } from './cli/audit.js';
import { type AuditEntry, auditHash } from './model/audit.js';
import type { Database } from './ports/database.js';
import type { EngineDesk } from './ports/desk.js';
import { createAudit } from './queue-audit.js';
import { commandsOn } from './testing/commands.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const device = 'test';
const ENTRIES = 2100;
const GROUND = `
INSERT INTO tuban.area (id, name) VALUES ('east', '东镇'), ('west', '西镇');
INSERT INTO tuban.person (id, login, name) VALUES ('o', 'o', '执法'), ('su', 'su', '督'), ('te', 'te', '东督');
INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('o', 'officer', 'east'), ('su', 'supervisor', NULL), ('te', 'supervisor', 'east');
INSERT INTO tuban.site (id, first_quarter, geom)
  SELECT id, '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490) FROM (VALUES ('p1'), ('p2')) v (id);
INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
  SELECT 'T' || id, '2026Q3', id, id, n, 50, 'new', '{}' FROM (VALUES ('p1', 1), ('p2', 2)) v (id, n);
INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas) VALUES
  ('Tp1', '2026Q3', 'new', 1, 50, '{}', 1, '{east}'), ('Tp2', '2026Q3', 'new', 2, 50, '{}', 1, '{west}')`;

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let database: Database;
  let desk: EngineDesk;
  const dir = mkdtempSync(join(tmpdir(), 'tuban-audit-'));
  const tuban = (...argv: string[]) => commandsOn(workspace, [audit], dir)(...argv);
  const as = (personId: string) => ({ personId, device });
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    database = workspace.database;
    desk = createDesk(database);
    for (const statement of GROUND.split(';\n')) await database.query(statement);
    await desk.as(as('o'), async (turn) => {
      for (let i = 1; i <= ENTRIES; i++) {
        turn.record({ action: i % 2 ? 'task.look' : 'round.read', subject: `task:Tp${1 + (i % 2)}`, body: { i } });
      }
    });
  });
  afterAll(async () => {
    await workspace.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** As the owner of the tables, who switches the guard off; put back afterwards. */
  async function tampered<T>(statements: readonly string[], look: () => Promise<T>): Promise<T> {
    const before = await database.query<AuditEntry>('SELECT * FROM tuban.audit WHERE seq > 2000 ORDER BY seq');
    await database.query('ALTER TABLE tuban.audit DISABLE TRIGGER USER');
    try {
      for (const statement of statements) await database.query(statement);
      return await look();
    } finally {
      await database.query('DELETE FROM tuban.audit WHERE seq > 2000');
      await database.query(
        `INSERT INTO tuban.audit SELECT * FROM jsonb_to_recordset($1::jsonb)
           AS r (seq bigint, at text, person text, device text, action text, subject text, body text, previous text, hash text)`,
        [JSON.stringify(before)],
      );
      await database.query('ALTER TABLE tuban.audit ENABLE TRIGGER USER');
    }
  }

  const verify = async () => (await createAudit(desk).verify(as('su'), null)).broken;

  it('is whole, page after page, and says so with status 0', async () => {
    const { status, out } = await tuban('audit', 'verify');
    expect(status).toBe(0);
    expect(out).toContain(`审计链完整：${ENTRIES} 条`);
    const head = (await tuban('audit', 'head')).out.trim();
    expect(head).toMatch(new RegExp(`^${ENTRIES}:[0-9a-f]{64}$`));
    expect((await tuban('audit', 'verify', '--head', head)).status).toBe(0);
    expect((await tuban('audit', 'verify', '--head', head.split(':')[1] ?? '')).status).toBe(0);
    expect((await tuban('audit', 'verify', '--head', 'no')).status).toBe(2);
  });

  it.each([
    ['at', `'2020-01-01T00:00:00.000Z'`],
    ['person', `'su'`],
    ['device', `'x'`],
    ['action', `'task.claim'`],
    ['subject', `'task:Tp9'`],
    ['body', `'{"i":0}'`],
    ['hash', `repeat('a', 64)`],
  ])('names the entry whose %s was changed', async (field, value) => {
    const update = `UPDATE tuban.audit SET ${field} = ${value} WHERE seq = 2050`;
    expect(await tampered([update], verify)).toMatchObject({ seq: 2050, why: 'hash', at: expect.any(String) });
  });

  it('names what was relinked, removed, put in and swapped', async () => {
    const set = (field: string) => `UPDATE tuban.audit SET ${field} = repeat('b', 64) WHERE seq = 2050`;
    expect(await tampered([set('previous')], verify)).toMatchObject({ seq: 2050, why: 'previous' });
    const remove = 'DELETE FROM tuban.audit WHERE seq = 2050';
    expect(await tampered([remove], verify)).toMatchObject({ seq: 2050, why: 'missing', at: null });
    // The numbers closed up over the gap: the next one still holds the hash of the one that is gone.
    const closeUp = [2051, 2052].map((seq) => `UPDATE tuban.audit SET seq = ${seq - 1} WHERE seq = ${seq}`);
    expect(await tampered([remove, ...closeUp], verify)).toMatchObject({ seq: 2050, why: 'previous' });
    const swap = [
      'UPDATE tuban.audit SET seq = 9999 WHERE seq = 2050',
      'UPDATE tuban.audit SET seq = 2050 WHERE seq = 2060',
      'UPDATE tuban.audit SET seq = 2060 WHERE seq = 9999',
    ];
    expect(await tampered(swap, verify)).toMatchObject({ seq: 2050, why: 'previous' });
    const insert = [
      'UPDATE tuban.audit SET seq = seq + 10000 WHERE seq >= 2050',
      'UPDATE tuban.audit SET seq = seq - 9999 WHERE seq > 10000',
      `INSERT INTO tuban.audit VALUES (2050, '2026-01-01T00:00:00.000Z', 'o', 'x', 'task.look', 'task:Tp1', '{}', repeat('c', 64), repeat('d', 64))`,
    ];
    expect(await tampered(insert, verify)).toMatchObject({ seq: 2050, why: 'previous', action: 'task.look' });
  });

  it('names the entry after one that was changed together with its hash', async () => {
    const [entry] = await database.query<AuditEntry>('SELECT * FROM tuban.audit WHERE seq = 2050');
    if (!entry) throw new Error('no entry');
    const hash = auditHash({ ...entry, person: 'su' });
    const update = `UPDATE tuban.audit SET person = 'su', hash = '${hash}' WHERE seq = 2050`;
    expect(await tampered([update], verify)).toMatchObject({ seq: 2051, why: 'previous' });
  });

  it('tells a cut end and a rewritten chain by the head that was noted', async () => {
    const head = (await tuban('audit', 'head')).out.trim();
    await tampered(['DELETE FROM tuban.audit WHERE seq > 2090'], async () => {
      expect((await tuban('audit', 'verify')).status).toBe(0);
      const cut = await tuban('audit', 'verify', '--head', head);
      expect(cut.status).toBe(1);
      expect(cut.out).toContain('断裂于第 2091 条：末尾被截去');
      expect((await tuban('audit', 'verify', '--head', head.split(':')[1] ?? '')).out).toContain('没有一条的散列值');
    });
    const [last] = await database.query<AuditEntry>(`SELECT * FROM tuban.audit WHERE seq = ${ENTRIES}`);
    if (!last) throw new Error('no entry');
    const hash = auditHash({ ...last, body: '{}' });
    await tampered([`UPDATE tuban.audit SET body = '{}', hash = '${hash}' WHERE seq = ${ENTRIES}`], async () => {
      expect((await tuban('audit', 'verify')).status).toBe(0);
      expect((await tuban('audit', 'verify', '--head', head)).out).toContain(
        `断裂于第 ${ENTRIES} 条：与所记的链头不符`,
      );
    });
    expect(await verify()).toBeNull();
  });

  it('proves an export alone, without a database', async () => {
    const head = (await tuban('audit', 'head')).out.trim();
    expect((await tuban('audit', 'export', 'a.jsonl')).out).toContain(`已写出 ${ENTRIES} 条`);
    const lines = readFileSync(join(dir, 'a.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(ENTRIES);
    const check = async (changed: readonly string[], end = '\n') => {
      writeFileSync(join(dir, 'b.jsonl'), changed.join('\n') + end);
      return tuban('audit', 'verify', '--file', 'b.jsonl', '--head', head);
    };
    expect((await check(lines)).status).toBe(0);
    const at = (i: number) => lines[i] ?? '';
    const tries: [readonly string[], string][] = [
      [lines.with(41, at(41).replace('42}', '43}')), '第 42 条：内容'],
      [lines.toSpliced(41, 1), '第 42 条：缺少'],
      [lines.with(41, at(42)).with(42, at(41)), '第 42 条：缺少'],
      [lines.toSpliced(41, 0, at(40)), '第 41 条：多出'],
      [lines.with(41, at(41).replace('{', '{"more":1,')), '第 42 条：这一行不是'],
      [lines.with(41, 'x'), '第 42 条：这一行不是'],
      [lines.slice(0, -3), `第 ${ENTRIES - 2} 条：末尾`],
    ];
    for (const [changed, says] of tries) {
      const { status, out } = await check(changed);
      expect(out).toContain(says);
      expect(status).toBe(1);
    }
    const torn = await check(lines.with(-1, at(ENTRIES - 1).slice(0, 30)), '');
    expect(torn.out).toContain(`第 ${ENTRIES} 条：这一行不是`);
    expect((await tuban('audit', 'verify', '--file', 'none.jsonl')).status).toBe(2);
  });

  it('is listed newest first, with filters, page by page', async () => {
    const record = createAudit(desk);
    const first = await record.list(as('su'), { before: null, limit: 3, action: 'task' });
    expect(first.entries.map(({ seq, personName }) => [seq, personName])).toEqual([
      [2099, '执法'],
      [2097, '执法'],
      [2095, '执法'],
    ]);
    const next = await record.list(as('su'), { before: first.before, limit: 1, action: 'task.look', person: 'o' });
    expect(next.entries.map(({ seq }) => seq)).toEqual([2093]);
    const none = { before: null, limit: 5 };
    expect((await record.list(as('su'), { ...none, person: 'su' })).entries).toEqual([]);
    expect((await record.list(as('su'), { ...none, action: 'tas' })).entries).toEqual([]);
    expect((await record.list(as('su'), { ...none, until: '2020-01-01T00:00:00.000Z' })).entries).toEqual([]);
    const listed = await tuban('audit', 'list', '--subject', 'task:Tp1', '--since', '2020-01-01', '--limit', '2');
    expect(listed.out).toMatch(/2100 .*round\.read .*task:Tp1/);
    expect((await tuban('audit', 'list', '--since', 'soon')).status).toBe(2);
  });

  it('is for supervisors and administrators; those of an area see its tasks and prove nothing', async () => {
    const record = createAudit(desk);
    const wish = { before: null, limit: 500 };
    await expect(record.list(as('o'), wish)).rejects.toMatchObject({ code: 'audit.role' });
    await expect(record.verify(as('o'), null)).rejects.toMatchObject({ code: 'audit.role' });
    await expect(record.verify(as('te'), null)).rejects.toMatchObject({ code: 'audit.area' });
    await expect(record.head(as('te'))).rejects.toMatchObject({ code: 'audit.area' });
    const subjects = new Set((await record.list(as('te'), wish)).entries.map(({ subject }) => subject));
    expect([...subjects]).toEqual(['task:Tp1']);
    // Without the check of the code.
    const seen = (personId: string) =>
      desk.as(as(personId), async ({ sql }) => (await sql.query('SELECT DISTINCT subject FROM tuban.audit')).length);
    expect([await seen('o'), await seen('te'), await seen('su')]).toEqual([0, 1, 3]);
  });
}

describe('the record on the embedded database', () => holds(async () => null));
withPostgres('the record on a server', () => holds(freshDatabase));
