/** What a made series of five years says of places whose story is known (src/testing/series-fixture.ts). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recall as readScene } from './adapters/gdal/recall.js';
import { boxOf } from './geo/distance.js';
import type { HistoryScene } from './model/history.js';
import type { Patch } from './model/patch.js';
import { historyRecipeSchema } from './model/recipe.js';
import { recallPatches } from './recall.js';
import {
  outlineOf,
  SERIES_PLACES,
  SERIES_ROLES,
  type SeriesScene,
  seriesDate,
  writeSeries,
} from './testing/series-fixture.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-series-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function sceneOf({ path, date }: SeriesScene): HistoryScene {
  const bands = SERIES_ROLES.map((role, i) => ({ role, index: i + 1 }));
  return {
    id: `S${date}`,
    acquiredOn: date,
    use: { path, bands, sensor: 'sentinel-2', acquiredOn: date },
    masks: [],
    box: [-180, -90, 180, 90],
  };
}

const PATCHES = SERIES_PLACES.map(
  (place, i): Patch => ({
    id: String(i),
    pairs: ['P'],
    geometry: outlineOf(place),
    areaM2: 10_000,
    perimeterM: 400,
    lon: 0,
    lat: 0,
    confidence: 0.8,
    changeType: 'vegetation-to-bare',
    seenShare: 1,
    sigmaM: 5,
    dateBefore: null,
    dateAfter: null,
    reasons: [],
  }),
);

async function verdicts(
  scenes: readonly SeriesScene[],
  [before, after]: readonly [string, string],
  use: (date: string) => boolean = () => true,
): Promise<Record<string, string>> {
  const all = scenes.map(sceneOf);
  const at = (date: string) => all.find(({ acquiredOn }) => acquiredOn === date) as HistoryScene;
  const { patches, dropped } = await recallPatches({
    patches: PATCHES,
    pairs: new Map([['P', { before: at(before), after: at(after) }]]),
    earlier: all.filter(({ acquiredOn }) => use(acquiredOn)),
    recipe: historyRecipeSchema.parse({}),
    scope: '',
    read: async (scene, outlines) => readScene({ scene, patches: outlines }),
  });
  const told = [
    ...patches.map((patch) => ({ patch, end: '' })),
    ...dropped.map((patch) => ({ patch, end: ', dropped' })),
  ];
  return Object.fromEntries(
    told.map(({ patch, end }) => [SERIES_PLACES[Number(patch.id)]?.name, `${patch.history?.verdict}${end}`]),
  );
}

const SUMMER_TO_AUTUMN = [seriesDate(2026, 3), seriesDate(2026, 4)] as const;
const YEAR_TO_YEAR = [seriesDate(2025, 4), seriesDate(2026, 4)] as const;

describe('a series of five years', () => {
  it.each([1, 2, 3, 4, 5])('tells season from what is new, seed %i', async (seed) => {
    const scenes = writeSeries(join(dir, `seed-${seed}`), { seed });
    expect(await verdicts(scenes, SUMMER_TO_AUTUMN)).toEqual({
      field: 'seasonal, dropped',
      'late field': 'recurring',
      reservoir: 'seasonal, dropped',
      pit: 'new',
      'pit in field': 'recurring',
      plot: 'new',
      'old pit': 'unknown',
    });
  });

  it('compared with last autumn: a pit that opened in between is there since', async () => {
    const scenes = writeSeries(join(dir, 'seed-1'));
    expect(await verdicts(scenes, YEAR_TO_YEAR)).toMatchObject({ pit: 'new', plot: 'new', 'old pit': 'since' });
  });

  it('two dates only: nothing can be said, nothing is dropped', async () => {
    const scenes = writeSeries(join(dir, 'seed-1'));
    const alone = await verdicts(scenes, SUMMER_TO_AUTUMN, (date) => SUMMER_TO_AUTUMN.includes(date));
    expect(new Set(Object.values(alone))).toEqual(new Set(['unknown']));
  });

  it('a cloud on one autumn takes that year away', async () => {
    const scenes = writeSeries(join(dir, 'clouded'), {
      clouded: { [seriesDate(2024, 4)]: 'field', [seriesDate(2023, 4)]: 'field', [seriesDate(2022, 4)]: 'field' },
    });
    expect(await verdicts(scenes, SUMMER_TO_AUTUMN)).toMatchObject({
      field: 'seasonal',
      reservoir: 'seasonal, dropped',
    });
  });

  it('later images change nothing', async () => {
    const scenes = writeSeries(join(dir, 'seed-1'));
    const then = await verdicts(scenes, SUMMER_TO_AUTUMN, (date) => date <= seriesDate(2026, 4));
    expect(await verdicts(scenes, SUMMER_TO_AUTUMN)).toEqual(then);
  });

  it('reads the same of a patch whatever other patches are asked with it far away, and nothing beyond the image', () => {
    const [first] = writeSeries(join(dir, 'seed-1'));
    const scene = sceneOf(first as SeriesScene);
    const outlines = PATCHES.map(({ geometry }) => geometry);
    const together = readScene({ scene, patches: outlines });
    expect(outlines.map((outline) => readScene({ scene, patches: [outline] })[0])).toEqual(together);
    const [west, south, east, north] = boxOf(outlines[0] ?? []);
    const elsewhere = [
      [
        [
          [west + 1, south],
          [east + 1, south],
          [east + 1, north],
          [west + 1, south],
        ],
      ],
    ] as const;
    expect(readScene({ scene, patches: [elsewhere] })).toEqual([null]);
  });
});
