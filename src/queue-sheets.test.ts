/** Sheets of a workspace: only what the person may see goes on paper, with the person's name, and the export is on record. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamFile } from './adapters/files/stream-file.js';
import { createDesk } from './adapters/postgres/desk.js';
import { exportSheets } from './queue-sheets.js';
import { demoTasks } from './testing/demo-quarter.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

describe('exportSheets', () => {
  let workspace: TestWorkspace;
  let folder: string;
  const device = 'test';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tuban-sheets-'));
    workspace = await openTestWorkspace();
    const { database } = workspace;
    const [first, second] = demoTasks();
    if (!first || !second) throw new Error('no tasks');
    await database.query(
      `INSERT INTO tuban.area (id, name) VALUES ('east', '东镇'), ('west', '西镇'), ('north', '北镇')`,
    );
    await database.query(
      `INSERT INTO tuban.person (id, login, name) VALUES ('e', 'e', '赵东'), ('n', 'n', '孙北'), ('s', 's', '钱督')`,
    );
    await database.query(
      `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('e', 'officer', 'east'), ('n', 'officer', 'north'), ('s', 'supervisor', NULL)`,
    );
    for (const [task, area] of [
      [first, 'east'],
      [second, 'west'],
    ] as const) {
      await database.query(
        `INSERT INTO tuban.site (id, first_quarter, geom) VALUES ($1, '2018Q2', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490))`,
        [task.siteId],
      );
      await database.query(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body) VALUES ($1, '2018Q2', $2, $3, $4, 50, 'new', $5::jsonb)`,
        [task.id, task.judged.patch.id, task.siteId, task.rank, JSON.stringify({ judged: task.judged })],
      );
      await database.query(
        `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, deadline)
         VALUES ($1, '2018Q2', 'new', $2, 50, '{}', 1, ARRAY[$3], '2026-12-11')`,
        [task.id, task.rank, area],
      );
    }
  });
  afterAll(async () => {
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (personId: string, name: string) =>
    streamFile(join(folder, name), (put) =>
      exportSheets(workspace, createDesk(workspace.database), { personId, device }, { quarter: '2018Q2' }, put),
    );
  const text = (name: string) => execFileSync('pdftotext', [join(folder, name), '-'], { encoding: 'utf8' });

  it('prints what the person sees, under the person’s name', async () => {
    expect((await write('s', 'all.pdf')).tasks).toBe(2);
    expect((await write('e', 'east.pdf')).tasks).toBe(1);
    const [first, second] = demoTasks();
    expect(text('all.pdf')).toContain(second?.id);
    expect(text('east.pdf')).toContain(first?.id);
    expect(text('east.pdf')).not.toContain(second?.id);
    expect(text('east.pdf')).toContain('赵东');
    expect(text('east.pdf')).toContain('2026-12-11');
    // Said, not left blank: nothing was compared here.
    expect(text('east.pdf')).toContain('没有可用的影像对');
    // The words of the workspace's code table.
    expect(text('east.pdf')).toContain('伪变化');
  });

  it('puts the export on record, without a place; leaves no file where there is nothing to print', async () => {
    const rows = await workspace.database.query<{ person: string; body: string }>(
      `SELECT person, body FROM tuban.audit WHERE action = 'export.write' ORDER BY seq`,
    );
    expect(rows.map(({ person }) => person)).toEqual(['s', 'e']);
    expect(rows[1]?.body).not.toMatch(/106\.|29\.|赵东/);
    await expect(write('n', 'north.pdf')).rejects.toMatchObject({ code: 'list.none' });
    expect(existsSync(join(folder, 'north.pdf'))).toBe(false);
    await expect(streamFile(join(folder, 'missing', 'x.pdf'), async () => undefined)).rejects.toMatchObject({
      code: 'output.folder',
    });
  });
});
