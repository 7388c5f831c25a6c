import { describe, expect, it } from 'vitest';
import { acquisitionDate, parseDay } from './acquired.js';

const of = (name: string, metadata: Record<string, string> = {}) => acquisitionDate({ metadata }, `/影像 库/${name}`);

describe('acquisitionDate from names', () => {
  it.each([
    ['GF1_PMS1_E117.9_N36.1_20260815_L1A0001234567-MSS1.tiff', '2026-08-15'],
    ['GF6_WFV_E118.1_N36.0_20260703_L1A1120012345-1.tif', '2026-07-03'],
    ['zy302a_mux_016497_003126_20190520112310_01_sec_0001_1905228482.tif', '2019-05-20'],
    ['LC08_L2SP_122035_20230815_20230819_02_T1_SR.tif', '2023-08-15'],
    ['LE71220352000077EDC00.tif', '2000-03-17'],
    ['S2A_MSIL1C_20170414T033541_N0204_R061_T48RXT_20170414T034742.jp2', '2017-04-14'],
    ['T50SLF_20230815T025549_B02_10m.jp2', '2023-08-15'],
    ['S1A_IW_GRDH_1SDV_20230814T221011_20230814T221036_049862_05FF2A_0001.tif', '2023-08-15'],
    ['2019-01-04.tif', '2019-01-04'],
    ['沂源县_2026年8月5日_DOM.tif', '2026-08-05'],
    ['yiyuan 2026_08_15 v2.img', '2026-08-15'],
    ['t1_20260815_20260815_copy.tif', '2026-08-15'],
  ])('%s', (name, date) => {
    expect(of(name)).toMatchObject({ date, source: expect.stringContaining('文件名') });
  });

  it.each([
    ['t1.tif', '都没有'],
    ['2019-01-04_2019-02-13_diff.tif', '2019-01-04、2019-02-13'],
    ['scene_20261315.tif', '都没有'],
    ['scene_20260230.tif', '都没有'],
    ['L1A0020260815123.tif', '都没有'],
    ['E117.9_N36.1.tif', '都没有'],
    ['18990101.tif', '都没有'],
    ['202608.tif', '都没有'],
  ])('%s has none', (name, why) => {
    expect(of(name)).toEqual({ date: null, source: expect.stringContaining(why) });
  });
});

describe('acquisitionDate from metadata', () => {
  it('wins over the name and tells when they disagree', () => {
    const found = of('a_20260820.tif', { ACQUISITIONDATETIME: '2026-08-15 03:20:11' });
    expect(found.date).toBe('2026-08-15');
    expect(found.source).toContain('ACQUISITIONDATETIME=2026-08-15 03:20:11');
    expect(found.source).toContain('2026-08-20');
    expect(of('a_20260815.tif', { DATE_ACQUIRED: '2026-08-15' }).source).not.toContain('请核对');
  });

  it('knows the keys of Sentinel and Landsat products', () => {
    expect(of('t.tif', { DATATAKE_1_DATATAKE_SENSING_START: '2017-04-14T03:35:41.026Z' }).date).toBe('2017-04-14');
    expect(of('t.tif', { 'IMAGE_ATTRIBUTES#DATE_ACQUIRED': '2023-08-15' }).date).toBe('2023-08-15');
    expect(of('t.tif', { PROCESSING_DATE: '2023-08-19', CREATION_TIME: '2024-01-01' }).date).toBeNull();
  });

  it('takes the TIFF date last and warns', () => {
    expect(of('t.tif', { TIFFTAG_DATETIME: '2000:03:17 10:11:12' })).toEqual({
      date: '2000-03-17',
      source: expect.stringContaining('可能是文件写入日期'),
    });
    expect(of('t_20000318.tif', { TIFFTAG_DATETIME: '2010:01:01 00:00:00' }).date).toBe('2000-03-18');
  });
});

describe('parseDay', () => {
  it.each([
    ['2026-08-15', '2026-08-15'],
    ['2026/8/5', '2026-08-05'],
    ['20260815', '2026-08-15'],
    // evening passes in UTC are the next day in China, the last of a quarter the next quarter
    ['2026-06-30T22:10:11Z', '2026-07-01'],
    ['2026-06-30T15:59:59Z', '2026-06-30'],
    ['2026-06-30 22:10:11', '2026-06-30'],
    ['2026-13-01', null],
    ['2025-02-29', null],
    ['August 2026', null],
  ])('%s', (text, day) => {
    expect(parseDay(text)).toBe(day);
  });
});
