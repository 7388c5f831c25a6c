/**
 * The office pages as a browser has them: a server over a workspace with the people and tasks of queue-ground.ts, and a signed-in page for each
 * person that is asked for. What goes wrong in a page, and what it asks for elsewhere, is kept.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { serveApi } from '../app-serve.js';
import { startBrowser } from './browser.js';
import { peopleOf } from './people.js';
import { countyTasks, layPeople, layTasks } from './queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from './workspace.js';

export const OFFICE_PASSWORD = 'a long enough pass phrase';
/** The machine may be busy: patience costs nothing when things go well. */
const PATIENCE_MS = 120_000;
const WEB = fileURLToPath(new URL('../../dist/src/web/index.html', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Office {
  readonly workspace: TestWorkspace;
  readonly address: string;
  readonly wrong: string[];
  readonly elsewhere: string[];
  /** Signed in; one page per person and width. Null: nobody. */
  page(login: string | null, width?: number): Promise<Page>;
  close(): Promise<void>;
}

export async function openOffice(tasks: number): Promise<Office> {
  if (!existsSync(WEB)) throw new Error('build first: node scripts/build.mjs');
  const workspace = await openTestWorkspace();
  await layPeople(workspace.database);
  await layTasks(workspace.database, countyTasks(tasks));
  const api = await serveApi(workspace);
  await api.listen({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}/`;
  const browser = await startBrowser();
  const { credentials, console: console_ } = peopleOf(workspace.database);
  const wrong: string[] = [];
  const elsewhere: string[] = [];
  const pages = new Map<string, Promise<Page>>();
  // Another password would end the sessions of this person's other pages.
  const known = new Set<string>();
  const open = async (login: string | null, width: number) => {
    const page = await watched(browser, address, width, { wrong, elsewhere });
    if (login !== null) {
      if (!known.has(login)) await credentials.setPassword(console_, login, OFFICE_PASSWORD);
      known.add(login);
      await signIn(page, login, OFFICE_PASSWORD);
      await page.waitForSelector('.office-top');
    }
    return page;
  };
  return {
    workspace,
    address,
    wrong,
    elsewhere,
    page(login, width = 1280) {
      const name = `${login} ${width}`;
      const page = pages.get(name) ?? open(login, width);
      if (login !== null) pages.set(name, page);
      return page;
    },
    async close() {
      await browser.close();
      await api.close();
      await workspace.close();
    },
  };
}

async function watched(
  browser: Browser,
  address: string,
  width: number,
  { wrong, elsewhere }: Pick<Office, 'wrong' | 'elsewhere'>,
): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    timezoneId: 'Asia/Shanghai',
    locale: 'zh-CN',
    acceptDownloads: true,
    hasTouch: width < 600,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) elsewhere.push(url);
  });
  await page.goto(address);
  return page;
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.click('button[type=submit]');
}

/** Serious and critical violations of WCAG 2 A and AA, as `rule: where`. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate<
    string[]
  >(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`);
}

/** Pixels by which the page is wider than its window. */
export const tooWide = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
