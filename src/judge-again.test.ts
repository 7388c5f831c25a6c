/** What keeps its judgement and what is judged again; versions and secret areas in a judgement. */
import { describe, expect, it } from 'vitest';
import { outside } from './adapters/gdal/outside.js';
import { overlayPairs } from './adapters/gdal/overlay.js';
import { split } from './adapters/gdal/split.js';
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import { judgePatches } from './judge.js';
import { judgeAgain } from './judge-again.js';
import { versionsBetween } from './layer-versions.js';
import type { Boundary } from './model/boundary.js';
import type { MultiPolygonRings } from './model/grid.js';
import { judgementRecipeSchema } from './model/judgement-recipe.js';
import type { Judgement, Patch } from './model/patch.js';
import type { WorkCatalogue } from './model/work.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';

const recipe = judgementRecipeSchema.parse({});

function poolOf(sent: number[]): WorkPool {
  return {
    size: 1,
    close: async () => undefined,
    run: (async (name: string, input: never) => {
      if (name === 'split') return split(input);
      if (name !== 'overlayPairs') return outside(input);
      sent.push((input as WorkCatalogue['overlayPairs']['input']).patches.shapeEnds.length);
      return overlayPairs(input);
    }) as WorkPool['run'],
  };
}

/** About 1.1 km apart from each other in steps of 0.01 degree. */
function square(lon: number, size: number): MultiPolygonRings {
  const [a, b, c, d] = [lon, 37, lon + size, 37 + size];
  return [
    [
      [
        [a, b],
        [c, b],
        [c, d],
        [a, d],
        [a, b],
      ],
    ],
  ];
}

function patch(id: string, lon: number): Patch {
  const geometry = square(lon, 0.001);
  return {
    id,
    pairs: ['p'],
    geometry,
    areaM2: polygonAreaM2(geometry),
    perimeterM: 400,
    lon: lon + 0.0005,
    lat: 37.0005,
    confidence: 0.8,
    changeType: 'vegetation-to-bare',
    seenShare: 1,
    sigmaM: 5,
    dateBefore: '2026-05-01',
    dateAfter: '2026-08-01',
    reasons: [],
  };
}

function boundary(id: string, lon: number, facts: Partial<Boundary> = {}): Boundary {
  const geometry = square(lon - 0.001, 0.003);
  return {
    id,
    kind: 'licences',
    row: 1,
    number: id,
    name: `${id}矿`,
    holder: null,
    method: '露天',
    status: null,
    validFrom: '2020-01-01',
    validTo: '2030-01-01',
    zoneKind: null,
    geometry,
    areaM2: polygonAreaM2(geometry),
    excludedReason: null,
    attributes: {},
    ...facts,
  };
}

const registerOf = (boundaries: readonly Boundary[]) => ({ ...shelfOf(boundaries), versions: boundaries });

const patches = [0, 1, 2, 3].map((i) => patch(`p${i}`, 113 + i / 100));
const input = { patches, layers: ['licences'] as const, recipe };

describe('judging again', () => {
  it('sends only what rests on something else, and gives what a first judging gives', async () => {
    const before = [boundary('A', 113), boundary('B', 113.01), boundary('C', 113.02)];
    const sent: number[] = [];
    const first = await judgeAgain({ ...input, register: registerOf(before) }, new Map(), poolOf(sent));
    expect(sent).toEqual([4]);
    const known = new Map(
      first.bases.map((basis, i): [string, Judgement] => [basis, first.judged[i]?.judgement as Judgement]),
    );
    const counted: number[] = [];
    expect(await judgeAgain({ ...input, register: registerOf(before) }, known, poolOf(counted))).toEqual(first);
    expect(counted).toEqual([]);

    const span = { from: null, until: null, delistedOn: '2026-06-01' };
    const after = [boundary('A', 113), { ...boundary('B', 113.01), span }, boundary('D', 113.03)];
    const again = await judgeAgain({ ...input, register: registerOf(after) }, known, poolOf(counted));
    // B is no longer listed, C is gone, D is new; the first patch keeps what it has
    expect(counted).toEqual([3]);
    expect(again.judged[0]?.judgement).toBe(first.judged[0]?.judgement);
    expect(again.judged).toEqual(await judgePatches({ ...input, boundaries: after }, poolOf([])));
    expect(again.judged.map(({ judgement }) => judgement.violations.join())).toEqual([
      'lawful',
      'no-licence',
      'no-licence',
      'lawful',
    ]);

    const other = { ...input, register: registerOf(after), recipe: { ...recipe, minOutsideM2: 401 } };
    await judgeAgain(other, known, poolOf(counted));
    expect(counted).toEqual([3, 4]);
  });

  it('holds a patch against the version that stood between its dates', async () => {
    const smaller = square(113, 0.0005);
    const versions = (changedOn: string) => [
      [boundary('A', 113)],
      [
        boundary('A2', 113, {
          number: 'A',
          effectiveFrom: changedOn,
          geometry: smaller,
          areaM2: polygonAreaM2(smaller),
        }),
      ],
    ];
    const judgementAt = async (changedOn: string) => {
      const boundaries = versionsBetween(versions(changedOn), '2026-05-01', '2026-08-01');
      const [one] = await judgePatches({ ...input, patches: patches.slice(0, 1), boundaries }, poolOf([]));
      return one?.judgement;
    };
    expect((await judgementAt('2026-09-01'))?.violations).toEqual(['lawful']);
    expect((await judgementAt('2026-04-01'))?.violations).toEqual(['beyond-boundary']);
    const between = await judgementAt('2026-06-15');
    expect(between?.violations).toEqual(['beyond-boundary']);
    expect(between?.reasons.join('\n')).toContain(
      '此版本自 2026-06-15 起由新版本替代，前后时相 2026-05-01 与 2026-08-01 之间的变化发生在替代前还是替代后影像不能区分',
    );
  });

  it('that was renewed without a gap is lawful throughout; with a gap the images cannot tell', async () => {
    const first = boundary('A', 113, { validTo: '2026-06-14' });
    const renewed = (from: string) => boundary('A2', 113, { number: 'A', validFrom: from, effectiveFrom: from });
    const judgement = async (from: string) => {
      const boundaries = versionsBetween([[first], [renewed(from)]], '2026-05-01', '2026-08-01');
      const [one] = await judgePatches({ ...input, patches: patches.slice(0, 1), boundaries }, poolOf([]));
      return [one?.judgement.violations, one?.judgement.findings.map(({ rule }) => rule)];
    };
    expect(await judgement('2026-06-15')).toEqual([['lawful'], ['LA-1']]);
    expect(await judgement('2026-07-01')).toEqual([['cannot-say'], expect.arrayContaining(['VA-3'])]);
  });

  it('says of a secret area only that the patch touches one', async () => {
    const secret = boundary('S', 113, { kind: 'keyzones', zoneKind: '军事管理区', name: '七号库', number: '77' });
    const [one, other] = await judgePatches({ ...input, boundaries: [secret] }, poolOf([]));
    expect(one?.judgement.reasons[0]).toBe('[SE-1] 图斑涉及涉密区域，名称和范围不列出，须由有权限的人员处理');
    expect(JSON.stringify(one)).not.toMatch(/七号库|77/);
    expect(JSON.stringify(one?.judgement.parts)).toContain('涉密区域');
    expect(JSON.stringify(other)).not.toContain('涉密');
  });
});
