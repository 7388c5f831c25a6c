import { describe, expect, it } from 'vitest';
import { chooseNested } from './nested.js';

/** A square of `side` pixels at (col, row) with a name and a rank. */
function square(name: string, col: number, row: number, side: number, rank: number) {
  const runs = Int32Array.from(Array.from({ length: side }, (_, r) => [row + r, col, col + side - 1]).flat());
  return { name, component: { runs }, rank };
}

const names = (chosen: readonly { name: string }[]) => chosen.map(({ name }) => name);

describe('chooseNested', () => {
  it('one level: all of them, in order', () => {
    expect(names(chooseNested([[square('a', 0, 0, 3, -5), square('b', 9, 0, 3, 5)]]))).toEqual(['a', 'b']);
    expect(chooseNested([])).toEqual([]);
  });

  it('takes the field or the pit within it, whichever ranks higher, and the field where they tie', () => {
    const choose = (field: number, pit: number) =>
      names(chooseNested([[square('field', 0, 0, 20, field)], [square('pit', 5, 5, 6, pit)]]));
    expect(choose(100, 900)).toEqual(['pit']);
    expect(choose(900, 100)).toEqual(['field']);
    expect(choose(500, 500)).toEqual(['field']);
  });

  it('a strong inner part brings its neighbours in the same nest along, each at its own best strictness', () => {
    const chosen = chooseNested([
      [square('all', 0, 0, 40, 0)],
      [square('left', 2, 2, 10, -200), square('right', 20, 20, 12, 100)],
      [square('left core', 4, 4, 5, 700), square('right core', 24, 24, 5, -50)],
    ]);
    expect(names(chosen)).toEqual(['left core', 'right']);
  });

  it('skips a level that is missing: what lies in nothing wider stands for itself', () => {
    const chosen = chooseNested([[square('far', 50, 50, 4, 1)], [], [square('alone', 0, 0, 4, 2)]]);
    expect(names(chosen)).toEqual(['far', 'alone']);
  });
});
