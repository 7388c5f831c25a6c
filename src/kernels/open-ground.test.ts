import { describe, expect, it } from 'vitest';
import { randomOf } from '../testing/random.js';
import { type DatedWindow, type OpenGroundInput, openGround } from './open-ground.js';

const SIDE = 60;
const ROLES = ['blue', 'green', 'red', 'nir', 'swir1'] as const;
const WOOD = [420, 700, 480, 3000, 1500];
const PIT = [1500, 1900, 2300, 2700, 3100];
const SOIL = [1300, 1650, 2000, 2500, 2900];

type Place = (c: number, r: number) => readonly number[];

/** A window of made ground, every pixel ± 2 %. */
function dated(place: Place, seed: number, seen: (c: number, r: number) => boolean = () => true): DatedWindow {
  const next = randomOf(seed);
  const bands = ROLES.map(() => new Float32Array(SIDE * SIDE));
  const mask = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [c, r] = [i % SIDE, Math.floor(i / SIDE)];
    const values = place(c, r);
    for (const [b, band] of bands.entries()) band[i] = (values[b] ?? 0) * (0.98 + 0.04 * next());
    mask[i] = seen(c, r) ? 1 : 0;
  }
  return { roles: ROLES, bands, seen: mask };
}

const inBox = (c: number, r: number, [left, top, right, bottom]: readonly number[]): boolean =>
  c >= (left ?? 0) && r >= (top ?? 0) && c < (right ?? 0) && r < (bottom ?? 0);
const OUTLINE = [20, 20, 34, 34] as const;
const pitIn =
  (box: readonly number[], ground = WOOD): Place =>
  (c, r) =>
    inBox(c, r, box) ? PIT : ground;
const maskOf = (box: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (inBox(i % SIDE, Math.floor(i / SIDE), box) ? 1 : 0));

function look(now: DatedWindow, past: DatedWindow | null, more: Partial<OpenGroundInput> = {}) {
  return openGround({
    width: SIDE,
    height: SIDE,
    now,
    past,
    pastIs: 'between',
    outline: maskOf(OUTLINE),
    others: new Uint8Array(SIDE * SIDE),
    ringPx: 6,
    tolerancePx: 2,
    stripPx: 1,
    ...more,
  });
}

describe('openGround', () => {
  it('measures the open ground of an outline that has not changed: all of it, nothing beside it', () => {
    const found = look(dated(pitIn(OUTLINE), 1), dated(pitIn(OUTLINE), 2));
    expect(found).toMatchObject({ telling: 'open', outlinePixels: 196, seenPixels: 196, grownPixels: 0 });
    // The majority takes the four corners.
    expect(found.openPixels).toBe(192);
    expect(found.openThenShare).toBe(1);
  });

  it('follows what was newly opened, and not what was open before', () => {
    const wide = [20, 20, 44, 34];
    const grown = look(dated(pitIn(wide), 1), dated(pitIn(OUTLINE), 2));
    expect(grown.grownPixels).toBeGreaterThanOrEqual(136);
    expect(grown.grownPixels).toBeLessThanOrEqual(140);
    expect(look(dated(pitIn(wide), 1), dated(pitIn(wide), 2)).grownPixels).toBe(0);
    // Without a reference it counts, because the issuer's outline ends before it.
    expect(look(dated(pitIn(wide), 1), null).grownPixels).toBe(grown.grownPixels);
  });

  it('takes no road for growth, nor ground of another outline, nor what does not touch', () => {
    const road: Place = (c, r) => (inBox(c, r, OUTLINE) || inBox(c, r, [34, 26, 60, 28]) ? PIT : WOOD);
    const before = dated(pitIn(OUTLINE), 2);
    // Where it meets the pit, two of its pixels belong to a square of pit.
    expect(look(dated(road, 1), before).grownPixels).toBe(2);
    const wide = dated(pitIn([20, 20, 44, 34]), 1);
    expect(look(wide, before, { others: maskOf([34, 18, 50, 40]) }).grownPixels).toBe(0);
    const apart: Place = (c, r) => (inBox(c, r, OUTLINE) || inBox(c, r, [42, 20, 54, 34]) ? PIT : WOOD);
    expect(look(dated(apart, 1), before).grownPixels).toBe(0);
  });

  it('never takes what was hidden on the reference for newly opened', () => {
    const past = dated(pitIn(OUTLINE), 2, (c) => c < 34);
    expect(look(dated(pitIn([20, 20, 44, 34]), 1), past).grownPixels).toBe(0);
  });

  it('tells vegetated from bare surroundings that it cannot be told from', () => {
    expect(
      look(
        dated(() => WOOD, 1),
        null,
      ),
    ).toMatchObject({ telling: 'vegetated', openPixels: 0 });
    expect(
      look(
        dated(() => SOIL, 1),
        null,
      ),
    ).toMatchObject({ telling: 'alike', openPixels: 0 });
    expect(
      look(
        dated(pitIn(OUTLINE), 1, (c) => c > 27),
        null,
      ).telling,
    ).toBe('too-few');
  });

  it('finds the remaining pit of an outline that has mostly grown over', () => {
    const found = look(dated(pitIn([20, 20, 27, 26]), 1), dated(pitIn(OUTLINE), 2));
    expect(found.telling).toBe('open');
    expect(found.openPixels).toBeGreaterThan(30);
    expect(found.openPixels).toBeLessThanOrEqual(42);
  });

  it('asks the reference where the ground around is as bare as the outline', () => {
    const bare = dated(() => SOIL, 1);
    expect(
      look(
        bare,
        dated(() => SOIL, 2),
        { pastIs: 'before' },
      ).telling,
    ).toBe('back');
    expect(
      look(
        bare,
        dated(() => SOIL, 2),
        { pastIs: 'after' },
      ),
    ).toMatchObject({ telling: 'same', grownPixels: 0 });
    expect(
      look(
        bare,
        dated(() => SOIL, 2),
        { pastIs: 'between' },
      ).telling,
    ).toBe('alike');
    // Wood that became soil in a county of soil: dug since.
    const wood: Place = (c, r) => (inBox(c, r, OUTLINE) ? WOOD : SOIL);
    expect(look(bare, dated(wood, 2), { pastIs: 'before' })).toMatchObject({ telling: 'changed', openPixels: 192 });
    // The pit of HSX is wood like all around it.
    expect(
      look(
        dated(() => WOOD, 1),
        dated(pitIn(OUTLINE), 2),
        { pastIs: 'after' },
      ).telling,
    ).toBe('vegetated');
  });
});
