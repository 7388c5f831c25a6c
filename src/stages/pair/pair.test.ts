import { describe, expect, it } from 'vitest';
import type { MultiPolygonRings } from '../../model/grid.js';
import { rasterRecipeSchema } from '../../model/recipe.js';
import type { Quarter } from '../../model/scene.js';
import { type PairingScene, pairScenes } from './pair.js';

const square = (lon: number, lat: number, size: number): MultiPolygonRings => [
  [
    [
      [lon, lat],
      [lon + size, lat],
      [lon + size, lat + size],
      [lon, lat + size],
      [lon, lat],
    ],
  ],
];
const scene = (id: string, quarter: Quarter, lon = 106, size = 0.1): PairingScene => {
  const [year, q] = quarter.split('Q');
  return {
    id,
    quarter,
    acquiredOn: `${year}-${String(Number(q) * 3 - 1).padStart(2, '0')}-10`,
    sensor: 's',
    footprint: square(lon, 29, size),
  };
};
const recipe = (before: 'previous-quarter' | 'same-season' | 'both') => rasterRecipeSchema.parse({ before });
const chosen = (scenes: PairingScene[], before: Parameters<typeof recipe>[0] = 'previous-quarter') =>
  pairScenes(scenes, '2026Q3', recipe(before))
    .map(({ beforeId, afterId, role }) => `${beforeId}>${afterId} ${role}`)
    .sort();

describe('pairScenes', () => {
  it('takes the nearest earlier quarter whose scenes meet the footprint', () => {
    const scenes = [
      scene('A', '2026Q3'),
      scene('near-elsewhere', '2026Q2', 120),
      scene('q1', '2026Q1'),
      scene('old', '2025Q2'),
      scene('later', '2026Q4'),
      scene('same', '2026Q3', 106.05),
    ];
    expect(chosen(scenes)).toEqual(['q1>A previous', 'q1>same previous']);
  });

  it('goes further back for ground that the nearest quarter leaves uncovered, four quarters at most', () => {
    const half = [scene('A', '2026Q3', 106, 0.2), scene('west', '2026Q2', 106, 0.1)];
    const east = (quarter: Quarter) => scene('east', quarter, 106.1, 0.2);
    const south: PairingScene = { ...scene('south', '2026Q1'), footprint: square(106, 29.1, 0.2) };
    expect(chosen([...half, east('2026Q1')])).toEqual(['east>A previous', 'west>A previous']);
    expect(chosen([...half, east('2025Q3')])).toEqual(['east>A previous', 'west>A previous']);
    expect(chosen([...half, east('2025Q2')])).toEqual(['west>A previous']);
    expect(chosen([...half, south])).toEqual(['south>A previous', 'west>A previous']);
    // What is covered already is not compared with older scenes again.
    expect(chosen([...half, east('2026Q2'), south, scene('west-too', '2026Q1', 106, 0.1)])).toEqual(
      ['east>A previous', 'south>A previous', 'west>A previous', 'west-too>A previous'].filter(
        (pair) => !pair.startsWith('west-too'),
      ),
    );
  });

  it('same season: last year’s quarter, else the previous one; both: the two together', () => {
    const scenes = [scene('A', '2026Q3'), scene('q2', '2026Q2'), scene('season', '2025Q3')];
    expect(chosen(scenes, 'same-season')).toEqual(['season>A season']);
    expect(chosen(scenes.slice(0, 2), 'same-season')).toEqual(['q2>A previous']);
    expect(chosen(scenes, 'both')).toEqual(['q2>A previous', 'season>A season']);
  });

  it('names a pair by its contents, dates and recipe, not by the order of the scenes', () => {
    const scenes = [scene('A', '2026Q3'), scene('B', '2026Q3', 106.02), scene('q2', '2026Q2')];
    const ids = pairScenes(scenes, '2026Q3', recipe('previous-quarter'));
    expect(pairScenes(scenes.toReversed(), '2026Q3', recipe('previous-quarter'))).toEqual(ids);
    expect(ids.map(({ id }) => id)).toEqual(ids.map(({ id }) => id).sort());
    const [first] = pairScenes(scenes.slice(0, 1).concat(scenes[2] ?? []), '2026Q3', recipe('both'));
    expect(ids.map(({ id }) => id)).not.toContain(first?.id);
  });
});
