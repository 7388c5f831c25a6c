import { expect, it } from 'vitest';
import { areasOfLayer } from './area.js';

const row = (id: string, number: string | null, name: string | null, attributes = {}) => ({
  id,
  number,
  name,
  attributes,
});

it('knows an area by its number, else the division’s code, else its name', () => {
  const { areas, shared, nameless } = areasOfLayer([
    row('b3', null, '城关镇'),
    row('b1', '510101', ' 东镇 '),
    row('b2', '５１０１０１', '东镇飞地'),
    row('b4', null, '城关镇'),
    row('b5', null, '城关镇', { xzqdm: 510202, XZQMC: '城关镇' }),
    row('b6', null, '城关镇', { XZQDM: ' 510302 ' }),
    row('b7', null, ' '),
  ]);
  expect(areas).toEqual([
    { id: '510101', name: '东镇', boundaries: ['b1', 'b2'] },
    { id: '510202', name: '城关镇', boundaries: ['b5'] },
    { id: '510302', name: '城关镇', boundaries: ['b6'] },
    { id: '城关镇', name: '城关镇', boundaries: ['b3', 'b4'] },
  ]);
  expect([shared, nameless]).toEqual([['城关镇'], 1]);
});
