/** tuban register on an embedded workspace: versions, persons, lines and points, secret areas; the one map in a browser. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser, withBrowser } from '../testing/browser.js';
import { commandsOn } from '../testing/commands.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as layer } from './layer.js';
import { register as registerCommand } from './register.js';

let workspace: TestWorkspace;
let dir: string;
let tuban: ReturnType<typeof commandsOn>;
type Said = Awaited<ReturnType<typeof tuban>>;

const feature = (geometry: object, properties: Record<string, unknown>) => ({ type: 'Feature', properties, geometry });
const square = (lon: number, lat: number, size: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon, lat],
      [lon + size, lat],
      [lon + size, lat + size],
      [lon, lat + size],
      [lon, lat],
    ],
  ],
});
function file(name: string, ...features: object[]): string {
  writeFileSync(join(dir, name), JSON.stringify({ type: 'FeatureCollection', features }));
  return name;
}
async function imported(kind: string, name: string, ...options: string[]): Promise<Said> {
  const said = await tuban('layer', 'import', kind, name, ...options);
  expect(said.status, said.err).toBe(0);
  return said;
}
const text = (name: string): string => readFileSync(join(dir, name), 'utf8');

const C1 = { 许可证号: 'C1', 矿山名称: '一矿', 采矿权人: '甲公司', 有效期起: '2020-01-01', 有效期止: '2025-12-31' };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-register-'));
  workspace = await openTestWorkspace({ jobs: 1 });
  tuban = commandsOn(workspace, [layer, registerCommand], dir);
  const persons = { 县级责任人: '张三', 包村领导: '李四', 包村领导电话: '13800000000', 村级责任人: '王五' };
  await imported('licences', file('2020.geojson', feature(square(113.5, 37.8, 0.01), { ...C1, ...persons })));
  await imported(
    'keyzones',
    file(
      'zones.geojson',
      feature(
        {
          type: 'LineString',
          coordinates: [
            [113.52, 37.8],
            [113.54, 37.81],
          ],
        },
        { zone_kind: '露头煤线', name: '刘备山' },
      ),
      feature(
        { type: 'Point', coordinates: [113.53, 37.82] },
        { zone_kind: '储煤场', name: '东煤场', 缓冲距离: '80米' },
      ),
      feature(square(113.55, 37.8, 0.02), { zone_kind: '军事管理区', name: '某部七号库' }),
    ),
  );
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('tuban register', () => {
  it('tells each event of a licence by comparing its versions, with sources', async () => {
    const renewed = { ...C1, 有效期起: '2026-01-01', 有效期止: '2030-12-31', 换证日期: '2026-01-01' };
    const second = await imported('licences', file('2026.geojson', feature(square(113.5, 37.8, 0.008), renewed)));
    expect(second.out).toContain('一矿 C1：延续、缩小范围，自 2026-01-01 起');
    const corrected = { ...renewed, 采矿权人: '甲公司（更名）', 换证日期: null };
    const third = await imported('licences', file('fix.geojson', feature(square(113.5, 37.8, 0.008), corrected)));
    expect(third.out).toContain('一矿 C1：更正、变更权利人，自 2026-01-01 起');
    const shown = JSON.parse((await tuban('register', 'show', 'C1', '--json')).out);
    expect(
      shown.versions.map((one: Record<string, unknown>) => [one.from, one.until, one.stood, one.events, one.files]),
    ).toEqual([
      [null, '2026-01-01', true, ['granted'], ['2020.geojson']],
      ['2026-01-01', null, true, ['corrected', 'transferred'], ['fix.geojson']],
      ['2026-01-01', '2026-01-01', false, ['extended', 'reduced'], ['2026.geojson']],
    ]);
    expect((await tuban('register', 'show', '一矿')).out).toContain('县级 张三；乡镇级 李四 13800000000；村级 王五');
    expect((await tuban('register', 'show', '没有的')).status).toBe(2);
  });

  it('lists what stands on a day, what expires and who answers for it', async () => {
    const at = async (...options: string[]) =>
      JSON.parse((await tuban('register', 'list', 'licences', '--json', ...options)).out).entries.map(
        (one: Record<string, unknown>) => [one.holder, one.standing, one.versions, one.file],
      );
    expect(await at('--on', '2025-11-01')).toEqual([['甲公司', 'in-force', 2, '2020.geojson']]);
    expect(await at('--on', '2026-11-01')).toEqual([['甲公司（更名）', 'in-force', 2, 'fix.geojson']]);
    expect(await at('--on', '2031-01-01')).toEqual([['甲公司（更名）', 'expired', 2, 'fix.geojson']]);
    expect(await at('--on', '2025-12-01', '--expiring', '30')).toHaveLength(1);
    expect(await at('--on', '2025-12-01', '--expiring', '29')).toHaveLength(0);
    expect(await at('--on', '2025-11-01', '--person', '李四')).toHaveLength(1);
    expect(await at('--on', '2025-11-01', '--person', '赵六')).toHaveLength(0);
    expect((await tuban('register', 'list', '--on', '昨天')).status).toBe(2);
  });

  it('makes ground of lines and points, by the width of the file or of their kind, and says which', async () => {
    const { out, err } = await tuban(
      'layer',
      'import',
      'keyzones',
      'zones.geojson',
      '--dry-run',
      '--valid-from',
      '2026-01-01',
    );
    expect(out).toContain('试读');
    expect(err).toMatch(/露头煤线为线，按 100 米（露头煤线的缺省值）缓冲成面/);
    expect(err).toMatch(/储煤场为点，按 80 米（文件所给）缓冲成面/);
    const entries = JSON.parse((await tuban('register', 'list', 'keyzones', '--json')).out).entries;
    const yard = entries.find(({ name }: { name: string }) => name === '东煤场');
    expect(yard.buffered).toEqual({ from: 'point', metres: 80 });
    // a circle of 64 sides has 0.9984 of the circle's area
    expect(yard.areaM2 / (Math.PI * 80 ** 2)).toBeCloseTo(0.9984, 3);
    const refused = file(
      'road.geojson',
      feature(
        {
          type: 'LineString',
          coordinates: [
            [113, 37],
            [114, 38],
          ],
        },
        { zone_kind: '永久基本农田' },
      ),
    );
    const said = await tuban('layer', 'import', 'keyzones', refused);
    expect([said.status, said.err]).toEqual([
      2,
      expect.stringContaining('应为面；可用线的 zone_kind：涉密区域、露头煤线、县界'),
    ]);
  });

  it('says of a secret area only that it is one, and writes it out only when asked', async () => {
    const listed = await tuban('register', 'list', 'keyzones');
    expect(listed.out).toContain('涉密区域');
    expect((await tuban('register', 'list', '--json')).out + listed.out).not.toContain('七号库');
    const plain = await tuban('register', 'export', 'map.geojson');
    expect(plain.err).toContain('未包括涉密区域 1 个');
    expect(text('map.geojson')).toContain('刘备山');
    expect(text('map.geojson')).not.toMatch(/七号库|涉密/);
    const layerOut = await tuban('layer', 'export', 'keyzones', 'zones-out.geojson');
    expect([layerOut.err, text('zones-out.geojson').includes('七号库')]).toEqual([
      expect.stringContaining('未包括'),
      false,
    ]);
    const secret = await tuban('register', 'export', 'secret.geojson', '--with-secret');
    expect(secret.err).toContain('含涉密区域 1 个');
    expect(text('secret.geojson')).toContain('七号库');
  });

  it('exports one map as tables', async () => {
    await tuban('register', 'export', 'map.csv', '--on', '2026-11-01');
    const rows = text('map.csv').trim().split('\r\n');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain('乡镇级责任人 township_who');
    expect(rows.find((row) => row.includes('licences'))).toContain(
      '甲公司（更名）,,有效,2026-01-01,2030-12-31,2026-01-01,2,',
    );
    for (const name of ['map.gpkg', 'map.xlsx']) expect((await tuban('register', 'export', name)).status).toBe(0);
  });
});

withBrowser('the one map', () => {
  it('opens offline, shows every kind, chooses, searches and hides', async () => {
    await tuban('register', 'export', 'map.html', '--on', '2026-11-01');
    expect(text('map.html')).not.toContain('七号库');
    const browser = await startBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(pathToFileURL(join(dir, 'map.html')).href);
      const shown = () => page.locator('#map path:visible').count();
      expect(await shown()).toBe(3);
      expect(await page.textContent('header')).toContain('另有涉密区域 1 个');
      await page.click('tbody tr:has-text("东煤场")');
      expect(await page.textContent('#card')).toContain('zones.geojson 第 2 行');
      expect(await page.locator('#map path.chosen').count()).toBe(1);
      await page.fill('#search', '甲公司');
      expect([await shown(), await page.locator('tbody tr:visible').count()]).toEqual([1, 1]);
      await page.fill('#search', '');
      await page.uncheck('input[data-kind=keyzones]');
      expect(await shown()).toBe(1);
      await page.check('input[data-kind=keyzones]');
      await page.click('[data-zoom="0"]');
      expect(await page.locator('#labels span').allTextContents()).toContain('一矿');
      expect(await page.textContent('#bar')).toMatch(/^\d+ k?m$/);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 60_000);
});
