/**
 * The office pages in a real browser, on a real server and workspace: from claim to closed at desktop size, return and resubmission on a phone,
 * a lease that ends, who may not, a sealed round, a first password. Each page that is passed is checked for barriers (axe).
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withBrowser } from '../testing/browser.js';
import { barriers, OFFICE_PASSWORD, type Office, openOffice, signIn, tooWide } from '../testing/office.js';
import { photo } from '../testing/photos.js';
import { queueTask } from '../testing/queue-ground.js';

const PHONE = 390;
const WAIT = { timeout: 120_000 };
const LONG = 600_000;

withBrowser('office pages', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(12);
  }, LONG);
  afterAll(() => office?.close());

  /** By a fresh load, as from a bookmark. */
  const go = async (page: Page, path: string) => {
    await page.goto('about:blank');
    await page.goto(`${office.address}#${path}`);
  };
  const press = (page: Page, action: string) => page.click(`.actions [data-action=${action}]`);
  const state = (page: Page) => page.textContent('.file-head .state');
  const minutesAgo = (minutes: number) =>
    new Date(Date.now() + 8 * 3_600_000 - minutes * 60_000).toISOString().slice(0, 16);

  async function attachPhoto(page: Page, n: number): Promise<void> {
    const { lon, lat } = queueTask(n).judged.patch;
    const buffer = await photo({ lon: lon + 0.0006, lat, takenAt: '2026:10:02 09:30:00', shade: n });
    await page.setInputFiles('.finding-form input[type=file]', {
      name: `坑口${n}.jpg`,
      mimeType: 'image/jpeg',
      buffer,
    });
    await page.waitForSelector('.sending .done');
  }

  async function fillFinding(page: Page, n: number): Promise<void> {
    await press(page, 'submit');
    await page.waitForSelector('#f-arrivedAt');
    await attachPhoto(page, n);
    await page.fill('#f-arrivedAt', minutesAgo(90));
    await page.fill('#f-leftAt', minutesAgo(50));
    await page.fill('[id="f-officers.1.name"]', '李四');
    await page.fill('#f-noPositionReason', '设备无信号');
    await page.fill('#f-description', '现场有采坑一处 <b>未开工</b>');
    await page.selectOption('[id="f-parts.0.active"]', 'no');
    await page.selectOption('[id="f-parts.0.verdict"]', { label: '违法' });
    await page.selectOption('[id="f-parts.0.handling"]', { label: '立案' });
    await page.locator('#f-files .choose-files input[type=checkbox]').first().check();
    await page.locator('#f-files .choose-files select').first().selectOption({ index: 1 });
  }

  it(
    'goes from claim over a finding with a photo and two reviews to a case that is closed',
    async () => {
      const officer = await office.page('o1');
      await officer.waitForSelector('.files tbody tr');
      expect(await barriers(officer)).toEqual([]);
      await officer.click('.files a[href$="/tasks/Tp1"]');
      await press(officer, 'claim');
      await expect.poll(() => state(officer), WAIT).toBe('已领取');
      expect(await officer.textContent('[role=timer]')).toMatch(/余 \d+ 天|余 \d+ 小时/);
      await press(officer, 'depart');
      await expect.poll(() => state(officer), WAIT).toBe('现场核查');
      await press(officer, 'submit');
      await officer.click('.finding-form button[type=submit]');
      await officer.waitForSelector('#form-errors');
      expect(await officer.textContent('#form-errors')).toMatch(/\d+ 处需要改正/);
      await press(officer, 'submit');
      await fillFinding(officer, 1);
      expect(await barriers(officer)).toEqual([]);
      await officer.click('.finding-form button[type=submit]');
      await expect.poll(() => state(officer), WAIT).toBe('待审核（所级）');
      await expect.poll(() => officer.textContent('.finding'), WAIT).toContain('现场有采坑一处 <b>未开工</b>');

      const station = await office.page('r1');
      await station.waitForSelector('.files a');
      expect(await barriers(station)).toEqual([]);
      await station.click('.files a[href$="/tasks/Tp1"]');
      await press(station, 'approve');
      await station.waitForSelector('.review-form select');
      expect(await barriers(station)).toEqual([]);
      await station.click('.review-form button.main');
      await expect.poll(() => state(station), WAIT).toBe('待审核（县级）');

      const county = await office.page('r2');
      await county.click('.files a[href$="/tasks/Tp1"]');
      await press(county, 'approve');
      await county.click('.review-form button.main');
      await expect.poll(() => state(county), WAIT).toBe('已立案');
      await expect.poll(() => county.textContent('.verdicts'), WAIT).toContain('违法，立案');
      await press(county, 'close');
      await expect.poll(() => state(county), WAIT).toBe('已办结');
      await expect.poll(() => county.textContent('.steps'), WAIT).toMatch(/办结[\s\S]*审核通过[\s\S]*提交[\s\S]*领取/);
      await expect
        .poll(() => county.locator('.evidence img').evaluate((image) => image.naturalWidth), WAIT)
        .toBeGreaterThan(0);
      const bundle = county.waitForEvent('download');
      await county.click('button:has-text("导出档案包")');
      expect((await bundle).suggestedFilename()).toBe('Tp1.zip');
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );

  it(
    'is returned with a reason and submitted again, on a phone',
    async () => {
      const officer = await office.page('o2', PHONE);
      await officer.waitForSelector('.files tbody tr');
      expect([await tooWide(officer), await barriers(officer)]).toEqual([0, []]);
      // Tasks come first: the filter is folded until it is asked for, and says what it holds back.
      const first = await officer.locator('.files tbody tr a').first().boundingBox();
      expect(first?.y).toBeLessThan(500);
      await officer.click('.filter-fold summary');
      await officer.selectOption('.filter-bar [name=whose]', 'mine');
      await expect.poll(() => officer.textContent('.filter-fold summary'), WAIT).toContain('已改 1 项');
      expect([await tooWide(officer), await barriers(officer)]).toEqual([0, []]);
      await officer.selectOption('.filter-bar [name=whose]', 'all');
      await go(officer, '/tasks/Tp3');
      await press(officer, 'claim');
      await expect.poll(() => state(officer), WAIT).toBe('已领取');
      await fillFinding(officer, 3);
      expect([await tooWide(officer), await barriers(officer)]).toEqual([0, []]);
      await officer.click('.finding-form button[type=submit]');
      await expect.poll(() => state(officer), WAIT).toBe('待审核（所级）');

      const station = await office.page('r1');
      await go(station, '/tasks/Tp3');
      await press(station, 'return');
      await station.fill('.actions [name=reason]', '照片看不清采坑边界');
      await station.click('.actions form button[type=submit]');
      await expect.poll(() => state(station), WAIT).toBe('退回补正');

      await go(officer, '/notices');
      await officer.waitForSelector('.notices .fresh');
      expect(await officer.textContent('.notices')).toContain('退回补正');
      expect(await barriers(officer)).toEqual([]);
      await go(officer, '/tasks/Tp3');
      await expect.poll(() => officer.textContent('.steps'), WAIT).toContain('照片看不清采坑边界');
      await press(officer, 'claim');
      await expect.poll(() => state(officer), WAIT).toBe('已领取');
      await fillFinding(officer, 5);
      await officer.click('.finding-form button[type=submit]');
      await expect.poll(() => state(officer), WAIT).toBe('待审核（所级）');
      await expect.poll(() => officer.locator('.finding').count(), WAIT).toBe(2);
    },
    LONG,
  );

  it(
    'keeps what was typed when somebody else has gone on, and tells what came since',
    async () => {
      const [one, two] = [await office.page('o1'), await office.page('su')];
      await go(one, '/tasks/Tp5');
      await press(one, 'claim');
      await expect.poll(() => state(one), WAIT).toBe('已领取');
      await press(one, 'ask-extension');
      await one.fill('.actions [name=reason]', '道路塌方，一周后才能到');
      await one.fill('.actions [name=deadline]', minutesAgo(-30 * 1440).slice(0, 10));
      await go(two, '/tasks/Tp5');
      await press(two, 'release');
      await two.click('.actions form button[type=submit]');
      await expect.poll(() => state(two), WAIT).toBe('待分派');
      await one.click('.actions form button[type=submit]');
      await expect.poll(() => one.textContent('.wrong'), WAIT).toContain('放回');
      expect(await one.inputValue('.actions [name=reason]')).toBe('道路塌方，一周后才能到');
    },
    LONG,
  );

  it(
    'shows a lease that ends, and lets the task go',
    async () => {
      const officer = await office.page('o1');
      await go(officer, '/tasks/Tp7');
      await press(officer, 'claim');
      await expect.poll(() => state(officer), WAIT).toBe('已领取');
      await office.workspace.database.query(
        `UPDATE tuban.task_file SET lease_until = now() + interval '20 seconds' WHERE task_id = 'Tp7'`,
      );
      await officer.reload();
      await expect.poll(() => officer.textContent('.told'), WAIT).toContain('领取已到期');
      expect(await state(officer)).toBe('待分派');
      expect(await officer.locator('[role=timer]').count()).toBe(0);
    },
    LONG,
  );

  it(
    'offers nothing to whom nothing is allowed, and refuses what is asked all the same',
    async () => {
      const analyst = await office.page('r2');
      await go(analyst, '/tasks/Tp9');
      await analyst.waitForSelector('.file-head');
      expect(await analyst.locator('.actions').count()).toBe(0);
      const post = (path: string, body: object) =>
        analyst.evaluate<{
          status: number;
          code: string;
        }>(`fetch('./api${path}', { method: 'POST', body: '${JSON.stringify(body)}',
        headers: { 'content-type': 'application/json', 'x-tuban': '1', 'if-match': '"1"' } })
        .then(async (answer) => ({ status: answer.status, code: (await answer.json()).code }))`);
      expect(await post('/queue/files/Tp9/claim', {})).toEqual({ status: 403, code: 'flow.role' });
      expect((await post('/people', { login: 'xx', name: 'x' })).status).toBe(403);
      const west = await office.page('o3');
      await go(west, '/tasks/Tp9');
      await west.waitForSelector('.wrong');
      expect(await west.locator('.file-head').count()).toBe(0);
      expect(await west.locator('.office-top a[href="#/people"]').count()).toBe(0);
    },
    LONG,
  );

  it(
    'seals a round until it departs',
    async () => {
      const planner = await office.page('su');
      await go(planner, '/rounds');
      await planner.click('.head button');
      await planner.fill('[name=lon]', '106.3');
      await planner.fill('[name=lat]', '29.4');
      await planner.fill('[name=most]', '1');
      await planner.selectOption('[name=to]', 'person:o1');
      await planner.check('[name=sealed]');
      await planner.click('.step-form button[type=submit]');
      await planner.waitForSelector('.round-open');
      const officer = await office.page('o1');
      await go(officer, '/rounds');
      await officer.click('.rounds button');
      await officer.waitForSelector('.round-open .sealed');
      expect(await officer.textContent('.round-open')).toContain('共 1 处');
      expect(await officer.textContent('main')).not.toMatch(/106\.\d|29\.4/);
      expect(await barriers(officer)).toEqual([]);
      const [sealed] = await office.workspace.database.query<{ id: string }>(
        'SELECT task_id AS id FROM tuban.task_file WHERE sealed',
      );
      await go(officer, `/tasks/${sealed?.id}`);
      await officer.waitForSelector('.sealed');
      expect(await officer.locator('.place-part').count()).toBe(0);
      await go(officer, '/rounds');
      await officer.click('.rounds button');
      await officer.click('.round-open button.main');
      await officer.waitForSelector('.stops li');
      expect(await officer.textContent('.stops')).toMatch(/106\.\d{5}, 29\.\d{5}/);
    },
    LONG,
  );

  it(
    'shows the record to who may see it, and that it is whole',
    async () => {
      const supervisor = await office.page('su');
      await go(supervisor, '/audit');
      await supervisor.waitForSelector('.plain tbody tr');
      await supervisor.click('.head button');
      await expect.poll(() => supervisor.textContent('.done'), WAIT).toMatch(/记录完整：\d+ 条/);
      expect(await barriers(supervisor)).toEqual([]);
      const officer = await office.page('o1');
      expect(await officer.locator('.office-top a[href="#/audit"]').count()).toBe(0);
    },
    LONG,
  );

  it(
    'makes a person, whose first password is changed before anything else',
    async () => {
      const admin = await office.page('ad');
      await go(admin, '/people');
      await admin.click('.head button');
      await admin.fill('[name=new-login]', 'zhao');
      await admin.fill('[name=new-name]', '赵六');
      await admin.click('.step-form button[type=submit]');
      await admin.waitForSelector('.rights');
      await admin.click('.rights form button');
      await expect.poll(() => admin.textContent('.people'), WAIT).toMatch(/赵六\s*zhao\s*执法人员/);
      await admin.click('.rights button:has-text("生成初始密码")');
      const password = `${await admin.textContent('.secret')}`;
      expect(await barriers(admin)).toEqual([]);
      const page = await office.page(null, PHONE);
      expect(await barriers(page)).toEqual([]);
      await signIn(page, 'zhao', password);
      await page.waitForSelector('[name=fresh]');
      expect(await page.locator('.office-top').count()).toBe(0);
      await page.fill('[name=old]', password);
      await page.fill('[name=fresh]', OFFICE_PASSWORD);
      await page.fill('[name=again]', OFFICE_PASSWORD);
      await page.click('form button[type=submit]');
      await page.waitForSelector('[name=login]');
      await signIn(page, 'zhao', OFFICE_PASSWORD);
      await page.waitForSelector('.office-top');
      expect(await tooWide(page)).toBe(0);
      await go(page, '/me');
      await page.waitForSelector('button:has-text("在所有设备上退出")');
      expect(await barriers(page)).toEqual([]);
      await page.click('button:has-text("在所有设备上退出")');
      await page.waitForSelector('[name=login]');
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );
});
