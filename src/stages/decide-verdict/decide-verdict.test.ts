/** The rules of verdicts one by one: each is raised by what it speaks of, and by nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config.js';
import type { Code, CodeTable } from '../../model/codes.js';
import type { EvidenceFile, EvidenceFlag } from '../../model/evidence.js';
import { findingFormSchema } from '../../model/finding-form.js';
import { IMAGES, PLACE, square, testForm } from '../../testing/file-ground.js';
import type { VerdictGround } from './context.js';
import { decisionsOf, leadsToCase, proposedVerdicts, remarksOn } from './decide-verdict.js';
import { VERDICT_RULES } from './rules.js';

const code = (kind: Code['kind'], name: string, effect: string | null = null): Code => ({
  kind,
  code: name,
  zh: name,
  en: name,
  effect,
  retired: false,
});
const CODES: CodeTable = {
  version: 1,
  codes: [
    code('verdict', 'illegal', 'illegal'),
    code('verdict', 'legal', 'legal'),
    code('verdict', 'pseudo', 'pseudo'),
    code('verdict', 'own-works', 'other'),
    code('handling', 'case', 'case'),
    code('handling', 'none', 'explained'),
    code('measure', 'shut-down', 'closed'),
    code('measure', 'stop-notice'),
    code('role', 'near'),
    code('role', 'drone', 'image'),
    code('role', 'licence', 'licence'),
    code('role', 'handling', 'handling'),
  ],
};

function shot(
  name: string,
  east: number,
  north: number,
  flags: EvidenceFlag[] = [],
  takenAt: string | null = '2026-10-12T01:40:00.000Z',
): EvidenceFile {
  return {
    id: name,
    taskId: 'Tp1',
    sha256: name.repeat(64).slice(0, 64),
    bytes: 1,
    contentType: 'image/jpeg',
    name,
    personId: 'e',
    receivedAt: '2026-10-12T04:00:00.000Z',
    note: '',
    photo: null,
    place: {
      takenAt,
      offsetAssumed: false,
      lon: PLACE.lon + east,
      lat: PLACE.lat + north,
      datum: 'WGS84',
      datumAssumed: false,
      distanceM: 40,
      bearingDeg: 0,
      pointsAtPatch: true,
    },
    flags,
  };
}
const SHOTS = [shot('a', 0.001, 0.001), shot('b', 0.001, -0.001), shot('c', -0.001, -0.001), shot('d', -0.001, 0.001)];
const named = (files: readonly EvidenceFile[], role = 'near') => files.map(({ sha256 }) => ({ sha256, role }));

function ground(
  changes: Record<string, unknown> = {},
  part: Record<string, unknown> = {},
  files: readonly EvidenceFile[] = SHOTS,
): VerdictGround {
  const form = findingFormSchema.parse(testForm({ files: named(SHOTS), ...changes }, part));
  return {
    form,
    files,
    codes: CODES,
    patch: { outline: square(PLACE.lon, PLACE.lat), imageOn: IMAGES.after, licenceNo: 'C1', violations: [] },
    settings: { farM: 300, directions: 3 },
  };
}
const rules = (of: VerdictGround) => remarksOn(of, proposedVerdicts(of.form)).map(({ rule }) => rule);
const NOTHING = { handling: null, violation: null, mineral: null, method: null, quantities: {} };
const pseudo = (
  changes: Record<string, unknown> = {},
  part: Record<string, unknown> = {},
  files?: readonly EvidenceFile[],
) =>
  ground(
    { measures: [], files: [...named(SHOTS), ...named([shot('d', 0, 0)], 'drone')], ...changes },
    { verdict: 'pseudo', ...NOTHING, ...part },
    files,
  );

describe('rules of verdicts', () => {
  it('have nothing to say of what is whole', () => {
    expect(rules(ground())).toEqual([]);
    expect(rules(pseudo())).toEqual([]);
    const legal = { verdict: 'legal', ...NOTHING, files: named([shot('a', 0, 0)], 'licence') };
    expect(rules(ground({ measures: [], files: named(SHOTS.slice(1)) }, legal))).toEqual([]);
  });

  it.each([
    ['V01', ground({}, { handling: null })],
    ['V02', pseudo({}, { handling: 'case' })],
    ['V03', ground({}, { handling: 'none', files: named([SHOTS[0] as EvidenceFile]) })],
    ['V04', ground({}, { handling: 'none', reason: '已恢复' })],
    [
      'V05',
      ground({}, { handling: 'none', reason: '已恢复', active: 'yes', files: named([SHOTS[0] as EvidenceFile]) }),
    ],
    ['V10', ground({}, { violation: null })],
    ['V11', ground({}, { mineral: null })],
    ['V12', ground({}, { quantities: {} })],
    ['V13', ground({}, { active: 'unknown' })],
    ['V20', pseudo({ files: [...named(SHOTS.slice(0, 1)), ...named(SHOTS.slice(3), 'drone')] })],
    ['V21', pseudo({ files: named(SHOTS) })],
    ['V23', ground({ measures: [] }, { verdict: 'legal', ...NOTHING })],
    ['V24', ground({ measures: [] }, { verdict: 'own-works', ...NOTHING })],
    ['V30', pseudo({}, { active: 'yes' })],
    ['V31', pseudo({}, { equipment: [{ code: 'x', count: 2 }] })],
    ['V32', pseudo({}, { quantities: { massT: 3 } })],
    ['V33', pseudo({}, { violation: 'no-licence' })],
    ['V34', pseudo({ measures: ['shut-down'] })],
    ['V40', ground({ position: null, noPositionReason: '无信号' })],
    ['V41', ground({ position: { lon: PLACE.lon + 0.01, lat: PLACE.lat, datum: 'WGS84' } })],
    ['V42', ground({ arrivedAt: '2026-07-31T09:00:00+08:00' })],
  ])('%s alone is raised by what it speaks of', (id, given) => {
    expect(rules(given)).toEqual([id]);
  });

  it('V22: a picture from above without time is in doubt; V25, V26: photos that are flagged have no weight', () => {
    const timeless = [...SHOTS.slice(0, 3), shot('d', -0.001, 0.001, [], null)];
    expect(rules(pseudo({}, {}, timeless))).toEqual(['V22']);
    const old = [...SHOTS.slice(0, 3), shot('d', -0.001, 0.001, [], '2026-07-01T00:00:00.000Z')];
    expect(rules(pseudo({}, {}, old))).toEqual(['V21']);
    for (const flag of ['far', 'no-position', 'repeated', 'edited', 'before-image', 'truncated'] as const) {
      const flagged = SHOTS.map((file) => ({ ...file, flags: [flag] }));
      expect(rules(ground({}, {}, flagged)), flag).toEqual(['V25', 'V26']);
      expect(rules(pseudo({}, {}, flagged)), flag).toEqual(['V20', 'V26']);
    }
  });

  it('V35 asks where the register knows of no right; and says the value that it found', () => {
    const legal = ground(
      { measures: [] },
      { verdict: 'legal', ...NOTHING, files: named([SHOTS[0] as EvidenceFile], 'licence') },
    );
    const remarks = remarksOn({ ...legal, patch: { ...legal.patch, licenceNo: null } }, proposedVerdicts(legal.form));
    expect(remarks).toEqual([
      {
        rule: 'V35',
        kind: 'doubt',
        blocks: false,
        part: '1',
        field: 'licenceNo',
        value: null,
        text: expect.any(String),
      },
    ]);
  });

  it('only missing evidence can stand in the way; an empty field is doubt, never inconsistent', () => {
    for (const { id, kind, blocks, text } of VERDICT_RULES) {
      if (blocks) expect(kind, id).toBe('missing');
      expect(text.includes('存疑'), id).toBe(kind === 'doubt' && !['V26'].includes(id));
    }
    expect(new Set(VERDICT_RULES.map(({ id }) => id)).size).toBe(VERDICT_RULES.length);
  });

  it('are all in docs/evidence.md, as they are here', () => {
    const text = readFileSync(join(packageRoot(), 'docs', 'evidence.md'), 'utf8');
    for (const rule of VERDICT_RULES) {
      expect(text).toContain(
        `| ${rule.id} | ${rule.kind}${rule.blocks ? ', blocks' : ''} | ${rule.of.join(', ')} | ${rule.text} |`,
      );
    }
  });
});

describe('what follows for the place', () => {
  const given = (...codes: [string, string | null][]) =>
    codes.map(([verdict, handling], i) => ({
      part: String(i + 1),
      code: verdict,
      handling,
      reason: null,
      attachments: [],
    }));
  it('one violation stands for it; dismissed only where no part is one; other words leave no memory', () => {
    const of = (measures: string[], ...codes: [string, string | null][]) =>
      decisionsOf(ground({ measures }), given(...codes));
    expect(of([], ['pseudo', null], ['illegal', 'case'])).toEqual(['confirmed']);
    expect(of(['shut-down'], ['illegal', 'case'])).toEqual(['confirmed', 'closed']);
    expect(of(['shut-down'], ['pseudo', null])).toEqual(['dismissed']);
    expect(of([], ['pseudo', null], ['own-works', null])).toEqual(['dismissed']);
    expect(of([], ['own-works', null])).toEqual([]);
    expect(leadsToCase(ground(), given(['illegal', 'none'], ['illegal', 'case']))).toBe(true);
    expect(leadsToCase(ground(), given(['illegal', 'none'], ['pseudo', 'case']))).toBe(false);
  });
});
