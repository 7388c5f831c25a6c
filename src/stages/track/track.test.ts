import { expect, it } from 'vitest';
import { track } from './track.js';

it('joins the site it overlaps most, of equal ones the lower id, else begins one', () => {
  expect(track('p', [])).toBe('p');
  expect(track('p', [{ siteId: 's', areaM2: 0 }])).toBe('p');
  expect(
    track('p', [
      { siteId: 's2', areaM2: 10 },
      { siteId: 's1', areaM2: 10 },
      { siteId: 's3', areaM2: 9 },
    ]),
  ).toBe('s1');
});
