import { expect, it } from 'vitest';
import type { Quarter } from './scene.js';
import { siteRoots } from './site.js';

const merge = (siteId: string, intoId: string, quarter: Quarter) => ({ siteId, intoId, quarter, patchId: 'p' });

it('follows merges of earlier quarters only, and no later one turns a place in a circle', () => {
  const merges = [merge('A', 'B', '2025Q3'), merge('B', 'C', '2026Q1'), merge('C', 'A', '2026Q2')];
  const at = (quarter: Quarter | null) => ['A', 'B', 'C', 'X'].map(siteRoots(merges, quarter)).join('');
  expect(at('2025Q3')).toBe('ABCX');
  expect(at('2025Q4')).toBe('BBCX');
  expect(at('2026Q2')).toBe('CCCX');
  expect(at(null)).toBe('CCCX');
  expect(['A', 'B'].map(siteRoots(merges.toReversed(), null))).toEqual(['C', 'C']);
});
