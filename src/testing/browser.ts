/** A headless Chromium for tests that look at pages. Where none is installed, such tests are skipped and say why. */
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, test } from 'vitest';

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

export function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(`no Chromium at ${PLACES.join(', ')}`);
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
}

/** A `describe` that needs a browser; without one, a single skipped test that names the reason. */
export function withBrowser(name: string, body: () => void): void {
  if (findChromium() !== null) describe(name, body);
  else describe(name, () => test.skip(`no Chromium found at ${PLACES.join(', ')}: apt-get install chromium`, () => {}));
}
