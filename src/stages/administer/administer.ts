/**
 * administer: who may change people and rights, and what a change must not do. The database refuses the same by its policies.
 * In:  who asks, and what is wished. Out: the wish in its stored form, or a Fault.
 */
import { Fault } from '../../model/fault.js';
import { parseLogin } from '../../model/login.js';
import { type Grant, type Member, REVIEW_LEVELS, ROLES } from '../../model/person.js';

/** The person of the engine's own turns: the console of the workspace's owner. */
export const SYSTEM = 'system';

const NAME_MOST = 60;
/** What would break a line, a table or a page: control characters, and those that turn the writing direction. */
const UNPRINTABLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

export function administers(member: Pick<Member, 'id' | 'grants'>): boolean {
  return member.id === SYSTEM || member.grants.some(({ role, areaId }) => role === 'administrator' && areaId === null);
}

/** Fault person.rights. */
export function refuseUnlessAdministrator(member: Pick<Member, 'id' | 'grants'>): void {
  if (administers(member)) return;
  throw new Fault(
    'person.rights',
    '只有全域管理员可以管理人员和权限 (only an administrator of everywhere may change people and rights)',
  );
}

/** Fault person.rights: a person’s secrets are his own, and an administrator's business. */
export function refuseStranger(member: Pick<Member, 'id' | 'grants'>, personId: string): void {
  if (member.id !== personId) refuseUnlessAdministrator(member);
}

/** Faults sign-in.by-token, sign-in.fresh: what opens other doors is for a person who has just shown who it is. */
export function refuseUnfresh(by: 'console' | 'fresh' | 'old' | 'token'): void {
  if (by === 'token') {
    throw new Fault(
      'sign-in.by-token',
      '密码、动态口令、令牌和管理员的角色不能用令牌更改，请由本人登录后操作 (passwords, one-time codes, tokens and the role of administrators are never changed by a token: sign in)',
    );
  }
  if (by === 'old') {
    throw new Fault(
      'sign-in.fresh',
      '登录已超过 30 分钟；这一步须再次输入密码，确认是本人 (signed in more than 30 minutes ago: enter your password again)',
    );
  }
}

export function parseName(text: string, what: string): string {
  const name = text.normalize('NFC').trim();
  if (name !== '' && [...name].length <= NAME_MOST && !UNPRINTABLE.test(name)) return name;
  throw new Fault(
    'person.form',
    `${what}应为 1–${NAME_MOST} 个字符，不含控制字符 (expected 1–${NAME_MOST} characters without control characters)`,
  );
}

/** Null for nothing. */
export function parseContact(text: string | null | undefined, what: 'phone' | 'email'): string | null {
  const value = text?.normalize('NFKC').trim() ?? '';
  if (value === '') return null;
  const fits =
    what === 'phone' ? /^\+?[\d -]{5,24}$/.test(value) : /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,190}$/.test(value);
  if (fits) return value;
  throw new Fault(
    'person.form',
    what === 'phone'
      ? '电话应为 5–24 位数字，可含 + - 和空格 (a phone number is expected)'
      : '电子邮箱形如 name@example.cn (an e-mail address is expected)',
  );
}

export interface FirstWish {
  readonly login: string;
  readonly name: string;
  readonly kind: 'person' | 'cron';
  readonly grants: readonly Grant[];
}

/** Fault person.first: the first person has to be able to make the others. */
export function refuseFirstWithoutRights({ kind, grants }: FirstWish, others: boolean): void {
  if (others || (kind === 'person' && administers({ id: '', grants }))) return;
  throw new Fault(
    'person.first',
    '第一个用户须为全域管理员：tuban user add 登录名 --name 姓名 --role administrator (the first person must be an administrator of everywhere)',
  );
}

export function parseWish(wish: {
  readonly login: string;
  readonly name: string;
  readonly kind?: 'person' | 'cron';
  readonly grants?: readonly Grant[];
}): FirstWish {
  const { kind = 'person', grants = [] } = wish;
  for (const grant of grants) parseGrant(grant, kind);
  return { login: parseLogin(wish.login), name: parseName(wish.name, '姓名 (name) '), kind, grants };
}

/** Fault grant.form. */
export function parseGrant(grant: Grant, kind: 'person' | 'cron'): Grant {
  const { role, level } = grant;
  const say = (why: string) => new Fault('grant.form', why);
  if (!ROLES.includes(role)) throw say(`不认识的角色“${role}”；可用：${ROLES.join('、')} (unknown role)`);
  if (role === 'reviewer' && level === null) {
    throw say(`审核人员须给出级别：${REVIEW_LEVELS.join('、')} (a reviewer needs a level)`);
  }
  if (role !== 'reviewer' && level !== null) throw say('只有审核人员有级别 (only a reviewer has a level)');
  if ((role === 'cron') !== (kind === 'cron')) {
    throw say('cron 角色只给程序，程序也只能有 cron 角色 (the role cron is for programs, and programs have no other)');
  }
  return grant;
}

/** Fault person.last-administrator. `others`: enabled administrators of everywhere besides the one who would lose it. */
export function refuseLastAdministrator(others: number): void {
  if (others > 0) return;
  throw new Fault(
    'person.last-administrator',
    '这是最后一个全域管理员，不能停用或收回；请先指定另一个 (the last administrator of everywhere: name another one first)',
  );
}
