import { expect, it } from 'vitest';
import { noticeOf } from './notice.js';

it('names the years once, in order, and both families', () => {
  const s2 = (acquiredOn: string | null) => ({ sensor: 'sentinel-2', acquiredOn });
  expect(noticeOf([s2('2018-04-02'), s2('2017-04-14'), s2('2018-05-01')])).toBe(
    'Contains modified Copernicus Sentinel data 2017, 2018',
  );
  expect(noticeOf([s2(null), { sensor: 'landsat-8', acquiredOn: '2020-01-01' }])).toBe(
    'Contains modified Copernicus Sentinel data；Landsat imagery courtesy of the U.S. Geological Survey',
  );
  expect(noticeOf([{ sensor: 'gf-2', acquiredOn: '2020-01-01' }])).toBe('');
});
