/**
 * Sign-in: password, one-time code, session. A try is counted as failed before the password is looked at and forgiven afterwards, so that
 * guesses sent at once are held up like those sent one by one. Every answer but the wait reads the same, whatever was wrong.
 */
import { peopleMade } from './adapters/postgres/people.js';
import * as store from './adapters/postgres/sign-in-store.js';
import { Fault } from './model/fault.js';
import { normalLogin, normalPassword } from './model/login.js';
import { RIGHTS, type Right } from './model/right.js';
import type { Database } from './ports/database.js';
import type { EngineDesk } from './ports/desk.js';
import type { Cipher, OneTimeCodes, SecretHashes } from './ports/secrets.js';
import type { Identity, Origin, SignedIn, SignIn } from './ports/sign-in.js';
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
      const login = normalLogin(wish.login);
      const subjects = { login: `login:${hashes.fingerprint(login)}`, address: addressSubject(origin.address) };
      await countTry(desk, subjects, origin);
      const candidate = await store.candidateOf(database, login);
      const fits = await hashes.passwordFits(candidate?.hash ?? null, normalPassword(wish.password));
      if (!candidate || !fits) return refuse(desk, candidate, origin, 'password');
      if (candidate.totp !== null && (wish.code ?? '').trim() === '') {
        // Half way is no failure; but it must not forgive the wrong codes before it.
        await desk.engine(origin.device, ({ sql }) => store.takeBackTry(sql, [subjects.login, subjects.address]));
        throw new Fault('sign-in.code', '请输入动态口令或恢复码 (enter the one-time code or a recovery code)');
      }
      return letIn(parts, { candidate, wish, origin, subjects });
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

interface Admission {
  readonly candidate: store.Candidate;
  readonly wish: Wish;
  readonly origin: Origin;
  readonly subjects: Subjects;
}

async function letIn(parts: SignInParts, { candidate, wish, origin, subjects }: Admission): Promise<SignedIn> {
  const { desk, hashes } = parts;
  const { personId, mustChange } = candidate;
  const secret = hashes.secret(SECRET_BYTES);
  const id = `S${hashes.fingerprint(secret).slice(0, 16)}`;
  const { device, address } = origin;
  const expiresAt = await desk.engine(device, async (turn) => {
    const { sql, at } = turn;
    // The person may have been disabled, or the password changed, while it was being checked.
    const now = await store.candidateOf(sql, candidate.login);
    if (now?.hash !== candidate.hash) return null;
    const factor = now.totp === null ? 'none' : await useCode(parts, sql, now, wish.code ?? '', at);
    if (factor === null) return null;
    await store.forgiveTries(sql, subjects.login, subjects.address, FORGOTTEN_AFTER);
    turn.record({ action: 'person.sign-in', subject: `person:${personId}`, body: { factor, address, session: id } });
    return store.openSession(sql, { hash: hashes.fingerprint(secret), id, personId, device, hours: SESSION_HOURS });
  });
  if (expiresAt === null) return refuse(desk, candidate, origin, 'code');
  const identity: Identity = {
    actor: { personId, device, credential: { via: 'session', id } },
    via: 'session',
    scope: null,
    mustChangePassword: mustChange,
    credentialId: id,
  };
  return { secret, expiresAt, identity };
}

/** Null: neither a fresh code nor an unused recovery code. */
async function useCode(
  { codes, cipher, hashes }: SignInParts,
  sql: Parameters<typeof store.useStep>[0],
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
