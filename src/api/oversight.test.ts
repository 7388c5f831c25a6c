/**
 * The pages for those who oversee, in a real browser on a real server: learning from refusal to revert, exports, unusual reading, settings; and the pages
 * that no other walk passes: team, a plain task. Each at desktop and phone size, checked for barriers (axe) and for width.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withBrowser } from '../testing/browser.js';
import { barriers, type Office, openOffice, tooWide } from '../testing/office.js';
import { layOutcomes } from '../testing/outcomes.js';

const PHONE = 390;
/** Width of an entry of two characters. */
const ENTRY = 50;
const WAIT = { timeout: 120_000 };
const LONG = 600_000;

withBrowser('pages of oversight', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(6);
  }, LONG);
  afterAll(() => office?.close());

  const go = async (page: Page, path: string) => {
    await page.goto('about:blank');
    await page.goto(`${office.address}#${path}`);
  };
  /** Barriers and overhang of a page at both sizes, once `there` is to be seen. */
  const problemsOf = async (login: string, path: string, there: string) => {
    const found: unknown[] = [];
    for (const width of [1280, PHONE]) {
      const page = await office.page(login, width);
      await go(page, path);
      await page.waitForSelector(there);
      if ((await tooWide(page)) > 0) found.push(`${width}: too wide`);
      found.push(...(await barriers(page)));
    }
    return found;
  };

  it(
    'refuses to learn in plain words, learns once there are verdicts, shows the effect, is adopted with a reason and put back',
    async () => {
      const page = await office.page('ad');
      await go(page, '/learning');
      await page.waitForSelector('.weights');
      await page.click('.head button');
      await expect.poll(() => page.textContent('main'), WAIT).toContain('不提出新的权重');
      expect(await page.textContent('.refusal')).toContain('已认定的任务 0 个，少于 150 个');
      expect(await page.locator('.decide').count()).toBe(0);

      await layOutcomes(office.workspace.database, office.workspace.recipe.judgement, 420, 30);
      await page.fill('[name=k]', '30');
      await page.click('.head button');
      await expect.poll(() => page.textContent('main'), WAIT).toContain('正在拟合');
      await expect.poll(() => page.textContent('main'), WAIT).toContain('提出新的权重（规则集');
      expect(await page.locator('.chart svg circle.learned').count()).toBeGreaterThan(1);
      await page.click('.chart details >> nth=0');
      expect(await page.textContent('.chart table >> nth=0')).toMatch(/30\s*\d+ %（\d+–\d+）/);
      expect(await page.locator('.decide button.main').isDisabled()).toBe(true);
      await page.click('.decide button >> nth=0');
      await page.waitForSelector('.moved tbody tr');
      await page.click('.decide button.main >> nth=0');
      await page.fill('.decide [name=reason]', '留出季度上确有改进');
      await page.click('.decide form button[type=submit]');
      await expect.poll(() => page.textContent('.done >> nth=0'), WAIT).toContain('已采用');
      expect(await page.textContent('main')).toMatch(/由 管 采用。理由：留出季度上确有改进/);
      await page.click('.sets button');
      await page.fill('.sets [name=reason]', '先恢复');
      await page.click('.sets form button[type=submit]');
      await expect.poll(() => page.textContent('main'), WAIT).toMatch(/由 管 恢复。理由：先恢复/);
      expect(await problemsOf('su', '/learning', '.charts')).toEqual([]);
      const reader = await office.page('su');
      expect(await reader.locator('.sets button').count()).toBe(0);
    },
    LONG,
  );

  it(
    'shows what left and whose copy a file is',
    async () => {
      const page = await office.page('su');
      const file = join(office.workspace.dir, 'list.csv');
      const text =
        await page.evaluate<string>(`fetch('./api/lists', { method: 'POST', body: '{"format":"csv","quarter":"2026Q3"}',
        headers: { 'content-type': 'application/json', 'x-tuban': '1' } }).then((answer) => answer.arrayBuffer())
        .then((bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))))`);
      writeFileSync(file, Buffer.from(text, 'base64'));
      await go(page, '/exports');
      await page.waitForSelector('.exports tbody tr');
      await page.setInputFiles('[name=copy]', file);
      await expect.poll(() => page.textContent('.note-box'), WAIT).toMatch(/list\.csv”是 督 于/);
      writeFileSync(file, `${text} changed`);
      await page.setInputFiles('[name=copy]', file);
      await expect.poll(() => page.textContent('.note-box'), WAIT).toContain('不是这里导出的原样文件');
      expect(await problemsOf('su', '/exports', '.exports tbody tr')).toEqual([]);
      expect(await problemsOf('o1', '/exports', 'main .none')).toEqual([]);
    },
    LONG,
  );

  it(
    'tells who looked at places, and that it proves nothing',
    async () => {
      const officer = await office.page('o1');
      await go(officer, '/tasks/Tp5');
      await officer.waitForSelector('.place-part');
      expect(await problemsOf('su', '/reading', '.readers tbody tr')).toEqual([]);
      const page = await office.page('su');
      expect(await page.textContent('main')).toMatch(/不能证明任何人有过错[\s\S]*东一/);
      await go(officer, '/reading');
      await officer.waitForSelector('.wrong');
      expect(await officer.locator('.readers').count()).toBe(0);
    },
    LONG,
  );

  it(
    'offers in its bar what one may open, and shows where one is',
    async () => {
      const { database } = office.workspace;
      await database.query(`INSERT INTO tuban.person (id, login, name) VALUES ('su-e', 'su-e', '东督')`);
      await database.query(
        `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('su-e', 'supervisor', 'east')`,
      );
      const offered = async (login: string) => {
        const page = await office.page(login, PHONE);
        await go(page, '/exports');
        await page.waitForSelector('.sub-nav');
        const here = page.locator('.office-top nav .router-link-active');
        expect(await here.textContent()).toBe('审计');
        // Its bar is wider than the screen.
        await expect.poll(async () => (await here.boundingBox())?.x, WAIT).toBeLessThan(PHONE - ENTRY);
        return page.locator('.office-top nav a, .sub-nav a').allTextContents();
      };
      const everywhere = await offered('su');
      expect(everywhere).toEqual(expect.arrayContaining(['排序学习', '查阅异常']));
      expect(await offered('su-e')).toEqual(everywhere.filter((one) => one !== '排序学习' && one !== '查阅异常'));
    },
    LONG,
  );

  it(
    'adds and retires a code as a new version, enters a year of the calendar, shows the settings',
    async () => {
      const page = await office.page('ad');
      await go(page, '/settings');
      await page.waitForSelector('.code-table tbody tr');
      await page.fill('[name=new-code]', 'sealed-equipment');
      await page.fill('[name=new-zh]', '查封设备');
      await page.click('.filter-bar button');
      await page.click('.code-table tbody tr:first-child button');
      await page.fill('[name=codes-note]', '县里补充');
      await page.click('form:has([name=codes-note]) button.main');
      await expect.poll(() => page.textContent('.done'), WAIT).toContain('第 2 版');
      await page.click('summary:has-text("各版本")');
      await page.click('[aria-label="第 2 版的改动"]');
      await expect.poll(() => page.textContent('.hints'), WAIT).toMatch(/停用 现场措施[\s\S]*新增 现场措施 查封设备/);

      // Renamed and moved: the code stays what it was.
      await page.click('[aria-label="改名 查封设备"]');
      await page.fill('[name=zh-sealed-equipment]', '查封采挖设备');
      await page.fill('[name=en-sealed-equipment]', 'equipment sealed');
      await page.press('[name=en-sealed-equipment]', 'Enter');
      await page.click('[aria-label="上移 查封采挖设备"]');
      expect(await page.textContent('.code-table')).toContain('改名未保存');
      expect(await barriers(page)).toEqual([]);
      await page.fill('[name=codes-note]', '写得更清楚');
      await page.click('form:has([name=codes-note]) button.main');
      await expect.poll(() => page.textContent('.done'), WAIT).toContain('第 3 版');
      await page.click('[aria-label="第 3 版的改动"]');
      await expect
        .poll(() => page.textContent('.hints'), WAIT)
        .toMatch(/改动 现场措施 查封设备[\s\S]*查封采挖设备[\s\S]*equipment sealed[\s\S]*改变先后次序/);

      await page.click('button:has-text("录入年份")');
      await page.fill('[name=source]', '国办发明电〔2027〕1号');
      await page.fill('[name=days]', '2028-01-01,休\n2028-01-04,班');
      await expect.poll(() => page.textContent('form:has([name=days]) [role=status]'), WAIT).toContain('第 2 行');
      await page.fill('[name=days]', '2028-01-01,休\n2028-01-09,班');
      await page.click('form:has([name=days]) button.main');
      await expect
        .poll(() => page.textContent('.calendar'), WAIT)
        .toMatch(/2028\s*1 天\s*1 天\s*国办发明电〔2027〕1号\s*管/);
      expect(await page.textContent('.settings')).toContain('72 小时');
      expect(await problemsOf('ad', '/settings', '.settings tr')).toEqual([]);
    },
    LONG,
  );

  it(
    'has no barriers on the team page and a plain task',
    async () => {
      const officer = await office.page('o1');
      await go(officer, '/tasks/Tp3');
      await officer.waitForSelector('.actions [data-action=claim]');
      await officer.click('.actions [data-action=claim]');
      await officer.waitForSelector('[role=timer]');
      expect(await problemsOf('su', '/team', '.files tbody tr')).toEqual([]);
      expect(await problemsOf('o1', '/tasks/Tp5', '.place-part')).toEqual([]);
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );
});
