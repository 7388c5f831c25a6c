import { describe, expect, it } from 'vitest';
import { mineralOf, namesMineral } from './mineral.js';

describe('the mineral of a row', () => {
  it('is read from the fields that registers have, the main one first, cut names too', () => {
    expect(mineralOf({ 许可证号: 'C1', 开采矿种: '建筑石料用灰岩' })).toBe('建筑石料用灰岩');
    expect(mineralOf({ 矿种: '铁矿', 开采主矿种: ' 轻稀土矿 ' })).toBe('轻稀土矿');
    expect(mineralOf({ 开采主矿种: '', 矿种: '铁矿' })).toBe('铁矿');
    expect(mineralOf({ kczkz: '稀土' })).toBe('稀土');
    expect(mineralOf({ KCKZ: 2200 })).toBe('2200');
    expect(mineralOf({ 开采矿: '钨矿' })).toBe('钨矿');
  });
  it('is unknown where no field names one', () => {
    expect(mineralOf({ 开采方式: '露天开采', 矿区面积: 0.2, KZ: null })).toBeNull();
    expect(mineralOf({})).toBeNull();
  });
});

describe('a mineral that is looked for', () => {
  it('is found alone, with 矿, among several and within a longer name', () => {
    for (const text of ['稀土', '稀土矿', '离子型轻稀土矿', '铌钽矿、重稀土矿', '铁矿／稀土', '铅矿 稀土矿']) {
      expect(namesMineral(text, ['稀土']), text).toBe(true);
    }
    expect(namesMineral('萤石（普通）', ['钨', '萤石'])).toBe(true);
    expect(namesMineral('金矿', ['金'])).toBe(true);
    expect(namesMineral('钨', ['钨矿'])).toBe(true);
  });
  it('of one character is not found in the name of another', () => {
    for (const text of ['金刚石', '金红石矿', '岩金矿', '建筑石料', '2200']) {
      expect(namesMineral(text, ['金', '稀土']), text).toBe(false);
    }
    expect(namesMineral('稀土矿', [])).toBe(false);
  });
});
