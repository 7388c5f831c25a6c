/** tuban layer import and export of corner-point texts on an embedded workspace. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOn } from '../testing/commands.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as layer } from './layer.js';

const CORPUS = new URL('../../fixtures/register/corners/', import.meta.url).pathname;

let workspace: TestWorkspace;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-corner-lists-'));
  workspace = await openTestWorkspace({ jobs: 1 });
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

const tuban = (...argv: string[]) => commandsOn(workspace, [layer], dir)(...argv);

describe('tuban layer import of corner points', () => {
  it('refuses what it cannot know, names the option, and takes the answer', async () => {
    const file = join(CORPUS, 'string-no-zone.txt');
    const refused = await tuban('layer', 'import', 'plans', file);
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('请用 --zone 指定')]);
    const taken = await tuban('layer', 'import', 'plans', file, '--zone', '39', '--axis', 'xy');
    expect([taken.status, taken.out]).toEqual([0, expect.stringContaining('3度带第39带')]);
    expect(taken.err).toContain('Y 坐标不含带号，--zone为 39');
    expect((await tuban('layer', 'import', 'plans', file, '--zone', '39', '--axis', 'xy')).out).toContain('已导入过');
    // Another answer is another import.
    expect((await tuban('layer', 'import', 'plans', file, '--zone', '38')).out).toContain('3度带第38带');
  });

  it('refuses words for options', async () => {
    const file = join(CORPUS, 'string-no-zone.txt');
    for (const wrong of [
      ['--zone', '24'],
      ['--zone', '三十九'],
      ['--axis', 'north'],
      ['--angle', 'rad'],
    ]) {
      expect((await tuban('layer', 'import', 'plans', file, ...wrong)).status).toBe(2);
    }
  });

  it('imports the rest of a file with one bad plot and ends with 2', async () => {
    const { status, out, err } = await tuban('layer', 'import', 'prone', join(CORPUS, 'exchange-one-bad-plot.txt'));
    expect([status, out]).toEqual([2, expect.stringContaining('2 个面')]);
    expect(err).toContain('第 19 行 (row)：界址点数写 9，实有 5 行');
  });

  it('shows the warning of a remark that contradicts its flag', async () => {
    const { status, err } = await tuban('layer', 'import', 'licences', join(CORPUS, 'string-trap.txt'));
    expect([status, err]).toEqual([0, expect.stringContaining('与标志不符：标志为保留，按保留处理，请人工核对')]);
  });
});

describe('tuban layer export to corner points', () => {
  it('writes what came, byte for byte, through the database', async () => {
    const { status, out } = await tuban('layer', 'export', 'licences', 'back.txt', '--format', 'string');
    expect([status, out]).toEqual([0, expect.stringContaining('第 38 带')]);
    expect(readFileSync(join(dir, 'back.txt'), 'utf8')).toBe(readFileSync(join(CORPUS, 'string-trap.txt'), 'utf8'));
  });

  it('gives the same bytes again from its own export', async () => {
    for (const format of ['exchange', 'registration', 'string']) {
      const kind = { exchange: 'closed', registration: 'restoration', string: 'lawful' }[format] ?? '';
      const first = `${format}-1.txt`;
      expect((await tuban('layer', 'import', kind, join(CORPUS, 'exchange-several-plots.txt'))).status).toBe(0);
      expect((await tuban('layer', 'export', kind, first, '--format', format)).status).toBe(0);
      const other = { exchange: 'keyzones', registration: 'admin', string: 'exploration' }[format] ?? '';
      expect((await tuban('layer', 'import', other, first)).status).toBe(0);
      await tuban('layer', 'export', other, `${format}-2.txt`, '--format', format);
      expect(readFileSync(join(dir, `${format}-2.txt`)).equals(readFileSync(join(dir, first)))).toBe(true);
    }
    const text = iconv.decode(readFileSync(join(dir, 'exchange-1.txt')), 'gb18030');
    expect(text).toContain('4,9,DK01,甲,面,,采矿用地,0602,@\r\nJ1,1,4005600.000,39605200.000\r\n');
  });

  it('needs a format for .txt and leaves out what has another datum', async () => {
    const bare = await tuban('layer', 'export', 'licences', 'x.txt');
    expect([bare.status, bare.err]).toEqual([2, expect.stringContaining('--format')]);
    await tuban('layer', 'import', 'licences', join(CORPUS, 'exchange-xian80.txt'));
    const part = await tuban('layer', 'export', 'licences', 'part.txt', '--format', 'exchange', '--zone', '38');
    expect([part.status, part.out]).toEqual([2, expect.stringContaining('已写出 1 个面')]);
    expect(part.err).toMatch(/未写出 1 个.*\n.*1980西安坐标系/);
  });

  it('leaves secret areas out and says how many', async () => {
    const header = '编号\t区域类型\t拐点坐标\n';
    const ring = (x: number): string => `1,3,1,${x},39605200.5,2,${x + 100},39605200.5,3,${x + 100},39605500.5,,,,1,`;
    writeFileSync(join(dir, 'zones.txt'), `${header}A\t军事禁区\t${ring(4005600.5)}\nB\t河流\t${ring(4006600.5)}\n`);
    expect((await tuban('layer', 'import', 'keyzones', 'zones.txt')).status).toBe(0);
    const { out, err } = await tuban('layer', 'export', 'keyzones', 'zones-out.txt', '--format', 'string');
    expect(err).toContain('未包括涉密区域 1 个');
    const text = readFileSync(join(dir, 'zones-out.txt'), 'utf8');
    expect([text.includes('军事'), text.includes('4005600.5'), text.includes('河流')]).toEqual([false, false, true]);
    expect(out).not.toContain('军事');
  });

  it('refuses a zone that is none and leaves the file as it was', async () => {
    writeFileSync(join(dir, 'none.txt'), 'before');
    const { status, err } = await tuban('layer', 'export', 'plans', 'none.txt', '--format', 'string', '--zone', '50');
    expect([status, err]).toEqual([2, expect.stringContaining('--zone 应为带号')]);
    expect(readFileSync(join(dir, 'none.txt'), 'utf8')).toBe('before');
  });
});
