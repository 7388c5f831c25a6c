import { expect, it } from 'vitest';
import { inTurns } from './in-turns.js';

it('works on every item, never on more than asked at once', async () => {
  let [open, most] = [0, 0];
  const done: number[] = [];
  await inTurns([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    open++;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open--;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('throws the first failure and hands out nothing more to its turn', async () => {
  const begun: number[] = [];
  const work = inTurns([1, 2, 3], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new RangeError('two');
  });
  await expect(work).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});
