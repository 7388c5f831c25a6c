/** Forms that are right, and every way in which they are not. */
import { describe, expect, it } from 'vitest';
import type { Code, CodeTable } from '../../model/codes.js';
import { PLACE, square, testForm } from '../../testing/file-ground.js';
import { checkFinding } from './check-finding.js';

const code = (kind: Code['kind'], name: string, zh: string, effect: string | null = null): Code => ({
  kind,
  code: name,
  zh,
  en: name,
  effect,
  retired: name.startsWith('old'),
});
const CODES: CodeTable = {
  version: 1,
  codes: [
    code('verdict', 'illegal', '违法', 'illegal'),
    code('handling', 'case', '立案', 'case'),
    code('violation', 'no-licence', '无证开采'),
    code('mineral', 'building-stone', '建筑石料'),
    code('mineral', 'old-stone', '旧石料'),
    code('method', 'open-pit', '露天开采'),
    code('measure', 'stop-notice', '通知书'),
    code('measure', 'shut-down', '取缔', 'closed'),
    code('role', 'near', '近景照片'),
    code('offender', 'person', '个人'),
  ],
};
const SHA = 'a'.repeat(64);
const CONTEXT = {
  codes: CODES,
  files: [{ sha256: SHA }],
  outline: square(PLACE.lon, PLACE.lat),
  at: '2026-10-12T04:00:00.000Z',
};
const wrong = (form: unknown) => checkFinding(form, CONTEXT).errors.map(({ path, code: what }) => `${path} ${what}`);
const ring = (lon: number, lat: number) => square(lon, lat)[0]?.[0] ?? [];

describe('a form', () => {
  it('that is right becomes a finding, Chinese names as codes, text as it was typed', () => {
    const text = '=1+1 <script>alert(1)</script> \u202e';
    const form = testForm({ description: text, measures: ['取缔'], files: [{ sha256: SHA, role: '近景照片' }] });
    const result = checkFinding(form, CONTEXT);
    expect(result.errors).toEqual([]);
    expect(result.form).toMatchObject({ description: text.trim(), measures: ['shut-down'], files: [{ role: 'near' }] });
  });

  it('that is not says all that is wrong at once, field by field', () => {
    const part = { verdict: 'guilty', mineral: 'old-stone', quantities: { volumeM3: -1 } };
    expect(wrong(testForm({ description: '', officers: [], codesVersion: 'x' }, part))).toEqual([
      'codesVersion form.type',
      'officers form.too-small',
      'description form.too-small',
      'parts.0.quantities.volumeM3 form.too-small',
    ]);
    expect(
      wrong(testForm({ codesVersion: 2, measures: ['stop-notice', '通知书'] }, { ...part, quantities: {} })),
    ).toEqual([
      'codesVersion form.codes-version',
      'measures.1 form.repeated',
      'parts.0.verdict form.code',
      'parts.0.mineral form.code-retired',
    ]);
    for (const input of [null, 'x', [], 7]) expect(wrong(input)).toEqual([' form.type']);
    for (const { message } of checkFinding({}, CONTEXT).errors) expect(message).toMatch(/[\u4e00-\u9fff]/);
  });

  it.each([
    [
      { arrivedAt: '2026-10-12T12:11:00+08:00', leftAt: '2026-10-12T13:00:00+08:00' },
      ['arrivedAt form.future', 'leftAt form.future'],
    ],
    [{ arrivedAt: '2026-10-12T10:00:00+08:00', leftAt: '2026-10-12T09:00:00+08:00' }, ['leftAt form.order']],
    [{ arrivedAt: '2026-10-12 10:00' }, ['arrivedAt form.format']],
    [{ stopNotice: { number: '1', on: '2026-10-13' } }, ['stopNotice.on form.future']],
    [{ officers: [{ name: '张三' }, { name: '张三' }] }, ['officers.1 form.repeated']],
    [{ position: { lon: 29.4, lat: 106.3, datum: 'WGS84' } }, ['position.lat form.too-big']],
    [{ position: { lon: 2.35, lat: 48.86, datum: 'WGS84' } }, ['position form.outside']],
    [{ position: { lon: 106.3, lat: 29.4 } }, ['position.datum form.required']],
    [{ position: null }, ['noPositionReason form.position']],
    [{ position: null, noPositionReason: '无信号' }, []],
    [{ files: [{ sha256: 'b'.repeat(64), role: 'near' }] }, ['files.0.sha256 form.file']],
    [{ files: [{ sha256: SHA, role: 'none' }] }, ['files.0.role form.code']],
    [{ offender: { kind: 'alien' } }, ['offender.kind form.code']],
    [{ offender: { kind: 'person', secret: 1 } }, ['offender.secret form.unknown']],
  ])('%j is told', (changes, errors) => {
    expect(wrong(testForm(changes))).toEqual(errors);
  });

  it('takes outlines that are closed, in China and near the patch', () => {
    const outline = (rings: unknown) => wrong(testForm({}, { outline: rings }));
    expect(outline([ring(PLACE.lon + 0.01, PLACE.lat)])).toEqual([]);
    expect(outline([ring(PLACE.lon, PLACE.lat).slice(0, 4)])).toEqual(['parts.0.outline.0 form.ring']);
    expect(outline([ring(PLACE.lon + 1, PLACE.lat)])).toEqual(['parts.0.outline form.far']);
    expect(outline([ring(10, 50)])).toEqual(['parts.0.outline.0 form.outside', 'parts.0.outline form.far']);
  });

  it('names each part once', () => {
    const form = testForm();
    const [part] = form.parts as object[];
    expect(wrong({ ...form, parts: [part, part] })).toEqual(['parts.1.part form.repeated']);
  });
});
