import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodePng } from '../adapters/sharp/encode.js';
import { startBrowser, withBrowser } from '../testing/browser.js';
import { demoRecord, demoTasks, demoViews } from '../testing/demo-quarter.js';
import { barriers } from '../testing/office.js';
import { buildApi } from './build.js';

interface Opened {
  readonly page: Page;
  /** Errors of the page. */
  readonly wrong: readonly string[];
  /** Addresses outside this server that were asked for. */
  readonly elsewhere: readonly string[];
  readonly answered: readonly string[];
}

/** The machine may be busy: patience costs nothing when things go well. */
const WAIT = { timeout: 90_000 };
const WEB = fileURLToPath(new URL('../../dist/src/web', import.meta.url));

withBrowser('page', () => {
  let api: FastifyInstance;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    expect(existsSync(WEB), 'build first: node scripts/build.mjs').toBe(true);
    api = await buildApi({
      title: '演示县',
      version: '0',
      database: 'embedded',
      reading: (_actor, work) => work({ record: demoRecord(), saw: async () => undefined, ground: async () => null }),
      views: demoViews,
      encodePng,
      webFolder: WEB,
      log: pino({ level: 'silent' }),
      people: null,
      queue: {},
      onceKeys: null,
    });
    await api.listen({ host: '127.0.0.1', port: 0 });
    address = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}/`;
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  /** A page at a size, with what went wrong in it and what it asked for elsewhere. */
  async function open(width: number, height: number): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(90_000);
    const wrong: string[] = [];
    const elsewhere: string[] = [];
    const answered: string[] = [];
    page.on('response', (response) => response.ok() && answered.push(response.url()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(data|blob):/.test(url)) elsewhere.push(url);
    });
    await page.goto(address);
    await page.waitForSelector('.tasks li');
    return { page, wrong, elsewhere, answered };
  }

  it('lists tasks by rank, filters them, and shows one with both pictures', async () => {
    const { page, wrong, elsewhere, answered } = await open(1440, 900);
    const tasks = demoTasks();
    expect(await page.locator('.tasks li').count()).toBe(tasks.length);
    await expect.poll(() => answered.some((url) => url.includes('/pairs/Pdemo/after.png')), WAIT).toBe(true);
    await page.selectOption('.filters select >> nth=0', 'beyond-boundary');
    await expect.poll(() => page.locator('.tasks li').count(), WAIT).toBe(1);
    await page.click('.tasks button');
    await page.waitForSelector('.task-pane h2');
    expect(await page.textContent('.task-pane h2')).toContain('T2018Q2-p02');
    expect(await page.textContent('.task-pane')).toContain('跨越许可证界线');
    const widths = () => page.locator('.swipe img').evaluateAll((images) => images.map((image) => image.naturalWidth));
    await expect.poll(widths, WAIT).toEqual([640, 640]);
    expect(await page.locator('.observations').textContent()).toContain('1 处未看到');
    expect({ wrong, elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    await page.close();
  }, 180_000);

  it('tells who holds the ground that is tapped, and until when', async () => {
    const { page, wrong } = await open(1440, 900);
    await page.click('.observations summary');
    await page.click('.observations button:has-text("演示己石灰岩矿")');
    const tapped = async () => {
      await page.locator('.map-pane .map').click();
      return page
        .locator('.place')
        .textContent({ timeout: 1_000 })
        .catch(() => '');
    };
    await expect.poll(tapped, WAIT).toMatch(/演示己石灰岩矿.*有效期\d{4}-\d\d-\d\d 至 \d{4}-\d\d-\d\d（有效）/s);
    await page.click('.place .close');
    expect(await page.locator('.place').count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  }, 180_000);

  it('can be used with the keyboard alone', async () => {
    const { page } = await open(1440, 900);
    await page.keyboard.press('n');
    await page.waitForSelector('.task-pane h2');
    await page.keyboard.press('n');
    await expect.poll(() => page.textContent('.task-pane h2'), WAIT).toContain('2. ');
    await page.focus('.swipe input');
    await page.keyboard.press('Home');
    expect(await page.locator('.swipe').getAttribute('style')).toContain('--x: 0%');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.task-pane', { state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('0000004');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.tasks li').count(), WAIT).toBe(1);
    await page.close();
  }, 180_000);

  it('has no barriers, with a task open and without, at both sizes', async () => {
    for (const [width, height] of [
      [1280, 900],
      [390, 844],
    ] as const) {
      const { page } = await open(width, height);
      expect(await barriers(page), `${width}`).toEqual([]);
      await page.click('.tasks button >> nth=0');
      await page.waitForSelector('.task-pane h2');
      expect(await barriers(page), `${width}, a task`).toEqual([]);
      await page.close();
    }
  }, 180_000);

  it('fits a phone: nothing runs over, list, map and task by turns', async () => {
    const { page, wrong } = await open(390, 844);
    const over = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(await over()).toBeLessThanOrEqual(0);
    expect(await page.locator('.map-pane').isVisible()).toBe(false);
    await page.click('.panes button >> nth=1');
    expect(await page.locator('.map-pane').isVisible()).toBe(true);
    await page.click('.panes button >> nth=0');
    await page.click('.tasks button >> nth=2');
    await page.waitForSelector('.task-pane h2');
    expect(await page.locator('.task-pane').isVisible()).toBe(true);
    expect(await over()).toBeLessThanOrEqual(0);
    expect(wrong).toEqual([]);
    await page.close();
  }, 180_000);
});
