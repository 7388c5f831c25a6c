/**
 * A headless Chromium for tests that look at pages. Where none is installed, such tests are skipped and say why; where one fails, what its pages showed is
 * printed.
 */
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterEach, describe, test } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function findChromium(): string | null {
  for (const path of PLACES) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}

const started: Browser[] = [];
const MOST_TOLD = 3000;

export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(`no Chromium at ${PLACES.join(', ')}`);
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
  started.push(browser);
  return browser;
}

/** What a person would have seen when it went wrong: a failure that comes once in many runs must tell enough at the first time. */
async function tellPages(): Promise<void> {
  for (const page of started.flatMap((one) => one.contexts()).flatMap((one) => one.pages())) {
    const text = await page.evaluate<string>('document.body.innerText').catch((error: unknown) => String(error));
    process.stdout.write(`\n== ${page.url()}\n${text.slice(0, MOST_TOLD)}\n`);
  }
}

/** A `describe` that needs a browser; without one, a single skipped test that names the reason. */
export function withBrowser(name: string, body: () => void): void {
  if (findChromium() !== null) {
    describe(name, () => {
      afterEach(({ task }) => (task.result?.state === 'fail' ? tellPages() : undefined));
      body();
    });
  } else
    describe(name, () => test.skip(`no Chromium found at ${PLACES.join(', ')}: apt-get install chromium`, () => {}));
}
