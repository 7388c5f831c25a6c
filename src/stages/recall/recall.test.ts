import { describe, expect, it } from 'vitest';
import type { GroundNumbers, GroundReading } from '../../model/history.js';
import type { Patch } from '../../model/patch.js';
import { historyReason, scopeOf, withHistory } from './apply.js';
import { type DatedReading, NO_HISTORY, recall } from './recall.js';

type Four = readonly [veg: number, bright: number, bare: number, white: number];
const numbers = ([veg, bright, bare, white]: Four): GroundNumbers => ({ veg, bright, bare, white });
/** Made ground of autumn and of summer, and what a pit, a field and a cloud look like. */
const WOOD: Four = [750, 6200, -350, -200];
const FIELD: Four = [600, 6400, -250, -200];
const STUBBLE: Four = [180, 7000, 20, -450];
const PIT: Four = [90, 7600, 120, -430];
const CLOUD: Four = [60, 8600, -60, -20];
const SHADE: Four = [700, 5200, -350, -100];
const BARE_RING: Four = [200, 6950, 10, -450];

const reading = (patch: Four, ring: Four = WOOD): GroundReading => ({
  seenPixels: 40,
  numbers: { patch: numbers(patch), ring: numbers(ring) },
});
const hidden: GroundReading = { seenPixels: 1, numbers: null };
const on = (day: string, one: GroundReading, id = day): DatedReading => ({
  id,
  on: day,
  sensor: 'sentinel-2',
  reading: one,
});
const told = (before: DatedReading, after: DatedReading, earlier: readonly DatedReading[], dropFromYears = 2) =>
  recall({ before, after, earlier, dropFromYears });

const summer = (year: number, four: Four = FIELD) => on(`${year}-05-20`, reading(four));
const autumn = (year: number, four: Four = STUBBLE) => on(`${year}-10-12`, reading(four));

describe('recall', () => {
  it('drops a field that lies bare every autumn and is green in between', () => {
    const earlier = [autumn(2024), summer(2025), autumn(2025)];
    const { history, dropped } = told(summer(2026), autumn(2026), earlier);
    expect(history).toMatchObject({ verdict: 'seasonal', seasonYears: 2, available: 3, seen: 3, since: null });
    expect(history).toMatchObject({ earliest: '2024-10-12', latest: '2025-10-12' });
    expect(dropped).toBe(true);
    expect(told(summer(2026), autumn(2026), earlier, 3).dropped).toBe(false);
    expect(told(summer(2026), autumn(2026), earlier, 0).dropped).toBe(false);
  });

  it('one year of it is a doubt and no more', () => {
    const { history, dropped } = told(summer(2026), autumn(2026), [autumn(2025)]);
    expect([history.verdict, history.seasonYears, dropped]).toEqual(['seasonal', 1, false]);
  });

  it('needs the ground to have been green between the years: else it is one old opening', () => {
    const { history, dropped } = told(summer(2026), autumn(2026), [autumn(2024), autumn(2025)]);
    expect([history.verdict, history.seasonYears, dropped]).toEqual(['seasonal', 1, false]);
  });

  it('keeps a pit in a field that lies bare every autumn: it is brighter than the field ever was', () => {
    const earlier = [autumn(2023), summer(2024), autumn(2024), summer(2025), autumn(2025)];
    const { dropped } = told(summer(2026), on('2026-10-12', reading(PIT)), earlier);
    expect(dropped).toBe(false);
  });

  it('calls a pit new that no earlier date shows, and that stays where it was there since a date', () => {
    const green = [summer(2024), autumn(2024, FIELD), summer(2025), autumn(2025, FIELD)];
    expect(told(summer(2026), on('2026-10-12', reading(PIT)), green).history.verdict).toBe('new');
    const staying = [...green, on('2026-07-02', reading(PIT))];
    const { history } = told(summer(2026), on('2026-10-12', reading(PIT)), staying);
    expect(history).toMatchObject({ verdict: 'since', since: '2026-07-02' });
  });

  it('calls ground recurring that was open once, outside the season', () => {
    const earlier = [on('2024-02-10', reading(PIT)), summer(2025)];
    expect(told(summer(2026), on('2026-10-12', reading(PIT)), earlier).history.verdict).toBe('recurring');
  });

  it('does not take two fields in turn for season where they were green as often', () => {
    const earlier = [autumn(2023), summer(2024), autumn(2024, FIELD), summer(2025), autumn(2025, FIELD)];
    expect(told(summer(2026), autumn(2026), earlier).history.verdict).toBe('recurring');
  });

  it('never looks at AFTER’s day or later, at its own two images, or at another image of BEFORE’s day', () => {
    const [before, after] = [summer(2026), autumn(2026)];
    const known = [autumn(2024), summer(2025), autumn(2025)];
    const future = [on('2026-10-12', reading(FIELD), 'tile'), on('2027-05-01', reading(FIELD)), before, after];
    const twin = on('2026-05-20', reading(STUBBLE), 'twin');
    expect(told(before, after, [...known, ...future, twin])).toEqual(told(before, after, known));
    expect(told(before, after, [...known].reverse())).toEqual(told(before, after, known));
  });

  it('does not count a date that was hidden, by mask, by cloud or by shadow', () => {
    const cloud = on('2025-10-02', reading(CLOUD, CLOUD));
    const small = on('2025-10-03', reading([60, 8900, -60, -20]));
    const shade = on('2025-10-04', reading(SHADE, SHADE));
    const masked = on('2025-10-05', hidden);
    const { history } = told(summer(2026), autumn(2026), [summer(2024), summer(2025), cloud, small, shade, masked]);
    expect(history.dates.map(({ state }) => state)).toEqual([
      'before',
      'before',
      'not-seen',
      'not-seen',
      'not-seen',
      'not-seen',
    ]);
    expect(history).toMatchObject({ available: 6, seen: 2, latest: '2025-05-20' });
  });

  it('is not misled by one date in a dense series that both its neighbours contradict', () => {
    const pit = (day: string) => on(day, reading(PIT));
    const open = ['2024-10-20', '2025-01-10', '2025-02-10', '2025-04-02', '2025-06-20', '2025-10-05', '2026-07-20'];
    const misread = on('2025-03-05', reading(FIELD));
    const { history, dropped } = told(summer(2024), pit('2026-10-12'), [...open.map(pit), misread]);
    expect(history).toMatchObject({ verdict: 'since', since: '2024-10-20', seen: 7, available: 8 });
    expect(history.dates.find((date) => date.on === misread.on)?.state).toBe('unclear');
    expect(dropped).toBe(false);
  });

  it('does not call season what is open on most dates between two seasons', () => {
    const earlier = [
      autumn(2024),
      on('2025-02-01', reading(STUBBLE)),
      on('2025-07-01', reading(STUBBLE)),
      summer(2025),
    ];
    const { history, dropped } = told(summer(2026), autumn(2026), [...earlier, autumn(2025)]);
    expect([history.seasonYears, dropped]).toEqual([1, false]);
  });

  it('doubts a pair one of whose own dates is white all around as on no other', () => {
    const snow = on('2026-10-12', reading(CLOUD, CLOUD));
    const { history, dropped } = told(summer(2026), snow, [summer(2024), summer(2025)]);
    expect(history).toMatchObject({ verdict: 'unknown', doubted: 'after', available: 2, seen: 0 });
    expect(dropped).toBe(false);
    expect(historyReason(history, 'other', '')).toBe(
      '与历史影像 2 期相比，后时相此处及周围异常亮白，疑似云或雪，变化可能并不存在',
    );
    expect(told(on('2026-05-20', reading(CLOUD, CLOUD)), autumn(2026), [summer(2024)]).history.doubted).toBe('before');
  });

  it('takes the better of two images of one day', () => {
    const poor = { ...reading(FIELD), seenPixels: 5 };
    const both = [on('2025-10-12', poor, 'a'), on('2025-10-12', reading(STUBBLE), 'b')];
    expect(told(summer(2026), autumn(2026), both).history.dates).toEqual([{ on: '2025-10-12', state: 'after' }]);
  });

  it('cannot say what a date was on which patch and surroundings were bare alike', () => {
    const earlier = [on('2026-01-15', reading(STUBBLE, BARE_RING))];
    const { history } = told(summer(2026), on('2026-10-12', reading(PIT, FIELD)), earlier);
    expect(history).toMatchObject({ verdict: 'unknown', available: 1, seen: 0, earliest: null });
  });

  it('asks the patch’s own index where patch and ring changed alike, whatever the light', () => {
    const harvested = (year: number) => on(`${year}-10-12`, reading(STUBBLE, BARE_RING));
    const standing = (year: number, light: number) =>
      on(`${year}-05-20`, reading([600, 6400 + light, -250, -200], [620, 6380 + light, -260, -200]));
    const earlier = [harvested(2024), standing(2025, 40), harvested(2025)];
    const { history, dropped } = told(standing(2026, -30), harvested(2026), earlier);
    expect([history.verdict, dropped]).toEqual(['seasonal', true]);
  });
});

describe('withHistory', () => {
  const patch: Patch = {
    id: '1',
    pairs: ['P'],
    geometry: [],
    areaM2: 1000,
    perimeterM: 120,
    lon: 0,
    lat: 0,
    confidence: 0.8,
    changeType: 'vegetation-to-bare',
    seenShare: 1,
    sigmaM: 5,
    dateBefore: '2026-05-20',
    dateAfter: '2026-10-12',
    reasons: ['一'],
  };

  it('leaves a patch of two dates as it is, and says so', () => {
    const { history, reasons, ...rest } = withHistory(patch, NO_HISTORY, '');
    const { reasons: _given, ...given } = patch;
    expect(rest).toEqual(given);
    expect(history).toEqual(NO_HISTORY);
    expect(reasons).toEqual(['一', '仅有前后两期影像，未能排除季节变化']);
  });

  it('moves the confidence: down for season, up for what is new on enough dates', () => {
    const green = [summer(2025), autumn(2025, FIELD), on('2026-04-01', reading(FIELD))];
    const pit = on('2026-10-12', reading(PIT));
    const of = (earlier: DatedReading[], after = pit) =>
      withHistory(patch, told(summer(2026), after, earlier).history, '').confidence;
    expect(of(green)).toBe(0.844);
    expect(of(green.slice(0, 2))).toBe(0.8);
    expect(of([autumn(2025)], autumn(2026))).toBe(0.595);
    expect(of([autumn(2024), summer(2025), autumn(2025)], autumn(2026))).toBe(0.351);
  });

  it('says what history there was', () => {
    const green = [summer(2025), autumn(2025, FIELD)];
    const { history } = told(summer(2026), on('2026-10-12', reading(PIT)), green);
    expect(historyReason(history, 'vegetation-to-bare', scopeOf({ quarters: 8, years: 4 }))).toBe(
      '历史影像（近 8 个季度及往年同季） 2 期，其中 2 期可用（2025Q2—2025Q4），此前各期均为植被，本期首次出现裸露',
    );
    const season = told(summer(2026), autumn(2026), [autumn(2024), summer(2025), autumn(2025)]).history;
    expect(historyReason(season, 'vegetation-to-bare', '')).toBe(
      '历史影像 3 期，其中 3 期可用（2024Q4—2025Q4），2024Q4、2025Q4 也曾出现裸露，其间恢复为植被；往年同季有 2 年如此，疑似季节变化',
    );
  });
});
