/**
 * Sign-in: password, one-time code, session. A try is counted as failed before the password is looked at and forgiven afterwards, so that
 * guesses sent at once are held up like those sent one by one. Every answer but the wait reads the same, whatever was wrong. Whoever is signed
 * in proves in the same way that it is still he; his session is fresh again.
 */
import { peopleMade } from './adapters/postgres/people.js';
import * as store from './adapters/postgres/sign-in-store.js';
import { Fault } from './model/fault.js';
import { normalLogin, normalPassword } from './model/login.js';
import { RIGHTS, type Right } from './model/right.js';
import type { Database, Sql } from './ports/database.js';
import type { EngineDesk } from './ports/desk.js';
import type { Cipher, OneTimeCodes, SecretHashes } from './ports/secrets.js';
import type { Identity, Origin, SignedIn, SignIn } from './ports/sign-in.js';
import { refuseUnfresh } from './stages/administer/administer.js';
import { addressSubject, afterFailure, FORGOTTEN_AFTER, tooManyTries, waitOf } from './stages/admit/admit.js';

/** A session ends when nothing was asked for so long (a day in the field without a signal is shorter), and in any case after a week. */
const IDLE_HOURS = 14;
const SESSION_HOURS = 7 * 24;
const SECRET_BYTES = 32;
export const TOKEN_PREFIX = 'tuban_';

export interface SignInParts {
  readonly database: Database;
  readonly desk: EngineDesk;
  readonly hashes: SecretHashes;
  readonly codes: OneTimeCodes;
  readonly cipher: Cipher;
}

type Wish = Parameters<SignIn['signIn']>[0];

export function createSignIn(parts: SignInParts): SignIn {
  const { database, desk, hashes } = parts;
  // Persons are never deleted: once there is one, there always is.
  let made = false;
  return {
    async required() {
      made ||= await peopleMade(database);
      return made;
    },
    async signIn(wish, origin) {
      return letIn(parts, await admit(parts, { ...wish, login: normalLogin(wish.login) }, origin));
    },
    async renew({ actor, via, credentialId }, wish, origin) {
      if (via !== 'session') refuseUnfresh('token');
      const login = (await store.loginOf(database, actor.personId)) ?? '';
      await proveAgain(parts, await admit(parts, { ...wish, login }, origin), credentialId);
    },
    async bySession(secret) {
      const session = await store.sessionOf(database, hashes.fingerprint(secret), IDLE_HOURS);
      if (!session) return null;
      const { personId, device, mustChange, id } = session;
      return {
        actor: { personId, device, credential: { via: 'session', id } },
        via: 'session',
        scope: null,
        mustChangePassword: mustChange,
        credentialId: id,
      };
    },
    async byToken(secret) {
      if (!secret.startsWith(TOKEN_PREFIX)) return null;
      const token = await store.tokenOf(database, hashes.fingerprint(secret));
      if (!token) return null;
      const { personId, name, scope, id } = token;
      return {
        actor: { personId, device: `token:${name}`, credential: { via: 'token', id } },
        via: 'token',
        scope: scope.filter((right): right is Right => RIGHTS.some((known) => known === right)),
        mustChangePassword: false,
        credentialId: id,
      };
    },
    async signOut({ actor, via, credentialId }: Identity) {
      if (via !== 'session')
        throw new Fault('sign-in.token', '令牌请用吊销，不能退出 (a token is revoked, not signed out)');
      await desk.engine(actor.device, async (turn) => {
        await store.endSession(turn.sql, credentialId);
        turn.record({ action: 'person.sign-out', subject: `person:${actor.personId}` });
      });
    },
  };
}

interface Subjects {
  readonly login: string;
  readonly address: string;
}

/** Fault sign-in.wait. */
async function countTry(desk: EngineDesk, { login, address }: Subjects, origin: Origin): Promise<void> {
  const seconds = await desk.engine(origin.device, async ({ sql, at }) => {
    const tries = await store.lockTries(sql, [login, address]);
    const ofLogin = tries.get(login) ?? null;
    const ofAddress = tries.get(address) ?? null;
    const wait = Math.max(waitOf('login', ofLogin, at), waitOf('address', ofAddress, at));
    if (wait > 0) return wait;
    await store.putTries(sql, login, afterFailure(ofLogin, at));
    await store.putTries(sql, address, afterFailure(ofAddress, at));
    return 0;
  });
  if (seconds === 0) return;
  throw tooManyTries(seconds);
}

/** The try stays counted. */
async function refuse(
  desk: EngineDesk,
  candidate: store.Candidate | null,
  { device, address }: Origin,
  why: 'password' | 'code',
): Promise<never> {
  await desk.engine(device, async (turn) => {
    const subject = `person:${candidate?.personId ?? 'unknown'}`;
    turn.record({ action: 'person.sign-in-refused', subject, body: { why, address } });
  });
  throw new Fault('sign-in.refused', '登录名、密码或动态口令不对 (login, password or code is wrong)');
}

/** The password fits, and a code is there where one is needed. Faults sign-in.wait, sign-in.refused, sign-in.code. */
async function admit({ database, desk, hashes }: SignInParts, wish: Wish, origin: Origin): Promise<Admission> {
  const { login, password, code = '' } = wish;
  const subjects = { login: `login:${hashes.fingerprint(login)}`, address: addressSubject(origin.address) };
  await countTry(desk, subjects, origin);
  const candidate = await store.candidateOf(database, login);
  const fits = await hashes.passwordFits(candidate?.hash ?? null, normalPassword(password));
  if (!candidate || !fits) return refuse(desk, candidate, origin, 'password');
  if (candidate.totp !== null && code.trim() === '') {
    // Half way is no failure; but it must not forgive the wrong codes before it.
    await desk.engine(origin.device, ({ sql }) => store.takeBackTry(sql, [subjects.login, subjects.address]));
    throw new Fault('sign-in.code', '请输入动态口令或恢复码 (enter the one-time code or a recovery code)');
  }
  return { candidate, code, origin, subjects };
}

interface Admission {
  readonly candidate: store.Candidate;
  readonly code: string;
  readonly origin: Origin;
  readonly subjects: Subjects;
}

async function letIn(parts: SignInParts, admission: Admission): Promise<SignedIn> {
  const { hashes } = parts;
  const { candidate, origin } = admission;
  const { personId, mustChange } = candidate;
  const secret = hashes.secret(SECRET_BYTES);
  const id = `S${hashes.fingerprint(secret).slice(0, 16)}`;
  const { device } = origin;
  const expiresAt = await proved(parts, admission, 'person.sign-in', id, (sql) =>
    store.openSession(sql, { hash: hashes.fingerprint(secret), id, personId, device, hours: SESSION_HOURS }),
  );
  const identity: Identity = {
    actor: { personId, device, credential: { via: 'session', id } },
    via: 'session',
    scope: null,
    mustChangePassword: mustChange,
    credentialId: id,
  };
  return { secret, expiresAt, identity };
}

/** The session of whoever is signed in is as fresh as a new one. Fault desk.ended: it ended meanwhile. */
async function proveAgain(parts: SignInParts, admission: Admission, session: string): Promise<void> {
  await proved(parts, admission, 'person.sign-in-renewed', session, async (sql) => {
    const expiresAt = await store.renewSession(sql, session, admission.candidate.personId);
    if (expiresAt !== null) return expiresAt;
    throw new Fault('desk.ended', '登录已结束，请重新登录 (the session has ended: sign in again)');
  });
}

/** Uses the code up, forgives the tries and does what a right answer is for, in one turn on record. Fault sign-in.refused. */
async function proved(
  parts: SignInParts,
  { candidate, code, origin, subjects }: Admission,
  action: 'person.sign-in' | 'person.sign-in-renewed',
  session: string,
  work: (sql: Sql) => Promise<string>,
): Promise<string> {
  const { device, address } = origin;
  const done = await parts.desk.engine(device, async (turn) => {
    const { sql, at } = turn;
    // The person may have been disabled, or the password changed, while it was being checked.
    const now = await store.candidateOf(sql, candidate.login);
    if (now?.hash !== candidate.hash) return null;
    const factor = now.totp === null ? 'none' : await useCode(parts, sql, now, code, at);
    if (factor === null) return null;
    await store.forgiveTries(sql, subjects.login, subjects.address, FORGOTTEN_AFTER);
    turn.record({ action, subject: `person:${candidate.personId}`, body: { factor, address, session } });
    return work(sql);
  });
  return done ?? refuse(parts.desk, candidate, origin, 'code');
}

/** Null: neither a fresh code nor an unused recovery code. */
async function useCode(
  { codes, cipher, hashes }: SignInParts,
  sql: Sql,
  { totp, personId }: store.Candidate,
  code: string,
  at: string,
): Promise<'code' | 'recovery' | null> {
  const step = codes.stepOf(cipher.decrypt(totp ?? '', personId), code, at);
  if (step !== null) return (await store.useStep(sql, personId, step)) ? 'code' : null;
  const recovery = hashes.fingerprint(`${personId}:${plainRecovery(code)}`);
  return (await store.useRecoveryCode(sql, personId, recovery)) ? 'recovery' : null;
}

/** As it is hashed: dashes, spaces and small letters are how it was typed. */
export function plainRecovery(code: string): string {
  return code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, '');
}
