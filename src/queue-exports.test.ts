/** Files that leave, on both databases: each is logged before it is written, carries whose copy it is, and is told again by its bytes. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { register as audit } from './cli/audit.js';
import { register as exportAll } from './cli/export.js';
import { register as layer } from './cli/layer.js';
import { register } from './cli/register.js';
import { register as tasks } from './cli/tasks.js';
import type { ExportEntry } from './model/export-entry.js';
import type { EngineDesk } from './ports/desk.js';
import { commandsOn, type Said } from './testing/commands.js';
import { countyTasks, layPeople, layTasks } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

/** Of a mark made for the supervisor. */
const RECORD = /tuban-mark person=su at=\d{4}-\d\d-\d\dT[\d:.]+Z export=E[0-9a-f]{16}/;
const TEXT = '导出：督　20';

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  const dir = mkdtempSync(join(tmpdir(), 'tuban-exports-'));
  const tuban = (...argv: string[]) => commandsOn(workspace, [tasks, layer, register, exportAll, audit], dir)(...argv);
  const taken = (file: string): Promise<Said> => tuban('--as', 'su', 'tasks', 'export', file, '--quarter', '2026Q3');
  const read = (file: string) => readFileSync(join(dir, file));
  const exports = async (...argv: string[]): Promise<ExportEntry[]> =>
    JSON.parse((await tuban('audit', 'exports', '--json', ...argv)).out).exports;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl(), jobs: 1 });
    desk = createDesk(workspace.database);
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(4));
  });
  afterAll(async () => {
    await workspace.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each(['geojson', 'kml', 'gpx'])('stands in a .%s, to be seen and to be read by programs', async (ending) => {
    expect((await taken(`a.${ending}`)).status).toBe(0);
    const text = read(`a.${ending}`).toString('utf8');
    expect(text).toMatch(RECORD);
    expect(text).toContain(TEXT);
    expect(existsSync(join(dir, `a.${ending}.mark.txt`))).toBe(false);
  });

  it('stands in a .gpkg, .kmz and .xlsx, and leaves their tables as they were', async () => {
    for (const file of ['a.gpkg', 'a.kmz', 'a.xlsx']) expect((await taken(file)).status).toBe(0);
    const info = execFileSync('ogrinfo', ['-so', '-al', join(dir, 'a.gpkg')], { encoding: 'utf8' });
    expect(info).toMatch(RECORD);
    expect(info).toContain(TEXT);
    expect(info).toMatch(/Feature Count: 4/);
    const [kml] = Object.values(unzipSync(read('a.kmz')));
    expect(Buffer.from(kml ?? []).toString('utf8')).toMatch(RECORD);
    const book = Object.entries(unzipSync(read('a.xlsx'))).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).toString(),
    ]);
    const texts = book.map(([, text]) => text).join('\n');
    expect(texts).toMatch(RECORD);
    expect(texts).toContain('name="任务清单"');
    expect(texts).toContain('name="核查记录"');
  });

  it('stands beside a .csv and a .shp, whose every line and field is data', async () => {
    for (const file of ['b.csv', 'b.shp']) {
      expect((await taken(file)).status).toBe(0);
      expect(read(`${file}.mark.txt`).toString('utf8')).toMatch(RECORD);
    }
    expect(read('b.csv').toString('utf8')).not.toContain('导出：');
    expect(read('b.csv').toString('utf8').trimEnd().split('\r\n')).toHaveLength(5);
  });

  it('is told by the bytes of a file, and by the id in its mark', async () => {
    const byFile = await exports('--file', 'a.geojson');
    expect(byFile).toMatchObject([
      {
        kind: 'tasks',
        format: 'geojson',
        quarter: '2026Q3',
        rows: 4,
        personId: 'su',
        personName: '督',
        device: 'console',
      },
    ]);
    const sum = execFileSync('sha256sum', [join(dir, 'a.geojson')], { encoding: 'utf8' }).slice(0, 64);
    expect(byFile[0]).toMatchObject({ sha256: sum, bytes: read('a.geojson').length });
    const mark = JSON.parse(read('a.geojson').toString('utf8')).tuban_mark;
    expect(await exports('--id', mark.exportId)).toEqual(byFile);
    expect((await tuban('audit', 'exports', '--person', 'su')).out).toContain('任务清单');
    expect((await tuban('audit', 'exports', '--file', 'none')).status).toBe(2);
    expect(await exports('--person', 'o1')).toEqual([]);
  });

  it('leaves the canonical export as it is, byte by byte, in the log alone', async () => {
    expect((await tuban('export', '--canonical', 'c1')).status).toBe(0);
    expect((await tuban('export', '--canonical', 'c2')).status).toBe(0);
    expect(read('c1').equals(read('c2'))).toBe(true);
    expect(existsSync(join(dir, 'c1.mark.txt'))).toBe(false);
    const [second, first] = await exports('--kind', 'canonical');
    expect(first).toMatchObject({ personId: 'system', sha256: second?.sha256 });
  });

  it('logs what was begun and never whole, and puts both in the audit without a place', async () => {
    expect((await taken('none/a.gpkg')).status).toBe(2);
    const [broken] = await exports();
    expect(broken).toMatchObject({ format: 'gpkg', sha256: null });
    expect((await tuban('audit', 'exports')).out).toContain('未完成');
    const rows = await workspace.database.query<{ action: string; body: string }>(
      `SELECT action, body FROM tuban.audit WHERE subject LIKE 'export:%' ORDER BY seq`,
    );
    expect(rows.filter(({ action }) => action === 'export.done').length).toBeGreaterThan(8);
    expect(rows.map(({ body }) => body).join('\n')).not.toMatch(/10[67]\.\d|29\.4/);
    expect((await tuban('audit', 'verify')).status).toBe(0);
  });

  it('marks the register’s files, and layers beside where they come back by import', async () => {
    expect((await tuban('--as', 'su', 'register', 'export', 'r.html')).status).toBe(0);
    expect(read('r.html').toString('utf8')).toMatch(RECORD);
    expect((await tuban('--as', 'su', 'layer', 'export', 'licences', 'l.gpkg')).status).toBe(0);
    expect((await tuban('--as', 'su', 'layer', 'export', 'licences', 'l.xlsx')).status).toBe(0);
    expect(read('l.xlsx.mark.txt').toString('utf8')).toMatch(RECORD);
  });

  it('holds without the checks of the code: own rows only, begun by oneself, closed once', async () => {
    const own = (text: string, personId = 'o1') => desk.as({ personId, device: 'x' }, ({ sql }) => sql.query(text));
    expect(await own('SELECT * FROM tuban.export_log')).toEqual([]);
    const row = (person: string, id: string) =>
      `INSERT INTO tuban.export_log (id, at, person_id, device, kind, format, rows) VALUES ('${id}', now(), '${person}', 'x', 'tasks', 'csv', 1)`;
    await expect(own(row('su', 'E1'))).rejects.toThrow(/row-level security/);
    await own(row('o1', 'E2'));
    expect(await own('SELECT id FROM tuban.export_log')).toEqual([{ id: 'E2' }]);
    const hash = (text: string) => `UPDATE tuban.export_log SET sha256 = repeat('${text}', 64), bytes = 1 RETURNING id`;
    expect(await own(hash('a'))).toEqual([{ id: 'E2' }]);
    expect(await own(hash('b'))).toEqual([]);
    await expect(own(`UPDATE tuban.export_log SET rows = 9`)).rejects.toThrow(/permission denied/);
    await expect(own(`DELETE FROM tuban.export_log`)).rejects.toThrow(/permission denied/);
    await expect(workspace.database.query(hash('c'))).rejects.toThrow('append-only');
    await expect(workspace.database.query('DELETE FROM tuban.export_log')).rejects.toThrow('append-only');
  });
}

describe('exports on the embedded database', () => holds(async () => null));
withPostgres('exports on a server', () => holds(freshDatabase));
