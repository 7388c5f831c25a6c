/** What a lawyer would hold against a judgement: titles that overlap, data that are missing or contradict each other. */
import { describe, expect, it } from 'vitest';
import { judgeWithSite } from './judge.js';
import type { Boundary } from './model/boundary.js';
import type { Judgement } from './model/patch.js';
import { boundary, judge, patch, recipe, rectangle } from './testing/judged.js';

const LAYERS = ['licences', 'exploration', 'plans', 'restoration', 'lawful', 'closed', 'keyzones'] as const;
const whole = rectangle(0, 0, 600, 300);
const ground = patch(rectangle(100, 50, 200, 150));
const licence = boundary('A', whole);
const of = (...boundaries: Boundary[]) => judge(ground, boundaries, LAYERS);
const rules = ({ findings }: Judgement) => findings.map(({ rule }) => rule);

/** The patch's own codes hold those of its parts, except what explains a part. */
function agree({ pieces, violations }: Judgement): void {
  for (const piece of pieces) {
    for (const code of piece.violations)
      if (code !== 'lawful' && code !== 'cannot-say') expect(violations).toContain(code);
  }
}

describe('titles on the same ground', () => {
  it('accuses nobody by an old licence where one in force holds the ground', async () => {
    const old = boundary('OLD', whole, { validTo: '2020-01-01', holder: '旧公司' });
    const judgement = await of(licence, old);
    expect(judgement.violations).toEqual(['lawful']);
    expect(rules(judgement)).toEqual(['LA-1', 'NL-2']);
    expect(judgement.facts.doubts).toEqual([]);
  });

  it('lets a licence and an approved project explain the ground between them', async () => {
    const half = boundary('H', rectangle(0, 0, 150, 300));
    const project = boundary('P', rectangle(150, 0, 400, 300), { kind: 'lawful' });
    const judgement = await of(half, project);
    expect(judgement.violations).toEqual(['lawful']);
    expect(judgement.reasons[0]).toMatch(/^\[LA-2\].*许可证界外 5000\.\d m² 在其中/);
    expect(judgement.pieces.map(({ violations }) => violations)).toEqual([['lawful'], ['lawful']]);
    const far = boundary('P', rectangle(190, 0, 400, 300), { kind: 'lawful' });
    const beyond = await of(half, far);
    expect(beyond.violations).toEqual(['beyond-boundary', 'restoration']);
    const restoring = await of(half, { ...project, kind: 'restoration' });
    expect(restoring.violations).toEqual(['cannot-say']);
    for (const one of [judgement, beyond, restoring]) agree(one);
  });

  it('names the exploration right and the lapsed licence under what lies beyond a licence', async () => {
    const half = boundary('H', rectangle(0, 0, 150, 300));
    const right = boundary('E', whole, { kind: 'exploration' });
    const judgement = await of(half, right);
    expect(judgement.violations).toEqual(['beyond-boundary', 'exploration']);
    expect(judgement.reasons.join()).toMatch(/图斑有 5000\.\d m² 在探矿权/);
    agree(judgement);
    const lapsed = await of(half, boundary('OLD', rectangle(150, 0, 400, 300), { validTo: '2020-01-01' }));
    expect(lapsed.violations).toEqual(['no-licence', 'beyond-boundary']);
    agree(lapsed);
  });

  it('lets two projects side by side cover a patch, and takes none that has expired for one', async () => {
    const project = (id: string, x0: number, x1: number, facts: Partial<Boundary> = {}) =>
      boundary(id, rectangle(x0, 0, x1, 300), { kind: 'lawful', ...facts });
    const judgement = await of(project('P', 0, 150), project('Q', 150, 400));
    expect(judgement.violations).toEqual(['lawful']);
    expect(judgement.reasons[0]).toContain('共覆盖 100.0%');
    const over = await of(project('P', 0, 600), project('Q', 0, 600, { validTo: '2020-01-01' }));
    expect(over.violations).toEqual(['lawful']);
    expect(rules(over)).toEqual(['LA-2']);
  });

  it('takes an open-pit licence over an underground one, and says when two holders share the ground', async () => {
    const below = boundary('B', whole, { method: '地下开采', holder: 'A公司' });
    expect((await of(licence, below)).violations).toEqual(['lawful']);
    const shared = await of(licence, { ...below, holder: '别家公司' });
    expect(shared.violations).toEqual(['cannot-say']);
    expect(rules(shared)).toEqual(['OH-3']);
  });

  it('takes a holder typed in two ways for one', async () => {
    const left = boundary('L', rectangle(0, 0, 150, 300), { holder: '沂源（一）矿业有限公司' });
    const right = boundary('R', rectangle(150, 0, 400, 300), { holder: '沂源(一) 矿业有限公司' });
    expect((await of(left, right)).violations).toEqual(['lawful']);
  });

  it('holds a plan against the licence that has it only, whichever way its number is typed', async () => {
    const left = boundary('L', rectangle(0, 0, 150, 300), { holder: '同一公司' });
    const right = boundary('R', rectangle(150, 0, 400, 300), { holder: '同一公司' });
    const plan = boundary('P', rectangle(0, 0, 150, 300), { kind: 'plans', number: ' cl ' });
    expect((await of(left, right, plan)).violations).toEqual(['lawful']);
    const narrow = boundary('P', rectangle(0, 0, 60, 300), { kind: 'plans', number: ' cl ' });
    const beyond = await of(left, right, narrow);
    expect(beyond.violations).toEqual(['off-plan']);
    expect(beyond.reasons[0]).toMatch(/^\[OP-2\]/);
  });

  it('does not call a stage over where the stage in force lies on the same ground', async () => {
    const stage = (id: string, facts: Partial<Boundary>) =>
      boundary(id, whole, { kind: 'plans', number: 'CA', ...facts });
    const first = stage('S1', { validTo: '2026-01-01' });
    expect((await of(licence, first, stage('S2', {}))).violations).toEqual(['lawful']);
    expect((await of(licence, first)).violations).toEqual(['off-plan']);
  });
});

describe('data that are missing or in doubt', () => {
  it('lets no project without an end, halted, or begun between the images make it lawful', async () => {
    const project = boundary('P', whole, { kind: 'lawful' });
    expect((await of(project)).violations).toEqual(['lawful']);
    for (const facts of [{ validTo: null }, { status: '停工' }, { validFrom: '2026-06-01' }]) {
      const judgement = await of({ ...project, ...facts });
      expect(judgement.violations).toEqual(['cannot-say']);
      expect(rules(judgement)).toEqual(['CS-4']);
    }
  });

  it('says what was not checked of a licence, and that it stands by an accepted renewal', async () => {
    const judgement = await of({ ...licence, method: null, validTo: '2026-01-01', status: '延续已受理' });
    expect(judgement.violations).toEqual(['lawful']);
    expect(judgement.reasons[0]).toContain('未核对：开采方式（未登记）、开采设计范围和分期（无资料）');
    expect(judgement.reasons[1]).toMatch(/^\[VA-5\].*有效期止 2026-01-01，延续申请已受理（受理期限未登记）/);
  });

  it('does not accuse beside a licence or project whose coordinates cannot be used, unless it has ended', async () => {
    const half = boundary('H', rectangle(0, 0, 150, 300));
    const local = boundary('X', rectangle(150, 0, 400, 300), { excludedReason: '1980西安坐标系' });
    const judgement = await of(half, local);
    expect(judgement.violations).toEqual(['cannot-say']);
    expect(rules(judgement)).toEqual(['CS-1']);
    expect(judgement.overlaps.find(({ boundaryId }) => boundaryId === 'X')?.verdict).toBe('cannot-say');
    expect((await of(half, { ...local, validTo: '2020-01-01' })).violations).toEqual(['beyond-boundary']);
    expect((await of({ ...local, kind: 'restoration' })).violations).toEqual(['cannot-say']);
    const right = await of(local, boundary('E', whole, { kind: 'exploration' }));
    expect(right.violations).toEqual(['cannot-say']);
  });

  it('says so where a mine on record as closed lies under a licence in force', async () => {
    const closed = boundary('C', whole, { kind: 'closed' });
    const judgement = await of(licence, closed);
    expect(judgement.violations).toEqual(['cannot-say']);
    expect(rules(judgement)).toEqual(['CL-1']);
    const point = await of(licence, { ...closed, buffered: { from: 'point', metres: 100 } });
    expect(point.violations).toEqual(['lawful']);
    expect(point.reasons.join()).toContain('登记为点，按周围 100 m 计');
  });

  it('reads the accuracy of a boundary with its unit, and no scale for metres', async () => {
    const own = async (text: string) => (await of({ ...licence, attributes: { 中误差: text } })).position.boundaryM;
    expect(await Promise.all(['±5cm', '0.2 米', '3', '1:2000'].map(own))).toEqual([0.05, 0.2, 3, 0.5]);
  });

  it('counts a suspicion for less where the licence ended between the images or nobody wrote down when', async () => {
    for (const facts of [{ endedOn: '2026-06-01' }, { status: '注销' }, { validTo: '2026-06-01' }]) {
      const { violations, facts: frozen } = await of({ ...licence, ...facts });
      expect([violations, frozen.doubts]).toEqual([['no-licence'], ['ended']]);
    }
    const before = await of({ ...licence, endedOn: '2026-04-01' });
    expect(before.facts.doubts).toEqual([]);
  });

  it('tells of a secret area under a patch only that it is there, and of one nearby nothing', async () => {
    const secret = { kind: 'keyzones', zoneKind: '军事', name: '某部', number: null } as const;
    const under = await of(licence, boundary('Z', rectangle(150, 0, 400, 300), secret));
    expect(rules(under)).toEqual(['SE-1', 'LA-1']);
    const near = await of(licence, boundary('Z', rectangle(260, 0, 400, 300), secret));
    for (const one of [under, near]) {
      const text = JSON.stringify(one);
      expect(text).not.toContain('某部');
      expect(one.overlaps.map(({ boundaryId }) => boundaryId)).toEqual(['A']);
    }
    expect(JSON.stringify(near)).not.toContain('涉密');
  });

  it('holds only the quarters since it began against a restoration project', async () => {
    const project = boundary('R', whole, { kind: 'restoration', validFrom: '2025-10-01' });
    const judged = { patch: ground, judgement: await of(project) };
    const site = { resumed: null, repeats: 0, grownM2: null, lastVisit: null };
    const judgedAfter = (...earlierQuarters: ('2025Q1' | '2025Q2' | '2025Q4' | '2026Q1')[]) =>
      judgeWithSite(judged, { ...site, earlierQuarters }, recipe).judgement.violations;
    expect(judgedAfter('2025Q1', '2025Q2')).toEqual(['cannot-say']);
    expect(judgedAfter('2025Q1', '2025Q4', '2026Q1')).toEqual(['restoration']);
  });
});
