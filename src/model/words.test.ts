import { expect, it } from 'vitest';
import { hectaresOf, muOf, squareKilometresOf } from './words.js';

it('turns m² into 亩, 公顷 and 平方公里, and 10 亩 are 6666.666… m², neither 6666.67 nor 666.67 × 10', () => {
  expect(muOf(10_000)).toBe(15);
  expect(muOf(20_000 / 3)).toBe(10);
  expect(muOf(6666.6666)).toBeLessThan(10);
  expect(muOf(6666.66)).toBeLessThan(10);
  expect(muOf(6666.67)).toBeGreaterThan(10);
  expect(hectaresOf(6666.67)).toBe(0.666667);
  expect(squareKilometresOf(123_400)).toBe(0.1234);
});
