/**
 * One's own things in a real browser, on a real server and workspace, at a desk and on a phone: sign-in with a one-time code, from setting it up to
 * its reset by an administrator; an old sign-in that is renewed; a draft that is handed to a colleague; a list as it was left. Each page that is passed is checked for barriers (axe).
 */
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withBrowser } from '../testing/browser.js';
import { barriers, OFFICE_PASSWORD, type Office, openOffice, signIn, tooWide } from '../testing/office.js';

const PHONE = 390;
const WAIT = { timeout: 120_000 };
const LONG = 600_000;
const STEP_MS = 30_000;
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

withBrowser('one’s own sign-in and drafts', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(60);
  }, LONG);
  afterAll(() => office?.close());

  const whole = async (page: Page) => [await tooWide(page), await barriers(page)];
  const go = async (page: Page, path: string) => {
    await page.goto('about:blank');
    await page.goto(`${office.address}#${path}`);
  };
  const press = async (page: Page, action: string) => {
    await page.waitForSelector('.actions');
    if ((await page.locator(`.actions [data-action=${action}]`).count()) === 0)
      await page.click('button:has-text("更多…")');
    await page.click(`.actions [data-action=${action}]`);
  };
  /** As a phone shows it that many steps later; each step's code counts once. */
  const codeOf = (secret: string, later: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later * STEP_MS });

  for (const [login, name, width] of [
    ['o1', '东一', 1280],
    ['o2', '东二', PHONE],
  ] as const) {
    it(
      `a one-time code at ${width} px: set up, asked for, a wrong one refused, reset by an administrator`,
      async () => {
        const page = await office.page(login, width);
        await go(page, '/me');
        await page.click('button:has-text("开始设置")');
        const secret = `${await page.textContent('.secret')}`;
        expect(await whole(page)).toEqual([0, []]);
        await page.fill('[name=totp]', '000000');
        await page.click('form:has([name=totp]) button[type=submit]');
        await expect.poll(() => page.textContent('.wrong'), WAIT).toContain('不对');
        expect(await page.inputValue('[name=totp]')).toBe('000000');
        await page.fill('[name=totp]', codeOf(secret, 0));
        await page.click('form:has([name=totp]) button[type=submit]');
        await expect.poll(() => page.locator('.codes li').count(), WAIT).toBe(10);
        const recovery = `${await page.textContent('.codes li')}`;
        expect(await whole(page)).toEqual([0, []]);

        await page.click('button:has-text("退出")');
        await page.waitForSelector('[name=login]');
        await signIn(page, login, OFFICE_PASSWORD);
        await page.waitForSelector('[name=code]');
        expect(await page.evaluate('document.activeElement.name')).toBe('code');
        expect(await whole(page)).toEqual([0, []]);
        await page.fill('[name=code]', '000000');
        await page.click('button[type=submit]');
        await expect.poll(() => page.textContent('.wrong'), WAIT).toContain('动态口令不对');
        expect(await page.inputValue('[name=login]')).toBe(login);
        await page.fill('[name=code]', codeOf(secret, 1));
        await page.click('button[type=submit]');
        await page.waitForSelector('.office-top');

        await go(page, '/me');
        await expect.poll(() => page.textContent('main'), WAIT).toContain('已启用，剩余恢复码 10 个');
        await page.click('button:has-text("退出")');
        await page.waitForSelector('[name=login]');
        await signIn(page, login, OFFICE_PASSWORD);
        await page.fill('[name=code]', recovery);
        await page.click('button[type=submit]');
        await page.waitForSelector('.office-top');

        const admin = await office.page('ad', width);
        await go(admin, '/people');
        await admin.click(`[aria-label="更改 ${name}"]`);
        await admin.click('button:has-text("停用动态口令")');
        await expect.poll(() => admin.textContent('.done'), WAIT).toContain(`${name} 已更改`);
        expect(await whole(admin)).toEqual([0, []]);
        const again = await office.page(null, width);
        await signIn(again, login, OFFICE_PASSWORD);
        await again.waitForSelector('.office-top');
        await go(again, '/me');
        await again.waitForSelector('button:has-text("开始设置")');
        expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
      },
      LONG,
    );
  }

  it(
    'a draft is handed to a colleague, who goes on with it on a phone',
    async () => {
      const giver = await office.page('o1');
      const taker = await office.page('o2', PHONE);
      await signedInAgain(giver, 'o1');
      await signedInAgain(taker, 'o2');
      await go(giver, '/tasks/Tp1');
      await press(giver, 'claim');
      await expect.poll(() => giver.textContent('.file-head .state'), WAIT).toBe('已领取');
      // Drafts that are long in coming: what is typed before they are there must not be written over.
      await giver.route('**/api/drafts', async (route) => {
        await new Promise((done) => setTimeout(done, 1500));
        await route.continue();
      });
      await press(giver, 'submit');
      await giver.fill('#f-description', '坑口朝南，尚未丈量');
      await expect.poll(() => giver.textContent('.finding-form [role=status]'), WAIT).toContain('草稿已存');
      await giver.click('.finding-form .head button');
      await press(giver, 'hand-over');
      expect(await giver.locator('[name=to] option').allTextContents()).not.toContain('东一');
      await giver.selectOption('[name=to]', { label: '东二' });
      expect(await whole(giver)).toEqual([0, []]);
      await giver.click('.actions form button[type=submit]');
      await expect.poll(() => giver.textContent('.told'), WAIT).toContain('移交');
      expect(await giver.evaluate('document.activeElement.className')).toBe('told');
      await press(giver, 'release');
      await giver.click('.actions form button[type=submit]');
      await expect.poll(() => giver.textContent('.file-head .state'), WAIT).toBe('待分派');

      await go(taker, '/tasks/Tp1');
      await press(taker, 'claim');
      await expect.poll(() => taker.textContent('.file-head .state'), WAIT).toBe('已领取');
      await press(taker, 'submit');
      await expect.poll(() => taker.textContent('.finding-form [role=status]'), WAIT).toContain('已打开上次的草稿');
      expect(await taker.inputValue('#f-description')).toBe('坑口朝南，尚未丈量');
      expect(await whole(taker)).toEqual([0, []]);
      // The last letters are kept on the way out: nothing is asked.
      await taker.fill('#f-description', '坑口朝南，已丈量');
      await taker.click('.bell');
      await expect.poll(() => taker.textContent('h1'), WAIT).toContain('通知');
      expect(await taker.locator('.modal').count()).toBe(0);
      await taker.goBack();
      await press(taker, 'submit');
      await expect.poll(() => taker.textContent('.finding-form [role=status]'), WAIT).toContain('已打开上次的草稿');
      expect(await taker.inputValue('#f-description')).toBe('坑口朝南，已丈量');
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );

  /** Left at the sign-in page, or still in, by what went before. */
  async function signedInAgain(page: Page, login: string): Promise<void> {
    await go(page, '/tasks');
    await page.waitForSelector('[name=login], .office-top');
    if ((await page.locator('[name=login]').count()) === 0) return;
    await signIn(page, login, OFFICE_PASSWORD);
    await page.waitForSelector('.office-top');
  }

  it(
    'a list is found as it was left, and a second tap does nothing',
    async () => {
      const page = await office.page('su', PHONE);
      await go(page, '/tasks');
      await page.click('.more button');
      await expect.poll(() => page.locator('.files tbody tr').count(), WAIT).toBe(60);
      await page.locator('[data-task=Tp55] a').scrollIntoViewIfNeeded();
      const scrolled = () => page.evaluate<number>(`document.getElementById('content').scrollTop`);
      const before = await scrolled();
      expect(before).toBeGreaterThan(1000);
      await page.click('[data-task=Tp55] a');
      await page.waitForSelector('.file-head');
      expect(await scrolled()).toBe(0);
      await page.goBack();
      await page.waitForSelector('[data-task=Tp55]');
      await expect.poll(scrolled, WAIT).toBe(before);

      // What o2 has in hand: without boxes to tick a card has the whole width.
      await go(page, '/team');
      await page.waitForSelector('.files.plainly tbody tr');
      const state = await page.locator('.files.plainly [data-label=状态]').first().boundingBox();
      expect(state?.width).toBeGreaterThan(120);
      expect(await whole(page)).toEqual([0, []]);

      const officer = await office.page('o3', PHONE);
      await go(officer, '/tasks/Tp2');
      await officer.waitForSelector('.actions [data-action=claim]');
      await officer.dblclick('.actions button >> nth=0');
      await expect.poll(() => officer.textContent('.file-head .state'), WAIT).toBe('已领取');
      await expect.poll(() => officer.textContent('.steps'), WAIT).toContain('领取');
      expect(await officer.textContent('.steps')).not.toContain('出发');
    },
    LONG,
  );

  it(
    'an old sign-in is asked about where it is too old, renewed by password and code, and what was asked is done; nothing typed is lost',
    async () => {
      const aged = () =>
        office.workspace.database.query(
          `UPDATE tuban.sign_in_session SET made_at = made_at - interval '31 minutes', proved_at = proved_at - interval '31 minutes'
           WHERE person_id = 'ad'`,
        );
      const desk = await office.page('ad');
      const phone = await office.page('ad', PHONE);
      await go(phone, '/me');
      await aged();
      await phone.click('button:has-text("开始设置")');
      await phone.fill('[name=renew-password]', OFFICE_PASSWORD);
      await phone.keyboard.press('Enter');
      const secret = `${await phone.textContent('.secret')}`;

      await aged();
      await phone.fill('[name=totp]', codeOf(secret, 0));
      await phone.keyboard.press('Enter');
      await phone.waitForSelector('.modal [name=renew-password]');
      expect(await phone.evaluate('document.activeElement.name')).toBe('renew-password');
      expect(await whole(phone)).toEqual([0, []]);
      await phone.keyboard.press('Escape');
      await expect.poll(() => phone.textContent('.wrong'), WAIT).toContain('登录已超过 30 分钟');
      expect(await phone.locator('.modal').count()).toBe(0);
      expect(await phone.inputValue('[name=totp]')).toMatch(/^\d{6}$/);
      await phone.fill('[name=totp]', codeOf(secret, 0));
      await phone.keyboard.press('Enter');
      await phone.fill('[name=renew-password]', 'not this one');
      await phone.keyboard.press('Enter');
      await expect.poll(() => phone.textContent('.modal .wrong'), WAIT).toContain('密码不对');
      await phone.fill('[name=renew-password]', OFFICE_PASSWORD);
      await phone.keyboard.press('Enter');
      await expect.poll(() => phone.locator('.codes li').count(), WAIT).toBe(10);
      const recovery = `${await phone.textContent('.codes li')}`;

      await aged();
      await go(desk, '/people');
      await desk.click('[aria-label="更改 审一"]');
      await desk.click('button:has-text("生成初始密码")');
      await desk.waitForSelector('.modal [name=renew-code]');
      expect(await whole(desk)).toEqual([0, []]);
      await desk.fill('[name=renew-password]', OFFICE_PASSWORD);
      await desk.fill('[name=renew-code]', '000000');
      await desk.keyboard.press('Enter');
      await expect.poll(() => desk.textContent('.modal .wrong'), WAIT).toContain('动态口令不对');
      await desk.fill('[name=renew-code]', recovery);
      await desk.click('.modal button[type=submit]');
      await expect.poll(() => desk.textContent('.done'), WAIT).toContain('审一 的初始密码');
      expect(await desk.locator('.modal').count()).toBe(0);
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );

  it(
    'what was typed and not sent is asked about when its page is left by back, a link or closing; nothing typed, nothing asked',
    async () => {
      const page = await office.page('o3', PHONE);
      await go(page, '/tasks');
      await page.click('[data-task=Tp6] a');
      await press(page, 'claim');
      await expect.poll(() => page.textContent('.file-head .state'), WAIT).toBe('已领取');
      await press(page, 'ask-extension');
      await page.fill('.actions [name=reason]', '道路塌方');
      await page.goBack();
      await page.waitForSelector('.modal');
      expect(await page.evaluate('document.activeElement.textContent')).toContain('留下');
      expect(await whole(page)).toEqual([0, []]);
      await page.keyboard.press('Escape');
      await page.waitForSelector('.modal', { state: 'detached' });
      await expect.poll(() => page.evaluate('location.hash'), WAIT).toBe('#/tasks/Tp6');
      expect(await page.inputValue('.actions [name=reason]')).toBe('道路塌方');
      const [closing] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
      expect(closing.type()).toBe('beforeunload');
      await closing.dismiss();
      expect(await page.inputValue('.actions [name=reason]')).toBe('道路塌方');
      await page.goBack();
      await page.click('.modal button:has-text("离开")');
      await page.waitForSelector('[data-task=Tp6]');

      const desk = await office.page('ad');
      await go(desk, '/people');
      await desk.click('button:has-text("新建用户")');
      await desk.waitForSelector('[name=new-name]');
      await desk.click('.office-top a[href="#/team"]');
      await expect.poll(() => desk.textContent('h1'), WAIT).toContain('队伍');
      await desk.goBack();
      await desk.click('button:has-text("新建用户")');
      await desk.fill('[name=new-name]', '新人');
      await desk.click('.office-top a[href="#/team"]');
      await desk.waitForSelector('.modal');
      expect(await whole(desk)).toEqual([0, []]);
      await desk.keyboard.press('Enter');
      await desk.waitForSelector('.modal', { state: 'detached' });
      expect(await desk.inputValue('[name=new-name]')).toBe('新人');
      await desk.click('.office-top a[href="#/team"]');
      await desk.click('.modal button:has-text("离开")');
      await expect.poll(() => desk.textContent('h1'), WAIT).toContain('队伍');
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );

  it(
    'without a connection it says so, keeps what was typed, and goes on when there is one',
    async () => {
      const page = await office.page('o3', PHONE);
      await go(page, '/tasks/Tp4');
      await press(page, 'claim');
      await expect.poll(() => page.textContent('.file-head .state'), WAIT).toBe('已领取');
      await press(page, 'ask-extension');
      await page.fill('.actions [name=reason]', '道路塌方');
      await page.fill('.actions [name=deadline]', inAMonth());
      await page.context().setOffline(true);
      await page.click('.actions form button[type=submit]');
      await expect.poll(() => page.textContent('.wrong'), WAIT).toContain('连不上服务器');
      expect(await page.inputValue('.actions [name=reason]')).toBe('道路塌方');
      await page.context().setOffline(false);
      await page.click('.actions form button[type=submit]');
      await expect.poll(() => page.textContent('.file-head'), WAIT).toContain('申请延至');
      await expect.poll(() => page.textContent('.steps'), WAIT).toContain('道路塌方');
      expect(await page.locator('.wrong').count()).toBe(0);
      expect(office.wrong).toEqual([]);
    },
    LONG,
  );
});
