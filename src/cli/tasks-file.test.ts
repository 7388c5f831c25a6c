/** tuban tasks attach, files, finding, verdict, bundle and tuban codes, as people type them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from '../adapters/postgres/desk.js';
import { fileParts } from '../queue-file-parts.js';
import { commandsOn } from '../testing/commands.js';
import { layFileGround, PLACE, testForm } from '../testing/file-ground.js';
import { photo } from '../testing/photos.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as codes } from './codes.js';
import { register as tasks } from './tasks.js';

let dir: string;
let workspace: TestWorkspace;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-files-'));
  workspace = await openTestWorkspace();
  await layFileGround(workspace.database);
  writeFileSync(join(dir, 'IMG 1.jpg'), await photo({ ...PLACE, takenAt: '2026:10:12 09:40:00' }));
  writeFileSync(join(dir, 'virus.jpg'), 'MZ not a picture');
});
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});
const tuban = (...argv: string[]) => commandsOn(workspace, [tasks, codes], dir)(...argv);

describe('commands of files and findings', () => {
  it('attach takes what is good and says what is not', async () => {
    const said = await tuban('tasks', 'attach', 'Tp1', 'IMG 1.jpg', 'virus.jpg', 'nothing.jpg', '--as', 'e');
    expect(said).toMatchObject({
      status: 2,
      out: expect.stringMatching(/^已存 [0-9a-f]{12} {2}image\/jpeg .*距图斑 0 m/),
    });
    expect(said.err).toMatch(/virus\.jpg：不接受这种文件[\s\S]*nothing\.jpg：读不到文件/);
    expect((await tuban('tasks', 'attach', 'Tp1', 'IMG 1.jpg', '--as', 'e')).out).toMatch(/^已有/);
    expect((await tuban('tasks', 'attach', 'Tp1', 'IMG 1.jpg')).err).toContain('--as');
    expect((await tuban('tasks', 'attach', 'Tp1', 'IMG 1.jpg', '--as', 'w')).err).toContain('没有编号为 Tp1');
    expect((await tuban('tasks', 'attach', 'Tp1', 'IMG 1.jpg', '--datum', 'X', '--as', 'e')).err).toContain('GCJ-02');
    const { files } = JSON.parse((await tuban('tasks', 'files', 'Tp1', '--json', '--as', 'r1')).out);
    expect(files).toMatchObject([{ name: 'IMG 1.jpg', flags: [] }]);
  });

  it('finding checks a form; verdict shows, remarks, and takes an opinion; bundle writes what sha256sum checks', async () => {
    writeFileSync(join(dir, 'form.json'), JSON.stringify(testForm({ officers: [] }, { verdict: 'x' })));
    const wrong = await tuban('tasks', 'finding', 'Tp1', '--form', 'form.json', '--as', 'e');
    expect(wrong).toMatchObject({ status: 2, out: expect.stringContaining('officers：至少两名执法人员') });
    writeFileSync(join(dir, 'form.json'), JSON.stringify(testForm()));
    const right = await tuban('tasks', 'finding', 'Tp1', '--form', 'form.json', '--as', 'e');
    expect(right).toMatchObject({ status: 0, out: expect.stringMatching(/存疑 地块 1 V25[\s\S]*填写正确/) });
    expect(JSON.parse((await tuban('tasks', 'finding', 'Tp1', '--schema', '--as', 'e')).out)).toMatchObject({
      version: 1,
    });
    const desk = createDesk(workspace.database);
    const { steps } = fileParts(workspace, desk);
    await desk.as({ personId: 'e', device: 'test' }, async (turn) => {
      await steps.storeFinding(turn, 'F1', 2, await steps.checkFinding(turn, 'Tp1', testForm()));
    });
    expect((await tuban('tasks', 'verdict', 'Tp1', '--opine', '--as', 'e')).err).toContain('不能认定自己提交的核查');
    expect((await tuban('tasks', 'verdict', 'Tp1', '--opine', '--as', 'r1')).status).toBe(0);
    expect((await tuban('tasks', 'verdict', 'Tp1', '--as', 's')).out).toMatch(
      /提出 地块 1 违法，立案\n意见 \d{4}-\d\d-\d\d \d\d:\d\d 审一 地块 1 违法，立案/,
    );
    expect(await tuban('tasks', 'bundle', 'Tp1', 'file.zip', '--as', 's')).toMatchObject({ status: 0 });
    for (const [name, content] of Object.entries(unzipSync(readFileSync(join(dir, 'file.zip'))))) {
      const path = join(dir, name.replace('originals/', ''));
      writeFileSync(path, name === 'SHA256SUMS' ? Buffer.from(content).toString().replace('originals/', '') : content);
    }
    expect(spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: dir }).status).toBe(0);
    expect((await tuban('tasks', 'bundle', 'Tp1', 'no/file.zip', '--as', 's')).err).toContain('不能写到');
  });

  it.each(['codes.csv', 'codes.xlsx'])(
    'codes come back from %s as they left, and changed as the next version',
    async (file) => {
      const before = JSON.parse((await tuban('codes', 'list', '--json', '--as', 'a')).out) as { version: number };
      expect((await tuban('codes', 'export', file, '--as', 'a')).status).toBe(0);
      expect((await tuban('codes', 'import', file, '--note', 'x', '--as', 'a')).out).toContain('没有更改');
      expect((await tuban('codes', 'import', file, '--note', 'x', '--as', 'e')).err).toContain('只有全域管理员');
      const own = `verdict,own-${before.version},"道路, ""建设""${before.version}",road,other,`;
      const head = '代码,kind,中文名称 zh,英文名称,作用,停用';
      const rows = (await tuban('codes', 'list', '--json', '--as', 'a')).out;
      const lines = (
        JSON.parse(rows) as { codes: { kind: string; code: string; zh: string; en: string; effect: string | null }[] }
      ).codes.map(({ kind, code, zh, en, effect }) =>
        [code, kind, zh, en, effect ?? '', ''].map((value) => `"${value.replaceAll('"', '""')}"`).join(','),
      );
      const [kind = '', code = '', ...rest] = own.split(',');
      writeFileSync(join(dir, 'own.csv'), [head, ...lines, [code, kind, ...rest].join(',')].join('\r\n'));
      const said = await tuban('codes', 'import', 'own.csv', '--note', '补充', '--as', 'a');
      expect(said.out).toContain(`已成为第 ${before.version + 1} 版`);
      expect((await tuban('codes', 'versions', '--as', 'e')).out).toContain('补充');
    },
  );

  it('codes refuses a file that is none, rows that are wrong, and says which', async () => {
    writeFileSync(join(dir, 'bad.csv'), '类别,代码,中文名称\nverdict,BAD CODE,违法\n');
    const said = await tuban('codes', 'import', 'bad.csv', '--note', 'x', '--as', 'a');
    expect(said.err).toMatch(/第 1 行：代码“BAD CODE”[\s\S]*已被使用/);
    writeFileSync(join(dir, 'bad.csv'), 'a,b\n1,2\n');
    expect((await tuban('codes', 'import', 'bad.csv', '--note', 'x', '--as', 'a')).err).toContain('表头缺少');
    writeFileSync(join(dir, 'bad.csv'), '类别,"代码\nx');
    expect((await tuban('codes', 'import', 'bad.csv', '--note', 'x', '--as', 'a')).err).toContain('引号不成对');
    expect((await tuban('codes', 'import', 'virus.jpg', '--note', 'x', '--as', 'a')).err).toContain('.csv 或 .xlsx');
    expect((await tuban('codes', 'list', '--kind', 'nope', '--as', 'a')).err).toMatch(/^选项 --kind.*“nope”.*verdict/);
  });
});
