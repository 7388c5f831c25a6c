import { expect, it } from 'vitest';
import { table, textWidth } from './table.js';

it('counts Chinese characters as two columns', () => {
  expect(textWidth('图斑 A1，')).toBe(9);
  expect(textWidth('é')).toBe(1);
});

it('lines columns up, numbers to the right', () => {
  const rows = [
    { name: '沂源县', n: 7 },
    { name: 'a', n: 1200 },
  ];
  const text = table(rows, [
    { head: '名称', cell: (r) => r.name },
    { head: 'n', right: true, cell: (r) => String(r.n) },
  ]);
  expect(text).toBe('名称       n\n沂源县     7\na       1200\n');
});
