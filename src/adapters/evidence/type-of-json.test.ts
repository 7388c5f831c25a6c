/** The type of a JSON object, told without building it: as JSON.parse would have it, and of what is made to fill memory, too. */
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../testing/random.js';
import { typeOfJson } from './type-of-json.js';

function parsedType(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : null;
    return typeof type === 'string' ? type : null;
  } catch {
    return null;
  }
}

const WHOLE = JSON.stringify({
  name: 'a\\u0041"\n中',
  features: [
    { type: 'Feature', properties: { type: 'inner', n: -1.5e-7, t: true, f: false, z: null, empty: {} } },
    [],
    [[0, 10]],
  ],
  type: 'FeatureCollection',
});

describe('the type of a JSON object', () => {
  it.each([
    WHOLE,
    `\r\n\t ${WHOLE} `,
    '{"type":"Point","coordinates":[106.3,29.4]}',
    '{"type":"Point","type":"Feature"}',
    '{"type":"Point","type":1}',
    '{"typ\\u0065":"Poin\\u0074"}',
    '{"a":{"type":"Point"}}',
    '{"type":["Point"]}',
    '{}',
    '[{"type":"Point"}]',
    '"type"',
    '{"type":"Point"} x',
    '{"type":"Point",}',
    '{"type" "Point"}',
    '{"type":"Point"',
    '{"type":"Poi\nnt"}',
    '{"type":"a\\q"}',
    '{"n":01,"type":"Point"}',
    '{"n":1.,"type":"Point"}',
    '{"n":[1 2],"type":"Point"}',
    '{"n":nul,"type":"Point"}',
    '{"n":[},"type":"Point"}',
    '{"n":-,"type":"Point"}',
    '',
  ])('%s', (text) => {
    expect(typeOfJson(text)).toBe(parsedType(text));
  });

  it('agrees with JSON.parse on what is damaged at any place', () => {
    const random = randomOf(7);
    const signs = '{}[]":,\\ 0-e.tnu\n';
    let refused = 0;
    for (let i = 0; i < 4000; i++) {
      const at = Math.floor(random() * WHOLE.length);
      const sign = signs[Math.floor(random() * signs.length)] ?? '';
      const damaged = `${WHOLE.slice(0, at)}${sign}${WHOLE.slice(at + Math.floor(random() * 2))}`;
      expect(typeOfJson(damaged), damaged).toBe(parsedType(damaged));
      if (parsedType(damaged) === null) refused += 1;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('goes no deeper than a map does, and takes no stack', () => {
    expect(typeOfJson(`{"type":"Point","a":${'['.repeat(99)}${']'.repeat(99)}}`)).toBe('Point');
    expect(typeOfJson(`{"type":"Point","a":${'['.repeat(100)}${']'.repeat(100)}}`)).toBeNull();
    expect(typeOfJson(`{"type":"Point","a":${'['.repeat(3_000_000)}`)).toBeNull();
    expect(typeOfJson(`{"type":"Point","a":"${'x'.repeat(3_000_000)}`)).toBeNull();
    expect(typeOfJson(`{"type":"Point","a":[${'{},'.repeat(1_000_000)}{}]}`)).toBe('Point');
  });
});
