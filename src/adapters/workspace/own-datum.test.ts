import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OWN_DATUM_FILE, readOwnDatum } from './own-datum.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-datum-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Made up. */
const VALUES =
  'convention: coordinate-frame, dx_m: 11.125, dy_m: -22.25, dz_m: 33.375, rx_arcsec: 0.4375, ry_arcsec: -0.5625, rz_arcsec: 0.6875, scale_ppm: 7.8125';
function file(text: string, mode = 0o600): void {
  writeFileSync(join(dir, OWN_DATUM_FILE), text);
  chmodSync(join(dir, OWN_DATUM_FILE), mode);
}

it('reads the parameters, with a digest that changes with them', () => {
  expect(readOwnDatum(dir)).toBeNull();
  file(`xian80: { ${VALUES} }\n`);
  const own = readOwnDatum(dir);
  expect(own?.parameters).toEqual({
    Xian80: {
      convention: 'coordinate-frame',
      translationM: [11.125, -22.25, 33.375],
      rotationArcsec: [0.4375, -0.5625, 0.6875],
      scalePpm: 7.8125,
    },
  });
  expect(own?.digest).toMatch(/^[0-9a-f]{8}$/);
  file(`xian80: { ${VALUES.replace('7.8125', '7.8126')} }\n`);
  expect(readOwnDatum(dir)?.digest).not.toBe(own?.digest);
});

it.each([0o640, 0o604, 0o620, 0o644])('refuses a file of mode %o', (mode) => {
  file(`xian80: { ${VALUES} }\n`, mode);
  expect(() => readOwnDatum(dir)).toThrow(expect.objectContaining({ code: 'datum.open-to-others' }));
});

it.each([
  ['xian80.convention', `xian80: { ${VALUES.replace('convention: coordinate-frame, ', '')} }`],
  ['xian80.dx_m', `xian80: { ${VALUES.replace('11.125', '11125.5')} }`],
  ['beijing54.scale_ppm', `beijing54: { ${VALUES.replace('7.8125', '"7.8125米"')} }`],
  ['全文', '{}'],
  ['不是 YAML', `xian80: { ${VALUES}`],
])('names %s where it is wrong, and no value', (place, text) => {
  file(text);
  try {
    readOwnDatum(dir);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: 'datum.file', blame: 'input' });
    const said = JSON.stringify([
      String(error),
      (error as Error).cause ?? null,
      (error as { details?: unknown }).details ?? null,
    ]);
    expect(said).toContain(place);
    expect(said).not.toMatch(/11\.?125|22\.25|33\.375|0\.4375|0\.5625|0\.6875|7\.8125/);
  }
});
