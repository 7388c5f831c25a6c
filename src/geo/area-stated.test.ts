import { describe, expect, it } from 'vitest';
import { statedAreaWarning } from './area-stated.js';

const KM2 = 123_400;

describe('statedAreaWarning', () => {
  it.each([
    [{ 矿区面积: 0.1234 }],
    [{ KQMJ: '0.1234' }],
    [{ '面积（公顷）': 12.34 }],
    [{ 矿区面积: '0.1234平方公里' }],
    [{ '面积(亩)': 185.1 }],
    [{ MJ: 123400 }],
    [{ MJ: 12.34 }],
    [{ 面积: null, 备注: '面积不详' }],
    [{ 矿区面积: 0.1233 }],
    [{ Shape_Area: 0.00001 }],
  ])('has nothing to say of %j', (attributes) => {
    expect(statedAreaWarning(attributes, KM2)).toBeNull();
  });

  it.each([
    [{ 矿区面积: 0.2 }, '矿区面积：写明面积“0.2”平方公里'],
    [{ '面积（公顷）': 12.6 }, '面积（公顷）：写明面积“12.6”，'],
    [{ 矿区面积: '12.34平方公里' }, '矿区面积：写明面积“12.34平方公里”'],
    [{ 矿区面积: 12.34 }, '矿区面积：面积“12.34”未写单位，按格式应为平方公里，但数值与公顷相符'],
    [{ MJ: 5 }, 'MJ：写明面积“5”平方米'],
  ])('warns of %j', (attributes, begins) => {
    expect(statedAreaWarning(attributes, KM2)).toContain(begins);
    expect(statedAreaWarning(attributes, KM2)).toContain('量算为 123400.0 平方米');
  });
});
