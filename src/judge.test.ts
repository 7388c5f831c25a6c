import { describe, expect, it } from 'vitest';
import { type JudgeInput, judgePatches } from './judge.js';
import type { BoundaryKind } from './model/boundary.js';
import { boundary, judge, patch, pool, recipe, rectangle } from './testing/judged.js';

const licence = boundary('A', rectangle(0, 0, 300, 200));
const insidePatch = patch(rectangle(100, 50, 160, 110));
const crossing = patch(rectangle(250, 50, 360, 110));
const away = patch(rectangle(420, 50, 480, 110));

describe('judgePatches', () => {
  it('finds nothing wrong inside a valid open-pit licence', async () => {
    const judgement = await judge(insidePatch, [licence]);
    expect(judgement).toMatchObject({ violations: ['lawful'], licenceNo: 'CA', outsideM2: 0, outsideM: 0 });
    expect(judgement.reasons[0]).toMatch(/^\[LA-1\]/);
  });

  it('suspects a crossing patch with exact area, distance and error bars', async () => {
    const judgement = await judge(crossing, [licence]);
    expect(judgement.violations).toEqual(['beyond-boundary']);
    expect(judgement.outsideM2).toBeCloseTo(3600, 0);
    expect(judgement.outsideM).toBeCloseTo(60, 1);
    expect(judgement.reasons[0]).toMatch(
      /^\[BB-1\] 疑似越界开采：界外 3600\.\d m²（误差范围 2997\.\d–4203\.\d），占 54\.5%，最远超出 60\.0 m（50\.0–70\.0）；扣除容差 10\.0 m 后 2997\.\d m²/,
    );
  });

  it('says that it cannot say within the tolerance', async () => {
    const judgement = await judge(patch(rectangle(230, 50, 309, 110)), [licence]);
    expect(judgement.violations).toEqual(['cannot-say']);
    expect(judgement.outsideM2).toBeCloseTo(540, 0);
    expect(judgement.reasons[0]).toContain('[CS-2]');
    const beside = await judge(patch(rectangle(301, 50, 312, 110)), [licence]);
    expect(beside.violations).toEqual(['cannot-say']);
  });

  it('suspects mining without a licence and tells how far the next one is', async () => {
    const judgement = await judge(away, [licence]);
    expect(judgement).toMatchObject({ violations: ['no-licence'], licenceNo: null });
    expect(judgement.outsideM2).toBeCloseTo(away.areaM2, 1);
    expect(judgement.reasons[0]).toMatch(/^\[NL-1\] 疑似无证开采.*相距 120\.0 ± 5\.0 m$/);
    const alone = await judge(away, []);
    expect(alone).toMatchObject({ violations: ['no-licence'], outsideM: null });
  });

  it.each([
    ['expired before', { validTo: '2026-04-30' }, 'no-licence', 'NL-2'],
    ['expired between the dates', { validTo: '2026-06-30' }, 'no-licence', '不能区分'],
    ['not yet in force', { validFrom: '2026-08-02' }, 'no-licence', 'NL-3'],
    ['cancelled', { status: '已注销' }, 'no-licence', 'NL-4'],
    ['renewal accepted', { validTo: '2026-04-30', status: '延续申请已受理' }, 'lawful', 'LA-1'],
    ['valid on the last day', { validTo: '2026-08-01' }, 'lawful', 'LA-1'],
    ['end unknown', { validTo: null }, 'cannot-say', 'VA-2'],
    ['other datum', { excludedReason: '1980西安坐标系' }, 'cannot-say', 'CS-1'],
  ] as const)('judges a licence that is %s', async (_, facts, code, rule) => {
    const judgement = await judge(insidePatch, [{ ...licence, ...facts }]);
    expect(judgement.violations).toEqual([code]);
    expect(judgement.reasons.join('\n')).toContain(rule);
    expect(judgement.reasons.join('\n')).not.toContain('违法');
  });

  it('does not judge validity without a date and says so', async () => {
    const undated = patch(insidePatch.geometry, { dateBefore: null, dateAfter: null });
    const judgement = await judge(undated, [{ ...licence, validTo: '2001-01-01' }]);
    expect(judgement.violations).toEqual(['lawful']);
    expect(judgement.reasons.join('')).toContain('[VA-1]');
  });

  it('raises the other suspicions only where the data says so', async () => {
    const whole = rectangle(0, 0, 600, 300);
    expect((await judge(insidePatch, [{ ...licence, method: '地下开采' }])).violations).toEqual(['off-plan']);
    expect((await judge(insidePatch, [{ ...licence, method: '露天/地下' }])).violations).toEqual(['lawful']);
    expect(
      (await judge(patch(rectangle(250, 20, 360, 120)), [licence, boundary('B', rectangle(300, 0, 600, 200))]))
        .violations,
    ).toEqual(['other-holder']);
    expect((await judge(away, [licence, boundary('E', whole, { kind: 'exploration' })])).violations).toEqual([
      'no-licence',
      'exploration',
    ]);
    const plan = boundary('P', rectangle(0, 0, 90, 200), { kind: 'plans', number: 'CA' });
    expect((await judge(insidePatch, [licence, plan], ['licences', 'plans'])).violations).toEqual(['off-plan']);
    const project = boundary('R', whole, { kind: 'restoration', validTo: '2026-01-01' });
    expect((await judge(away, [project])).violations).toEqual(['no-licence', 'restoration']);
    expect((await judge(away, [{ ...project, validTo: '2027-01-01' }])).violations).toEqual(['cannot-say']);
    expect((await judge(away, [boundary('L', whole, { kind: 'lawful' })])).violations).toEqual(['lawful']);
  });

  it('lets the version that stands now speak for a project or an exploration right, not the one it replaced', async () => {
    const whole = rectangle(0, 0, 600, 300);
    const versions = (kind: BoundaryKind) => [
      boundary('old', whole, { kind, span: { from: null, until: '2026-06-15', delistedOn: null } }),
      boundary('new', whole, { kind, span: { from: '2026-06-15', until: null, delistedOn: null } }),
    ];
    const project = await judge(away, versions('restoration'));
    expect(project.violations).toEqual(['cannot-say']);
    expect(project.findings.map(({ rule }) => rule)).toEqual(['RE-3']);
    const right = await judge(away, versions('exploration'));
    expect(right.findings.map(({ rule }) => rule)).toEqual(['NL-1', 'EX-1']);
  });

  it('says that a boundary was drawn back between the images, and counts the suspicion for less', async () => {
    const old = boundary('old', rectangle(400, 0, 600, 300), {
      span: { from: null, until: '2026-06-15', delistedOn: null },
    });
    const now = boundary('new', rectangle(700, 0, 900, 300), {
      span: { from: '2026-06-15', until: null, delistedOn: null },
    });
    const judgement = await judge(away, [old, now]);
    expect(judgement.findings.map(({ rule }) => rule)).toEqual(['NL-1', 'VA-4']);
    expect(judgement.facts.doubts).toEqual(['ended']);
  });

  it('says nothing of licences where that layer is not loaded', async () => {
    const judgement = await judge(away, [], []);
    expect(judgement.violations).toEqual(['cannot-say']);
    expect(judgement.reasons[0]).toContain('[CS-3]');
  });

  it('scores with parts that add up exactly, and ranks a key zone higher', async () => {
    const zone = boundary('Z', rectangle(400, 0, 600, 300), { kind: 'keyzones', zoneKind: 'red-line', name: null });
    for (const [subject, boundaries] of [
      [insidePatch, [licence]],
      [crossing, [licence]],
      [away, [licence, zone]],
    ] as const) {
      const { score, parts } = await judge(subject, boundaries);
      expect(score).toBe(parts.reduce((sum, part) => sum + Math.round(part.points * 10), 0) / 10);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
    }
    const plain = await judge(away, [licence]);
    const inZone = await judge(away, [licence, zone]);
    // red line, inside: all of the ten points
    expect(inZone.score - plain.score).toBeCloseTo(10, 9);
  });

  it('does not depend on the order of patches and boundaries', async () => {
    const input: JudgeInput = {
      patches: [insidePatch, crossing, away],
      boundaries: [licence, boundary('B', rectangle(290, 0, 330, 200)), boundary('C', rectangle(-50, -50, 20, 20))],
      layers: ['licences'],
      recipe,
    };
    const straight = await judgePatches(input, pool);
    const turned = await judgePatches(
      { ...input, patches: input.patches.toReversed(), boundaries: input.boundaries.toReversed() },
      pool,
    );
    expect(turned.toReversed()).toEqual(straight);
  });
});
