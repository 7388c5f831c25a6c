import { describe, expect, it } from 'vitest';
import { standingAt } from './standing.js';

const LICENCE = { validFrom: '2020-01-01', validTo: '2030-12-31', status: null };
const [BEFORE, AFTER] = ['2026-05-10', '2026-08-10'];
type Given = Parameters<typeof standingAt>[0];
const at = (rest: Partial<Given>, before: string | null = BEFORE, after: string | null = AFTER) =>
  standingAt({ ...LICENCE, ...rest }, before, after);
const word = (rest: Partial<Given>) => {
  const answer = at(rest);
  return answer && [answer.standing, answer.validity, answer.since, answer.remark !== null];
};

describe('what a licence is worth between two dates', () => {
  it.each<[string, Partial<Given>, unknown]>([
    ['in force', {}, ['in-force', 'valid', null, false]],
    ['to the very day', { validTo: AFTER }, ['in-force', 'valid', null, false]],
    ['expired the day before', { validTo: '2026-08-09' }, ['expired', 'expired', null, false]],
    ['end unknown', { validTo: null }, ['unknown', 'unknown', null, false]],
    ['begins later', { validFrom: '2026-08-11' }, ['not-yet', 'not-yet', null, false]],
    ['begins between', { validFrom: '2026-07-01' }, ['in-force', 'valid', '2026-07-01', true]],
    ['cancelled, no date', { status: '注销' }, ['cancelled', 'ended', null, false]],
    ['cancelled before', { status: '注销', endedOn: '2026-01-01' }, ['cancelled', 'ended', null, true]],
    ['cancelled between', { endedOn: '2026-07-01' }, ['cancelled', 'ended', null, true]],
    ['cancelled later', { status: '注销', endedOn: '2026-09-01' }, ['in-force', 'valid', null, false]],
    ['closed by policy', { status: '政策性关闭' }, ['policy-closed', 'ended', null, false]],
    ['suspended, no dates', { status: '停产整顿' }, ['suspended', 'suspended', null, false]],
    ['suspended throughout', { suspendedFrom: '2026-01-01' }, ['suspended', 'suspended', null, true]],
    [
      'suspended for a part',
      { suspendedFrom: '2026-06-01', suspendedTo: '2026-06-30' },
      ['suspended', 'suspended', null, true],
    ],
    [
      'suspended before',
      { suspendedFrom: '2025-06-01', suspendedTo: '2025-12-31' },
      ['in-force', 'valid', null, false],
    ],
    ['renewal accepted', { validTo: '2026-06-30', status: '延续已受理' }, ['renewal', 'valid', null, true]],
    ['accepted until later', { validTo: '2026-06-30', acceptedUntil: '2026-12-31' }, ['renewal', 'valid', null, true]],
    ['acceptance over', { validTo: '2026-06-30', acceptedUntil: '2026-08-01' }, ['lapsed', 'lapsed', null, true]],
    [
      'accepted after a gap',
      { validTo: '2026-05-30', acceptedOn: '2026-07-01' },
      ['renewal', 'valid', '2026-07-01', true],
    ],
    ['accepted without a gap', { validTo: '2026-06-30', acceptedOn: '2026-07-01' }, ['renewal', 'valid', null, true]],
    ['suspended, and run out', { status: '停产', validTo: '2026-01-01' }, ['expired', 'expired', null, false]],
    ['said to be over', { status: '过期', validTo: null }, ['expired', 'expired', null, false]],
    ['said to be void', { status: '无效' }, ['cancelled', 'ended', null, false]],
    ['accepted too late', { validTo: '2026-06-30', acceptedOn: '2026-09-01' }, ['expired', 'expired', null, true]],
  ])('%s', (_, given, expected) => {
    expect(word(given)).toEqual(expected);
  });

  it.each(['未注销', '拟关闭', '申请注销', '未到期', '已解除暂扣', '未停产', 'not cancelled'])(
    'takes “%s” for what it says',
    (status) => {
      expect(word({ status })).toEqual(['in-force', 'valid', null, false]);
    },
  );
  it.each(['已注销', '关闭退出', '已吊销（未缴费）', '停产，未复产'])(
    'takes “%s” for what it says as well',
    (status) => {
      expect(at({ status })?.validity).toMatch(/ended|suspended/);
    },
  );

  const span = { from: null, until: null, delistedOn: null };
  it('counts a version only while it stands, and says what lies between the dates', () => {
    expect(at({ span: { ...span, until: BEFORE } })).toBeNull();
    expect(at({ span: { ...span, until: '2026-07-01' } })).toMatchObject({
      standing: 'superseded',
      validity: 'superseded',
    });
    expect(at({ span: { ...span, from: '2026-08-11' } })).toBeNull();
    expect(at({ span: { ...span, from: '2026-07-01' } })).toMatchObject({ validity: 'valid', since: '2026-07-01' });
    expect(at({ span: { ...span, delistedOn: '2026-07-01' } })).toMatchObject({
      standing: 'delisted',
      validity: 'ended',
    });
    expect(at({ span: { ...span, delistedOn: '2026-09-01' } })).toMatchObject({ standing: 'in-force' });
  });

  it('without dates takes the newest version and does not judge its term', () => {
    expect(at({}, null, null)).toMatchObject({ standing: 'unknown', validity: 'unknown' });
    expect(at({ status: '注销' }, null, null)).toMatchObject({ validity: 'ended' });
    expect(at({ span: { ...span, until: '2020-01-01' } }, null, null)).toBeNull();
    expect(at({ validFrom: '2026-07-01' }, null)).toMatchObject({ standing: 'in-force', since: null });
  });
});
