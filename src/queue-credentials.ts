/** Credentials: a person's own password, one-time codes, sessions and tokens; or an administrator's care for those of others. */
import * as secrets from './adapters/postgres/credentials.js';
import { personBy } from './adapters/postgres/people.js';
import { candidateOf, factorOf, lockTries, putTries, takeBackTry } from './adapters/postgres/sign-in-store.js';
import { Fault } from './model/fault.js';
import { normalLogin, normalPassword, parsePassword } from './model/login.js';
import type { Actor } from './model/person.js';
import { RIGHTS } from './model/right.js';
import type { Desk, Turn } from './ports/desk.js';
import type { PersonEntry } from './ports/people.js';
import type { Credentials, TokenWish } from './ports/sign-in.js';
import { plainRecovery, type SignInParts, TOKEN_PREFIX } from './queue-sign-in.js';
import { parseName, refuseStranger, refuseUnfresh, SYSTEM } from './stages/administer/administer.js';
import { afterFailure, tooManyTries, waitOf } from './stages/admit/admit.js';

/** 16 characters of 5 bits: nobody guesses it in the days until it is changed. */
const MADE_CHARACTERS = 16;
const RECOVERY_CODES = 10;
const TOKEN_DAYS = 730;
const TOKEN_BYTES = 32;

/** `desk`: whose turns these are; `parts.database` only finds what a person's turn may not read. */
export function createCredentials(desk: Desk, parts: SignInParts): Credentials {
  const { database, hashes, codes, cipher } = parts;
  const secure = <T>(actor: Actor, person: string, work: (turn: Turn, entry: PersonEntry) => Promise<T>): Promise<T> =>
    desk.as(actor, async (turn) => {
      const entry = (await personBy(turn.sql, person)) ?? (await personBy(turn.sql, normalLogin(person)));
      if (!entry) throw new Fault('person.none', `没有登录名为“${person}”的用户 (no person of that login)`);
      refuseStranger(turn.member, entry.id);
      return work(turn, entry);
    });
  /** What opens a door: after a fresh sign-in only. */
  const secureFreshly: typeof secure = (actor, person, work) =>
    secure(actor, person, async (turn, entry) => {
      refuseUnfresh(await secrets.signedInBy(turn.sql));
      return work(turn, entry);
    });
  const ofPerson = ({ kind, login }: PersonEntry) => {
    if (kind === 'person') return;
    throw new Fault('person.program', `“${login}”是程序，只用令牌 (a program has tokens only)`);
  };

  return {
    me: (actor) =>
      desk.as(actor, async ({ sql, member }) => {
        const entry = await personBy(sql, member.id);
        const secured = await secrets.securedOf(sql, member.id);
        return {
          ...member,
          phone: entry?.phone ?? null,
          email: entry?.email ?? null,
          totp: secured?.totp ?? false,
          recoveryCodes: secured?.recovery ?? 0,
          mustChangePassword: secured?.mustChange ?? false,
          sessions: await secrets.sessionsOf(sql, member.id),
          tokens: await secrets.tokensOf(sql, member.id),
        };
      }),
    async changePassword(actor, { old, fresh }) {
      const entry = await desk.as(actor, async ({ sql, member }) => {
        if ((await secrets.signedInBy(sql)) === 'token') refuseUnfresh('token');
        return personBy(sql, member.id);
      });
      await countGuess(parts, actor);
      const candidate = entry && (await candidateOf(database, entry.login));
      if (!entry || !candidate || !(await hashes.passwordFits(candidate.hash, normalPassword(old)))) {
        throw new Fault('password.wrong', '原密码不对 (the old password is wrong)');
      }
      await parts.desk.engine(actor.device, ({ sql }) => takeBackTry(sql, [guessesOf(actor)]));
      const password = parsePassword(fresh, entry.login);
      if (password === normalPassword(old)) {
        throw new Fault('password.form', '新密码须与原密码不同 (choose another one than before)');
      }
      const hash = await hashes.passwordHash(password);
      await desk.as(actor, async (turn) => {
        await secrets.setPassword(turn.sql, entry.id, hash, false);
        // Tokens, too: whoever used a session that was not his may have made himself one.
        const ended = await secrets.endSessions(turn.sql, entry.id, true);
        turn.record({ action: 'person.password', subject: `person:${entry.id}`, body: { by: 'self', ended } });
      });
    },
    async setPassword(actor, person, fresh) {
      const entry = await secureFreshly(actor, person, async (_turn, found) => found);
      ofPerson(entry);
      const made = fresh === null ? hashes.readable(MADE_CHARACTERS) : null;
      const hash = await hashes.passwordHash(made ?? parsePassword(fresh ?? '', entry.login));
      await secureFreshly(actor, entry.id, async (turn) => {
        // Who else knows it: the one who set it, unless that is the person, or the workspace's owner, who knows all.
        const known = made !== null || (turn.member.id !== entry.id && turn.member.id !== SYSTEM);
        await secrets.setPassword(turn.sql, entry.id, hash, known);
        const ended = await secrets.endSessions(turn.sql, entry.id, true);
        turn.record({ action: 'person.password', subject: `person:${entry.id}`, body: { by: 'other', ended } });
      });
      return made;
    },
    beginTotp: (actor, person) =>
      secureFreshly(actor, person, async ({ sql }, entry) => {
        ofPerson(entry);
        if ((await secrets.securedOf(sql, entry.id))?.totp) {
          throw new Fault('totp.on', '已启用动态口令；更换须先停用 (one-time codes are on; end them first)');
        }
        const secret = codes.newSecret();
        await secrets.beginFactor(sql, entry.id, cipher.encrypt(secret, entry.id));
        return { secret, uri: codes.uri(secret, entry.login) };
      }),
    async confirmTotp(actor, person, code) {
      const entry = await secureFreshly(actor, person, async (_turn, found) => found);
      const factor = await factorOf(database, entry.id);
      if (!factor || factor.confirmed) {
        throw new Fault('totp.none', '没有待确认的动态口令，请先开始设置 (nothing to confirm; begin first)');
      }
      const secret = cipher.decrypt(factor.secret, entry.id);
      return secureFreshly(actor, entry.id, async (turn) => {
        const recovery = Array.from({ length: RECOVERY_CODES }, () => hashes.readable(MADE_CHARACTERS));
        const step = codes.stepOf(secret, code, turn.at);
        const stored = recovery.map((text) => hashes.fingerprint(`${entry.id}:${plainRecovery(text)}`));
        if (step === null || !(await secrets.confirmFactor(turn.sql, entry.id, step, stored))) {
          throw new Fault(
            'totp.code',
            '动态口令不对，请核对手机时间后重试 (the code is wrong; look at the phone’s clock)',
          );
        }
        turn.record({ action: 'person.totp-on', subject: `person:${entry.id}` });
        return recovery;
      });
    },
    endTotp: (actor, person) =>
      secureFreshly(actor, person, async (turn, entry) => {
        if (!(await secrets.endFactor(turn.sql, entry.id))) return;
        turn.record({ action: 'person.totp-off', subject: `person:${entry.id}` });
      }),
    signOutEverywhere: (actor, person, tokens) =>
      secure(actor, person, async (turn, entry) => {
        const ended = await secrets.endSessions(turn.sql, entry.id, tokens);
        turn.record({ action: 'person.sign-out-everywhere', subject: `person:${entry.id}`, body: { ended, tokens } });
        return ended;
      }),
    tokens: (actor, person) =>
      person === null
        ? desk.as(actor, ({ sql }) => secrets.tokensOf(sql, null))
        : secure(actor, person, ({ sql }, entry) => secrets.tokensOf(sql, entry.id)),
    addToken: (actor, person, wish) =>
      secureFreshly(actor, person, async (turn, entry) => {
        const { name, scope, days } = parseTokenWish(wish);
        const token = `${TOKEN_PREFIX}${hashes.secret(TOKEN_BYTES)}`;
        const hash = hashes.fingerprint(token);
        const id = `K${hash.slice(0, 16)}`;
        await secrets.addToken(turn.sql, entry.id, { id, hash, name, scope, days });
        turn.record({ action: 'token.add', subject: `token:${id}`, body: { person: entry.id, name, scope, days } });
        const made = (await secrets.tokensOf(turn.sql, entry.id)).find((one) => one.id === id);
        if (!made) throw new Error(`token ${id} was not stored`);
        return { token, entry: made };
      }),
    revokeToken: (actor, id) =>
      desk.as(actor, async (turn) => {
        if (!(await secrets.revokeToken(turn.sql, id))) {
          throw new Fault('token.none', `没有编号为“${id}”的有效令牌 (no token of that id that you may revoke)`);
        }
        turn.record({ action: 'token.revoke', subject: `token:${id}` });
      }),
  };
}

const guessesOf = ({ personId }: Actor) => `old-password:${personId}`;

/** A session that was left open is no place to guess the password at. As at sign-in a try counts as failed beforehand. Fault sign-in.wait. */
async function countGuess({ desk }: Pick<SignInParts, 'desk'>, actor: Actor): Promise<void> {
  const subject = guessesOf(actor);
  const seconds = await desk.engine(actor.device, async ({ sql, at }) => {
    const tries = (await lockTries(sql, [subject])).get(subject) ?? null;
    const wait = waitOf('login', tries, at);
    if (wait === 0) await putTries(sql, subject, afterFailure(tries, at));
    return wait;
  });
  if (seconds === 0) return;
  throw tooManyTries(seconds);
}

/** Fault token.form. */
function parseTokenWish({ name, scope, days }: TokenWish): TokenWish {
  const rights = RIGHTS.filter((right) => scope.includes(right));
  if (rights.length === 0 || rights.length !== new Set(scope).size) {
    throw new Fault('token.form', `令牌的权限范围应取自：${RIGHTS.join('、')} (scope: one or more of these)`);
  }
  if (!Number.isInteger(days) || days < 1 || days > TOKEN_DAYS) {
    throw new Fault('token.form', `有效天数应为 1–${TOKEN_DAYS} (days: 1 to ${TOKEN_DAYS})`);
  }
  return { name: parseName(name, '令牌名称 (name of a token) '), scope: rights, days };
}
