/** What overlays answer along with themselves is what `outside` and `split` answer when they are asked. */
import { describe, expect, it } from 'vitest';
import { packPolygons, unpackPolygon } from '../../geo/packed.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { PAIR_ROLES, type PairAnswers } from '../../model/work.js';
import { rectangle } from '../../testing/ground-metres.js';
import { outside } from './outside.js';
import { overlayPairs } from './overlay.js';
import { split } from './split.js';

const { title, licence, ground } = PAIR_ROLES;
const [west, east] = [rectangle(0, 0, 200, 100), rectangle(190, 0, 400, 100)];

function ask(patch: MultiPolygonRings, roles: readonly number[], toleranceM: readonly number[]): PairAnswers {
  return overlayPairs({
    patches: packPolygons([patch]),
    boundaries: packPolygons([west, east]),
    pairs: Uint32Array.from([0, 0, 0, 1]),
    ...{ reachM: 300, areasOnly: false },
    asks: {
      toleranceM: Float64Array.from(toleranceM),
      roles: Uint8Array.from(roles),
      ...{ maxShiftM: 60, leastBeyondM2: 0, leastPieceM2: 100 },
    },
  });
}

function alone(patch: MultiPolygonRings, toleranceM: readonly number[], maxShiftM: number) {
  const boundaries = toleranceM.map((_, i) => i);
  return outside({ boundaries: [west, east], items: [{ patch, boundaries, toleranceM, maxShiftM }] })[0];
}

const crossing = rectangle(-40, 20, 60, 60);
const corner = rectangle(-18, 50, 100, 112);
const deep = rectangle(50, 30, 90, 60);
const shallow = rectangle(4, 30, 90, 60);
const beside = rectangle(-60, 20, -6, 60);
const both = rectangle(150, 60, 260, 130);

describe('readings that come with overlaps', () => {
  it.each([
    ['partly in it', crossing],
    ['over a corner, as if it were shifted', corner],
    ['deep inside', deep],
    ['inside near an edge', shallow],
    ['beside it, within the tolerance', beside],
  ])('of the only licence: a patch %s', (_, patch) => {
    const { readings } = ask(patch, [title + licence, title], [15, 15]);
    expect(readings.map(({ pairs }) => pairs)).toEqual([[0]]);
    const [found, wanted] = [readings[0]?.reading, alone(patch, [15], 60)];
    expect(found?.outsideM2).toBeCloseTo(wanted?.outsideM2 ?? Number.NaN, 3);
    expect({ ...found, outsideM2: 0 }).toEqual({ ...wanted, outsideM2: 0 });
  });

  it('of several licences together, and of each title by itself', () => {
    const { readings } = ask(both, [title + licence, title + licence], [15, 8]);
    expect(readings.map(({ pairs }) => pairs)).toEqual([[0, 1], [0], [1]]);
    expect(readings[0]?.reading).toEqual(alone(both, [15, 8], 60));
    expect(readings[1]?.reading.beyondToleranceM2).toBeCloseTo(alone(both, [15], 0)?.beyondToleranceM2 ?? 0, 3);
  });

  it('are none where nothing is asked, or the licence is farther than the tolerance', () => {
    expect(ask(crossing, [0, 0], [15, 15]).readings).toEqual([]);
    expect(ask(beside, [title + licence, title + licence], [5, 5]).readings.map(({ pairs }) => pairs)).toEqual([
      [0, 1],
    ]);
    expect(ask(beside, [title + licence, title], [5, 5]).readings).toEqual([]);
  });

  it('look for a shift only where so much is beyond the tolerance', () => {
    expect(alone(corner, [5], 60)?.shift).not.toBeNull();
    expect(ask(corner, [title + licence, title], [5, 5]).readings[0]?.reading.shift).not.toBeNull();
    const asks = { toleranceM: Float64Array.of(5), roles: Uint8Array.of(licence), maxShiftM: 60, leastPieceM2: 100 };
    const { readings } = overlayPairs({
      patches: packPolygons([corner]),
      boundaries: packPolygons([west]),
      pairs: Uint32Array.of(0, 0),
      ...{ reachM: 300, areasOnly: false, asks: { ...asks, leastBeyondM2: 1e6 } },
    });
    expect(readings[0]?.reading).toMatchObject({ shift: null });
  });
});

describe('parts that come with overlaps', () => {
  it('are those of split, where one title cuts', () => {
    const { cuts } = ask(crossing, [title + ground, title + ground], [15, 15]);
    const [parts] = split({ boundaries: [west], items: [{ patch: crossing, boundaries: [0] }] });
    expect(cuts.pairs).toEqual([0]);
    expect([...cuts.areasM2]).toEqual(parts?.map(({ areaM2 }) => areaM2));
    expect([0, 1].map((at) => unpackPolygon(cuts.parts, at))).toEqual(parts?.map(({ geometry }) => geometry));
  });

  it('are none under two titles, under one wholly, or where little is left', () => {
    const of = (patch: MultiPolygonRings) => ask(patch, [ground, ground], [15, 15]).cuts.pairs;
    expect([of(both), of(deep), of(rectangle(-2, 20, 60, 60))]).toEqual([[], [], []]);
  });
});
