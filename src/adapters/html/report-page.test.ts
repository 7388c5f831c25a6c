/** The report in a real browser, from file://, as officers open it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser, withBrowser } from '../../testing/browser.js';
import { DEMO_BOX, DEMO_PAIR, demoBoundaries, demoTasks, picturePool } from '../../testing/demo-quarter.js';
import { encodeJpeg } from '../sharp/encode.js';
import { writeReport } from './report.js';

withBrowser('report page', () => {
  let folder: string;
  let address: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tuban-report-page-'));
    const path = join(folder, '报告.html');
    const judged = demoTasks().map(({ judged: one }) => one);
    await writeReport(
      {
        path,
        title: '演示县 2018Q2',
        pairs: [{ id: 'Pdemo', pair: DEMO_PAIR, shiftPx: [0, 0], box: DEMO_BOX }],
        judged: judged.slice(0, 4),
        boundaries: demoBoundaries(),
        facts: [],
        remarks: [],
        provenance: [],
        notice: '',
      },
      picturePool,
      encodeJpeg,
    );
    address = pathToFileURL(path).href;
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: number, height: number): Promise<{ page: Page; wrong: string[]; elsewhere: string[] }> {
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(90_000);
    const wrong: string[] = [];
    const elsewhere: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await page.goto(address);
    return { page, wrong, elsewhere };
  }
  const ranks = (page: Page) => page.locator('tbody td:first-child').allTextContents();

  it('shows its pictures, swipes, sorts, and leads from the overview to a patch, with no outside request', async () => {
    const { page, wrong, elsewhere } = await open(1280, 900);
    const widths = () => page.locator('.pane img').evaluateAll((images) => images.map((image) => image.naturalWidth));
    expect(new Set(await widths())).toEqual(new Set([await widths().then(([first]) => first), 520]));
    const overview = page.locator('.overviews .swipe');
    await overview.locator('input').fill('20');
    expect(await overview.getAttribute('style')).toContain('--x: 20%');
    expect(await ranks(page)).toEqual(['1', '2', '3', '4']);
    await page.click('th:nth-child(5) button');
    const areas = await page.locator('tbody td:nth-child(5)').allTextContents();
    const values = areas.map((text) => Number(text.replaceAll(',', '')));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    await page.click('th:nth-child(1) button');
    await page.click('th:nth-child(1) button');
    expect(await ranks(page)).toEqual(['4', '3', '2', '1']);
    await page.locator('.hits a').nth(1).click();
    expect(page.url()).toMatch(/#patch-2$/);
    await page.uncheck('#lines');
    expect(await page.locator('.kind-licences').first().isVisible()).toBe(false);
    expect(await page.locator('.patch').first().isVisible()).toBe(true);
    expect({ wrong, elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    await page.close();
  }, 180_000);

  it('fits a phone, and prints both dates side by side', async () => {
    const { page } = await open(390, 844);
    const over = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(await over()).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1000, height: 1400 });
    await page.emulateMedia({ media: 'print' });
    const before = await page.locator('.card .before').first().boundingBox();
    const after = await page.locator('.card .after').first().boundingBox();
    expect(after?.x).toBeGreaterThanOrEqual((before?.x ?? 0) + (before?.width ?? 0));
    expect(after?.y).toBeCloseTo(before?.y ?? -1, 0);
    expect(before?.height).toBeGreaterThan(100);
    await page.close();
  }, 180_000);
});
