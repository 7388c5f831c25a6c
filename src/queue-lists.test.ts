/** Lists as files and forms that come back, over HTTP, on both databases: only what the person sees, marked; each row by itself, nothing twice. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readXlsx } from './adapters/xlsx/read-xlsx.js';
import { FORM_SHEET } from './model/form-sheet.js';
import type { ReadBackAnswer } from './ports/task-lists.js';
import { type Filling, filledWorkbook } from './testing/form-workbook.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { queueTask } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

const MARK = /tuban-mark person=o1 at=2026-10-12T04:00:\d\d\.\d{3}Z export=E[0-9a-f]{16}/;

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tuban-queue-lists-'));
    api = await openQueueApi(await databaseUrl(), 24);
  });
  afterAll(async () => {
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const list = async (login: string, body: object) => {
    const answer = await api.ask(login, 'POST', '/api/lists', { body });
    expect(answer.statusCode).toBe(200);
    return answer.rawPayload;
  };
  const readBack = async (login: string, file: Uint8Array, dryRun = false) => {
    const { payload, headers } = multipart([['file', { file: '核查.xlsx', bytes: file }]]);
    return api.ask(login, 'POST', `/api/lists/read-back?dryRun=${dryRun}`, { payload, headers });
  };
  const results = ({ rows }: ReadBackAnswer) => rows.map(({ taskId, result }) => `${taskId} ${result}`);
  const count = async (table: 'finding' | 'finding_draft') => {
    const [row] = await api.workspace.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM tuban.${table}`);
    return row?.n;
  };
  const right = (n: number, changes: Record<string, Filling> = {}): Record<string, Filling> => ({
    到达时间: new Date('2026-10-12T09:30:00Z'),
    离开时间: '2026-10-12 10:10',
    执法人员一: '张三',
    执法证号一: 'X001',
    执法人员二: '李四',
    执法证号二: 'X002',
    核查位置经度: queueTask(n).judged.patch.lon,
    核查位置纬度: queueTask(n).judged.patch.lat,
    坐标系: 'CGCS2000',
    现场核查描述: '=HYPERLINK("http://x","点我")',
    正在开采: '否',
    违法类型: '无证开采',
    矿种: 'building-stone',
    '设备及台套（如 挖掘机×2；装载机×1）': '挖掘机×2',
    '方量（立方米）': 705.55,
    数量来源: '实测',
    违法主体类别: '个人',
    违法主体证件号码: '370101199001011234',
    '现场措施（用；分开）': '断水；断电',
    认定意见: '违法',
    处理方式: '立案',
    ...changes,
  });

  it('writes each format with what the person sees, his name and the time, on record', async () => {
    const texts = {
      csv: (await list('o1', { format: 'csv' })).toString('utf8'),
      geojson: (await list('o1', { format: 'geojson' })).toString('utf8'),
      kml: (await list('o1', { format: 'kml' })).toString('utf8'),
      gpx: (await list('o1', { format: 'gpx' })).toString('utf8'),
    };
    for (const text of Object.values(texts)) {
      expect(text).toContain('Tp23');
      expect(text).not.toContain('Tp2<');
      expect(text).not.toMatch(/Tp(2|4|24)\b/);
      expect(text).toMatch(MARK);
      expect(text).toContain('导出：东一　2026-10-12 12:00');
    }
    expect(texts.kml).toContain('CGCS2000');
    const path = join(folder, 'a.gpkg');
    writeFileSync(path, await list('o3', { format: 'gpkg' }));
    const read = execFileSync('ogrinfo', ['-al', '-geom=NO', path], { encoding: 'utf8' });
    expect(read).toMatch(/Feature Count: 12/);
    expect(read).toContain('tuban-mark person=o3');
    const zip = unzipSync(await list('o3', { format: 'shp' }));
    const quarter = queueTask(1).quarter;
    expect(Object.keys(zip)).toEqual(expect.arrayContaining([`tuban-${quarter}.shp`, `tuban-${quarter}.shp.mark.txt`]));
    for (const [name, bytes] of Object.entries(zip)) writeFileSync(join(folder, name), bytes);
    const shape = execFileSync('ogrinfo', ['-al', '-geom=NO', join(folder, `tuban-${quarter}.shp`)], {
      encoding: 'utf8',
    });
    expect(shape).toMatch(/Feature Count: 12/);
    expect(shape).not.toMatch(/Tp(1|3|23)\b/);
    expect(Buffer.from(zip[`tuban-${quarter}.shp.mark.txt`] ?? []).toString('utf8')).toContain('person=o3');
    const kmz = unzipSync(await list('o3', { format: 'kmz' }))['doc.kml'];
    expect(Buffer.from(kmz ?? []).toString('utf8')).toContain('person=o3');
    const audit = await api.workspace.database.query<{ person: string; body: string }>(
      `SELECT person, body FROM tuban.audit WHERE action = 'export.write' ORDER BY seq`,
    );
    expect(audit.map(({ person, body }) => `${person} ${(JSON.parse(body) as { format: string }).format}`)).toEqual([
      'o1 csv',
      'o1 geojson',
      'o1 kml',
      'o1 gpx',
      'o3 gpkg',
      'o3 shp',
      'o3 kmz',
    ]);
    expect(audit[0]?.body).not.toMatch(/106\.|29\.4|东一/);
  });

  it('leaves nothing behind, and takes away what a killed export left a day ago, not one that is being written', async () => {
    const leaving = join(api.workspace.dir, '.tuban', 'leaving');
    for (const name of ['list-killed', 'list-written']) mkdirSync(join(leaving, name), { recursive: true });
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(join(leaving, 'list-killed'), longAgo, longAgo);
    await list('o1', { format: 'csv' });
    expect(readdirSync(leaving)).toEqual(['list-written']);
  });

  it('names the places of a KML for maps and phones', async () => {
    const path = join(folder, 'a.kml');
    writeFileSync(path, await list('o1', { format: 'kml', taskIds: ['Tp3', 'Tp2', 'Tp1'] }));
    const read = execFileSync('ogrinfo', ['-al', path], { encoding: 'utf8' });
    expect(read).toMatch(/Name \(String\) = 3 Tp3/i);
    expect(read).toMatch(/POINT/);
    expect(read.match(/POINT/g)).toHaveLength(2);
  });

  it('answers a list in which there is nothing to see with an error, and a name that names no place', async () => {
    const none = await api.ask('o1', 'POST', '/api/lists', { body: { format: 'xlsx', taskIds: ['Tp2'] } });
    expect([none.statusCode, none.json().code]).toEqual([expect.any(Number), 'list.none']);
    const sent = await api.ask('o1', 'POST', '/api/lists', { body: { format: 'xlsx' } });
    expect(sent.headers['content-disposition']).toBe('attachment; filename="tuban-2026Q3.xlsx"');
    const odd = await api.ask('o1', 'POST', '/api/lists', { body: { format: 'docx' } });
    expect(odd.statusCode).toBe(422);
  });

  it('makes a workbook of list, form and codes, marked and without a formula', async () => {
    const files = unzipSync(await list('o1', { format: 'xlsx' }));
    const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
    expect(text('xl/workbook.xml')).toMatch(/name="任务清单".*name="核查记录".*name="代码"/);
    expect(text('docProps/core.xml')).toMatch(MARK);
    expect(text('docProps/core.xml')).toContain('<dc:creator>东一</dc:creator>');
    for (const n of [1, 2, 3]) {
      const sheet = text(`xl/worksheets/sheet${n}.xml`);
      expect(sheet).toMatch(/导出：东一/);
      expect(sheet).not.toMatch(/<f[ >]/);
    }
    expect(text('xl/worksheets/sheet2.xml')).toMatch(/<dataValidation type="list".*'代码'!\$A\$3:\$A\$11/);
    const form = await readXlsx(await list('o1', { format: 'xlsx' }), FORM_SHEET);
    expect(String(form[0]?.[0])).toContain('内部资料 注意保密');
    expect(form[2]?.slice(0, 5)).toEqual(['Tp1', 1, 1, expect.stringMatching(/^K[0-9a-f]{7}$/), '1']);
    expect(form).toHaveLength(2 + 12);
  });

  it('takes each row by itself, says what is wrong by its cell, and nothing twice', async () => {
    const book = await list('o1', { format: 'xlsx' });
    for (const id of ['Tp1', 'Tp3', 'Tp7']) expect((await api.step('o1', id, 'claim')).statusCode).toBe(200);
    const { file, cell } = await filledWorkbook(book, {
      Tp1: right(1),
      Tp3: right(3, {
        到达时间: '2031-01-01 09:00',
        离开时间: '2031-01-01 10:00',
        认定意见: '大概违法',
        '方量（立方米）': '约七百',
      }),
      Tp17: right(17, { 执法人员二: null, 执法证号二: null, 正在开采: '大概' }),
      // Not held: kept.
      Tp5: right(5),
      // Addressed to another task.
      Tp7: right(7, { 任务编号: 'Tp9' }),
      Tp11: right(11, { 任务编号: 'Tp2' }),
    });
    const dry = (await readBack('o1', file, true)).json() as ReadBackAnswer;
    // The row that was left empty for Tp9 and the one that now claims to be its.
    const others = ['Tp3 refused', 'Tp5 refused', 'Tp9 refused', 'Tp9 refused', 'Tp2 refused', 'Tp17 refused'];
    expect(results(dry)).toEqual(['Tp1 valid', ...others]);
    expect([await count('finding'), await count('finding_draft')]).toEqual([0, 0]);

    const answer = (await readBack('o1', file)).json() as ReadBackAnswer;
    expect(results(answer)).toEqual(['Tp1 submitted', ...others]);
    expect(answer.empty).toBe(12 - 6);
    const errors = answer.rows.flatMap((row) => row.errors.map((one) => `${one.cell} ${one.code}`));
    expect(errors).toEqual([
      `${cell('Tp3', '方量（立方米）')} form.number`,
      `${cell('Tp3', '到达时间')} form.future`,
      `${cell('Tp3', '离开时间')} form.future`,
      `${cell('Tp3', '认定意见')} form.code`,
      `${cell('Tp5', '任务编号')} flow.state`,
      `${cell('Tp7', '任务编号')} form.row-changed`,
      `${cell('Tp9', '任务编号')} form.other-row`,
      `${cell('Tp11', '任务编号')} form.row-changed`,
      `${cell('Tp17', '正在开采')} form.value`,
      `${cell('Tp17', '执法人员二')} form.too-small`,
    ]);
    for (const { message } of answer.rows.flatMap((row) => row.errors)) expect(message).toMatch(/[\u4e00-\u9fff]/);
    const [drafted] = answer.rows.filter(({ draftId }) => draftId !== null);
    expect(drafted?.taskId).toBe('Tp5');
    expect([await count('finding'), await count('finding_draft')]).toEqual([1, 1]);
    const [finding] = (await api.ask('r1', 'GET', '/api/tasks/Tp1/findings')).json().findings;
    expect(finding).toMatchObject({
      personId: 'o1',
      form: {
        arrivedAt: '2026-10-12T09:30:00+08:00',
        description: '=HYPERLINK("http://x","点我")',
        measures: ['water-cut', 'power-cut'],
        parts: [{ part: '1', verdict: 'illegal', equipment: [{ code: 'excavator', count: 2 }] }],
      },
    });
    const offender = await api.ask('o1', 'GET', `/api/findings/${finding.id}/offender`);
    expect(offender.body).toContain('370101199001011234');

    const again = (await readBack('o1', file)).json() as ReadBackAnswer;
    expect(results(again)[0]).toBe('Tp1 known');
    expect([await count('finding'), await count('finding_draft')]).toEqual([1, 1]);
    expect((await api.ask('o1', 'GET', '/api/queue/files/Tp1')).json().file.state).toBe('submitted');
  });

  it('takes what was filled in before the task was claimed, and refuses what somebody has gone on with', async () => {
    const book = await list('o1', { format: 'xlsx', taskIds: ['Tp13', 'Tp15'] });
    for (const id of ['Tp13', 'Tp15']) await api.step('o1', id, 'claim');
    await api.step('o1', 'Tp13', 'depart');
    const first = await filledWorkbook(book, { Tp13: right(13), Tp15: right(15) });
    const second = await filledWorkbook(book, { Tp15: right(15, { 现场核查描述: '另写一份' }) });
    const answer = (await readBack('o1', first.file)).json() as ReadBackAnswer;
    expect(results(answer)).toEqual(['Tp13 submitted', 'Tp15 submitted']);
    await api.step('r1', 'Tp15', 'return', { reason: '缺照片', deadline: '2026-10-30' });
    await api.step('o1', 'Tp15', 'claim');
    const stale = (await readBack('o1', second.file)).json() as ReadBackAnswer;
    expect(stale.rows[0]?.errors.map(({ cell, code }) => `${cell} ${code}`)).toEqual([
      `${second.cell('Tp15', '修订号')} flow.stale`,
    ]);
    expect(stale.rows[0]?.draftId).not.toBeNull();
    expect(results((await readBack('o1', second.file, true)).json() as ReadBackAnswer)).toEqual(['Tp15 refused']);
    const fresh = await filledWorkbook(await list('o1', { format: 'xlsx', taskIds: ['Tp15'] }), {
      Tp15: right(15, { 现场核查描述: '另写一份' }),
    });
    expect(results((await readBack('o1', fresh.file)).json() as ReadBackAnswer)).toEqual(['Tp15 submitted']);
  });

  it('shows nobody a task by its id in a sheet', async () => {
    const book = await list('su', { format: 'xlsx', taskIds: ['Tp4'] });
    const { file } = await filledWorkbook(book, { Tp4: right(4) });
    const answer = (await readBack('o1', file)).json() as ReadBackAnswer;
    expect(answer.rows[0]?.errors).toMatchObject([{ cell: 'A3', code: 'task.none' }]);
  });

  it('refuses what is no such workbook, whatever it unpacks to', async () => {
    const refuse = async (file: Uint8Array) => (await readBack('o1', file)).json().code;
    expect(await refuse(Buffer.from('not a workbook'))).toBe('form.file');
    expect(await refuse(zipSync({ 'a.txt': new Uint8Array(10) }))).toBe('form.file');
    expect(await refuse(zipSync({ 'xl/workbook.xml': new Uint8Array(80 * 1024 * 1024) }))).toBe('form.file');
    const { file } = await filledWorkbook(await list('o1', { format: 'xlsx' }), {});
    const renamed = unzipSync(file);
    const book = Buffer.from(renamed['xl/workbook.xml'] ?? [])
      .toString('utf8')
      .replace(FORM_SHEET, '别的');
    expect(await refuse(zipSync({ ...renamed, 'xl/workbook.xml': Buffer.from(book) }))).toBe('form.sheet');
  });
}

describe('lists and forms on the embedded database', () => holds(async () => null));
withPostgres('lists and forms on a server', () => holds(freshDatabase));
