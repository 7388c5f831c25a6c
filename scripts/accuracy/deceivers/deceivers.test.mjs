import { beforeAll, describe, expect, it } from 'vitest';
import { readCrops } from '../crops.mjs';
import { makeRadar, RADAR_SCENES } from '../radar.mjs';
import { truthOf } from './base.mjs';
import { CAUSES, DECEIVERS, makeDeceiver } from './causes.mjs';
import { segments } from './segments.mjs';

let crops = {};
beforeAll(() => {
  crops = readCrops();
});
const scene = (id) => DECEIVERS.find((other) => other.id === id);
/** Large arrays compared as bytes: element by element takes seconds. */
const same = (a, b) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
const share = (plane, test) => plane.reduce((n, v, i) => n + (test(v, i) ? 1 : 0), 0) / plane.length;

describe('truthOf', () => {
  it('does not ask for hidden pits nor judge the rim; other hidden ground is unchanged', () => {
    const width = 14;
    const pits = new Int32Array(width * 8);
    const hidden = new Uint8Array(pits.length);
    for (const i of [30, 31]) pits[i] = 1;
    for (const i of [38, 39, 40]) pits[i] = 2;
    hidden[39] = 1;
    hidden[110] = 1;
    const truth = truthOf({ pits, hidden, width, height: 8 });
    expect([truth[30], truth[31]]).toEqual([2, 2]);
    expect([truth[38], truth[39], truth[40]]).toEqual([0, 0, 0]);
    // two to the right of a pit is its rim, three is not
    expect([truth[29], truth[33], truth[34]]).toEqual([0, 0, 1]);
    expect(truth[110]).toBe(1);
  });
});

describe('segments', () => {
  it('follow an edge of the image that is not on their grid', () => {
    const [width, height] = [40, 40];
    const left = (i) => i % width < 17;
    const band = (a, b) => Float32Array.from({ length: width * height }, (_, i) => (left(i) ? a : b));
    const bands = [
      band(500, 900),
      band(500, 900),
      band(400, 1200),
      band(3000, 1400),
      band(1500, 2600),
      band(900, 2200),
    ];
    const { label, count, mean } = segments(bands, width, height, 10);
    expect(count).toBe(16);
    const leftness = mean(Float64Array.from({ length: width * height }, (_, i) => (left(i) ? 1 : 0)));
    for (const k of new Set(label)) expect([0, 1]).toContain(leftness[k]);
  });
});

describe('deceiving scenes', () => {
  it('are one of each cause, with ids of their own', () => {
    expect(CAUSES).toHaveLength(23);
    expect(new Set(DECEIVERS.map(({ id }) => id)).size).toBe(46);
    expect(new Set(DECEIVERS.map(({ seed }) => seed)).size).toBe(46);
  });

  it('are the same twice', () => {
    const [one, two] = [1, 2].map(() => makeDeceiver(scene('cloud@chongqing'), crops));
    expect(one.after.map((band, b) => same(band, two.after[b]))).toEqual(new Array(6).fill(true));
    expect(same(one.before[0], two.before[0]) && same(one.truth, two.truth)).toBe(true);
    expect(same(one.before[0], one.after[0])).toBe(false);
  });

  it('differ by light and noise alone where there is no cause', () => {
    const pair = makeDeceiver(scene('none@dubai'), crops);
    expect(share(pair.cause, (c) => c === 1)).toBe(0);
    // one gain and offset a band explain the later date up to drift and noise, outside the pits
    pair.before.forEach((band, b) => {
      const kept = Array.from(band.keys()).filter((i) => pair.truth[i] === 1);
      const mean = (plane) => kept.reduce((s, i) => s + plane[i], 0) / kept.length;
      const [mx, my] = [mean(band), mean(pair.after[b])];
      let [xy, xx, yy] = [0, 0, 0];
      for (const i of kept) {
        const [x, y] = [band[i] - mx, pair.after[b][i] - my];
        xy += x * y;
        xx += x * x;
        yy += y * y;
      }
      expect(xy / Math.sqrt(xx * yy)).toBeGreaterThan(0.98);
    });
  });

  it('hold pits in every pair, and hide ground only where a cause does', () => {
    for (const id of ['snow@valencia', 'solar@valencia', 'terrain-shadow@dubai']) {
      const pair = makeDeceiver(scene(id), crops);
      expect(share(pair.truth, (t) => t === 2)).toBeGreaterThan(0.0003);
      expect(share(pair.hidden, (h, i) => h === 1 && pair.cause[i] === 0)).toBeLessThan(0.02);
      expect(share(pair.cause, (c) => c === 1)).toBeGreaterThan(0.02);
    }
  });

  it('move the earlier date by what they say, not the truth', () => {
    const still = makeDeceiver({ ...scene('none@chongqing'), seed: 77 }, crops);
    const cause = CAUSES.find(({ id }) => id === 'shift-3');
    const moved = makeDeceiver({ ...scene('none@chongqing'), cause, seed: 77 }, crops);
    expect(same(moved.truth, still.truth) && same(moved.after[3], still.after[3])).toBe(true);
    const { width, height } = still;
    let best = { sum: Number.POSITIVE_INFINITY, dx: 0, dy: 0 };
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        let sum = 0;
        for (let y = 20; y < height - 20; y += 3) {
          for (let x = 20; x < width - 20; x += 3) {
            sum += (moved.before[2][y * width + x] - still.before[2][(y + dy) * width + x + dx]) ** 2;
          }
        }
        if (sum < best.sum) best = { sum, dx, dy };
      }
    }
    expect(Math.abs(Math.hypot(best.dx, best.dy) - 3)).toBeLessThan(0.75);
  });
});

describe('radar scenes', () => {
  it('have the share of change and the spread of the log ratio that their looks give', () => {
    const made = makeRadar(RADAR_SCENES.find(({ id }) => id === 'radar-4-looks-unchanged'));
    expect(share(made.truth, (t) => t === 2)).toBe(0);
    const ratio = made.before[0].map((v, i) => 2 * Math.log(made.after[0][i] / v));
    const mean = ratio.reduce((a, b) => a + b, 0) / ratio.length;
    const variance = ratio.reduce((a, b) => a + (b - mean) ** 2, 0) / ratio.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    // twice the trigamma function of L = 4: 2 × 0.2838
    expect(variance).toBeGreaterThan(0.53);
    expect(variance).toBeLessThan(0.6);
    const changed = makeRadar(RADAR_SCENES[0]);
    expect(share(changed.truth, (t) => t === 2)).toBeCloseTo(RADAR_SCENES[0].share, 3);
  });
});
