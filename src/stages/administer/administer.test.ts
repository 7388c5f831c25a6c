import { describe, expect, it } from 'vitest';
import { parseLogin, parsePassword } from '../../model/login.js';
import type { Grant } from '../../model/person.js';
import {
  administers,
  parseContact,
  parseGrant,
  parseName,
  parseWish,
  refuseFirstWithoutRights,
  refuseLastAdministrator,
  refuseStranger,
  refuseUnlessAdministrator,
} from './administer.js';

const grant = (role: Grant['role'], areaId: string | null = null, level: Grant['level'] = null): Grant => ({
  role,
  level,
  areaId,
});
const faultOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('who administers', () => {
  it('is an administrator of everywhere and the engine, not one of an area', () => {
    expect(administers({ id: 'a', grants: [grant('administrator')] })).toBe(true);
    expect(administers({ id: 'system', grants: [] })).toBe(true);
    const ofArea = { id: 'a', grants: [grant('administrator', 'east'), grant('supervisor')] };
    expect(faultOf(() => refuseUnlessAdministrator(ofArea))).toBe('person.rights');
    expect(faultOf(() => refuseStranger(ofArea, 'a'))).toBe('none');
    expect(faultOf(() => refuseStranger(ofArea, 'b'))).toBe('person.rights');
  });

  it('is at least one person, first and last', () => {
    const wish = { login: 'zhang', name: '张三', grants: [grant('administrator')] };
    expect(faultOf(() => refuseFirstWithoutRights(parseWish(wish), false))).toBe('none');
    const officer = parseWish({ ...wish, grants: [grant('officer')] });
    expect(faultOf(() => refuseFirstWithoutRights(officer, false))).toBe('person.first');
    expect(faultOf(() => refuseFirstWithoutRights(officer, true))).toBe('none');
    expect(faultOf(() => refuseLastAdministrator(0))).toBe('person.last-administrator');
    expect(faultOf(() => refuseLastAdministrator(1))).toBe('none');
  });
});

describe('forms', () => {
  it.each([
    [grant('reviewer'), 'person', 'grant.form'],
    [grant('reviewer', null, 'county'), 'person', 'none'],
    [grant('officer', 'east', 'county'), 'person', 'grant.form'],
    [grant('cron'), 'person', 'grant.form'],
    [grant('cron'), 'cron', 'none'],
    [grant('officer'), 'cron', 'grant.form'],
    [grant('king' as Grant['role']), 'person', 'grant.form'],
  ] as const)('%j for a %s: %s', (wished, kind, code) => {
    expect(faultOf(() => parseGrant(wished, kind))).toBe(code);
  });

  it('takes names as people write them, and nothing that breaks a line or turns it', () => {
    expect(parseName(' 买买提·吐尔逊 ', '')).toBe('买买提·吐尔逊');
    expect(parseName('<b>=cmd</b>', '')).toBe('<b>=cmd</b>');
    for (const name of ['', ' ', 'a\nb', 'a\u202eb', 'x'.repeat(61)]) {
      expect(faultOf(() => parseName(name, ''))).toBe('person.form');
    }
    expect([parseContact(' ', 'phone'), parseContact('０１０-８８８８８', 'phone')]).toEqual([null, '010-88888']);
    expect(faultOf(() => parseContact('a@b@c', 'email'))).toBe('person.form');
    expect(parseContact('z@example.cn', 'email')).toBe('z@example.cn');
  });

  it('takes the same login from any keyboard, and no reserved one', () => {
    expect(parseLogin('ＺｈａｎｇＳａｎ')).toBe('zhangsan');
    expect(parseLogin('张三')).toBe('张三');
    for (const login of ['a', '-ab', 'a b', 'system', 'Console', 'x'.repeat(65), 'a\u0000b']) {
      expect(faultOf(() => parseLogin(login))).toBe('person.login');
    }
  });

  it.each([
    ['short', 'kuang-chan'.slice(0, 9), false],
    ['common', 'Password123', false],
    ['of one letter', 'aaaaaaaaaaaa', false],
    ['the login twice', 'zhangsanzhangsan', false],
    ['the login with a year', 'zhangsan123', false],
    ['ten characters that nobody tries', '青石崖东坡第三号矿坑', true],
    ['a phrase', 'three grey lorries at dawn', true],
    ['without end', 'abcd'.repeat(51), false],
  ])('password %s', (_name, password, good) => {
    expect(faultOf(() => parsePassword(password, 'zhangsan'))).toBe(good ? 'none' : 'password.form');
  });
});
