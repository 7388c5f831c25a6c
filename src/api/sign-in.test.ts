/** Signing in over HTTP, on both databases: cookies, one-time codes, tokens, limits, what other sites can't do. */
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../app-serve.js';
import { type AuditEntry, firstBreak } from '../model/audit.js';
import { peopleOf } from '../testing/people.js';
import { freshDatabase, withPostgres } from '../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';

const PASSWORD = '青石崖东坡第三号矿坑';
const PAGE = { 'x-tuban': '1', 'sec-fetch-site': 'same-origin', origin: 'http://localhost' };

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let app: FastifyInstance;
  let q: ReturnType<typeof peopleOf>;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    app = await serveApi(workspace, '10.9.9.9');
    q = peopleOf(workspace.database);
  });
  afterAll(async () => {
    await app.close();
    await workspace.close();
  });

  const ask = (url: string, more: Omit<InjectOptions, 'url'> = {}) =>
    app.inject({ url, headers: { host: 'localhost', ...PAGE, ...more.headers }, ...omitHeaders(more) });
  const omitHeaders = ({ headers: _headers, ...rest }: Omit<InjectOptions, 'url'>) => rest;
  const post = (url: string, payload: object = {}, more: Omit<InjectOptions, 'url'> = {}) =>
    ask(url, { method: 'POST', payload, ...more });
  const signIn = (login: string, password: string, code?: string, more: Omit<InjectOptions, 'url'> = {}) =>
    post('/api/sign-in', { login, password, ...(code === undefined ? {} : { code }) }, more);
  const cookieOf = (answer: { headers: Record<string, unknown> }) =>
    `${answer.headers['set-cookie']}`.split(';')[0] ?? '';
  const signedIn = async (login: string, password = PASSWORD) => ({ cookie: cookieOf(await signIn(login, password)) });
  const later = (table: string, column: string, interval: string) =>
    workspace.database.query(`UPDATE tuban.${table} SET ${column} = ${column} - interval '${interval}'`);
  const forgive = () => workspace.database.query('DELETE FROM tuban.sign_in_try');

  it('asks nobody of this machine while there is no person, and everybody afterwards', async () => {
    expect((await ask('/api/sign-in')).json()).toEqual({ required: false, signedIn: false });
    expect((await ask('/api/workspace')).statusCode).toBe(200);
    expect((await ask('/api/workspace', { headers: { host: 'tuban.example' } })).json().code).toBe('api.host');
    expect((await ask('/api/people')).statusCode).toBe(401);
    for (const [login, role] of [
      ['admin', 'administrator'],
      ['li', 'officer'],
    ] as const) {
      await q.people.add(q.console, { login, name: login, grants: [{ role, level: null, areaId: null }] });
      await q.credentials.setPassword(q.console, login, PASSWORD);
    }
    expect((await ask('/api/sign-in')).json()).toEqual({ required: true, signedIn: false });
    const refused = await ask('/api/workspace');
    expect([refused.statusCode, refused.json().code]).toEqual([401, 'api.sign-in']);
    expect((await ask('/api/workspace', { headers: { host: 'tuban.example' } })).statusCode).toBe(401);
    expect((await ask('/healthz')).statusCode).toBe(200);
  });

  it('gives a cookie that scripts and other sites do not get, Secure beyond this machine', async () => {
    const local = await signIn('ＬＩ', PASSWORD);
    expect(local.headers['set-cookie']).toMatch(/^tuban=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(local.body).not.toContain(cookieOf(local).slice(6));
    const headers = { host: 'tuban.example', origin: 'https://tuban.example', 'x-forwarded-proto': 'https' };
    const beyond = await signIn('li', PASSWORD, undefined, { headers, remoteAddress: '10.9.9.9' });
    expect(beyond.headers['set-cookie']).toMatch(/^__Host-tuban=[\w-]{43};.*; HttpOnly; Secure; SameSite=Strict$/);
    expect((await ask('/api/me', { headers: { cookie: cookieOf(local) } })).json()).toMatchObject({
      login: 'li',
      totp: false,
    });
    expect((await ask('/api/workspace', { headers: { cookie: cookieOf(local) } })).statusCode).toBe(200);
    const stored = JSON.stringify(await workspace.database.query('SELECT * FROM tuban.sign_in_session'));
    expect(stored).not.toContain(cookieOf(local).slice(6));
  });

  it('refuses unsafe requests of other sites, with or without a cookie', async () => {
    const { cookie } = await signedIn('li');
    const strange: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of strange) {
      for (const url of ['/api/sign-in', '/api/sign-out', '/api/me/totp']) {
        const answer = await post(url, {}, { headers: { cookie, ...headers } });
        expect([answer.statusCode, answer.json().code], `${url} ${JSON.stringify(headers)}`).toEqual([
          403,
          'api.origin',
        ]);
      }
    }
    const form = await app.inject({ method: 'POST', url: '/api/sign-out', headers: { host: 'localhost', cookie } });
    expect(form.json().code).toBe('api.origin');
    expect((await ask('/api/me', { headers: { cookie } })).statusCode).toBe(200);
  });

  it('says the same of a wrong login and a wrong password, and waits longer each time', async () => {
    await forgive();
    const wrong = await signIn('li', `${PASSWORD}x`);
    const nobody = await signIn('nobody', PASSWORD);
    const without = (answer: typeof wrong) => ({ ...answer.json(), requestId: '' });
    expect(wrong.statusCode).toBe(401);
    expect(without(nobody)).toEqual(without(wrong));
    const many = await Promise.all(Array.from({ length: 12 }, () => signIn('li', 'not the password')));
    const codes = many.map(({ statusCode }) => statusCode).sort();
    // One failed before: of twelve at once four more are looked at, and not one beyond.
    expect(codes).toEqual([401, 401, 401, 401, ...Array.from({ length: 8 }, () => 429)]);
    const held = await signIn('li', PASSWORD);
    expect([held.statusCode, held.json().code]).toEqual([429, 'sign-in.wait']);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await signIn('admin', PASSWORD)).statusCode).toBe(200);
    await later('sign_in_try', 'last_at', '1 minute');
    expect((await signIn('li', PASSWORD)).statusCode).toBe(200);
    expect(
      await workspace.database.query(`SELECT failures FROM tuban.sign_in_try WHERE subject LIKE 'login:%' ORDER BY 1`),
    ).toEqual([{ failures: 1 }]);
    const names = JSON.stringify(await workspace.database.query('SELECT subject FROM tuban.sign_in_try'));
    expect(names).not.toContain('nobody');
  });

  it('counts what comes from one address, as a trusted proxy tells it and nobody else', async () => {
    await forgive();
    const from = (address: string, i: number) =>
      signIn(`guess${i}`, 'not the password', undefined, {
        headers: { 'x-forwarded-for': address },
        remoteAddress: '10.9.9.9',
      });
    const answers: number[] = [];
    for (let i = 0; i < 31; i += 1) answers.push((await from('198.51.100.7', i)).statusCode);
    expect(answers).toEqual([...Array.from({ length: 30 }, () => 401), 429]);
    expect((await from('198.51.100.8', 99)).statusCode).toBe(401);
    const pretending = { headers: { 'x-forwarded-for': '198.51.100.7' }, remoteAddress: '203.0.113.5' };
    expect((await signIn('li', PASSWORD, undefined, pretending)).statusCode).toBe(200);
    await forgive();
  });

  it('ends a session by signing out, by a new password, by idling, by its age, by disabling', async () => {
    const works = async (headers: { cookie: string }) => (await ask('/api/me', { headers })).statusCode;
    const one = await signedIn('li');
    const two = await signedIn('li');
    const out = await post('/api/sign-out', {}, { headers: one });
    expect(out.headers['set-cookie']).toMatch(/^tuban=;.*Expires=Thu, 01 Jan 1970/);
    expect([await works(one), await works(two)]).toEqual([401, 200]);
    const fresh = '西坡第四号矿坑的灯火';
    const wrong = await post('/api/me/password', { old: 'wrong', fresh }, { headers: two });
    expect([wrong.statusCode, wrong.json().code]).toEqual([403, 'password.wrong']);
    expect((await post('/api/me/password', { old: PASSWORD, fresh: '1234567890' }, { headers: two })).statusCode).toBe(
      422,
    );
    expect((await post('/api/me/password', { old: PASSWORD, fresh }, { headers: two })).statusCode).toBe(200);
    expect(await works(two)).toBe(401);
    const three = await signedIn('li', fresh);
    await later('sign_in_session', 'seen_at', '13 hours');
    expect(await works(three)).toBe(200);
    await later('sign_in_session', 'seen_at', '15 hours');
    expect(await works(three)).toBe(401);
    const four = await signedIn('li', fresh);
    await later('sign_in_session', 'expires_at', '7 days');
    expect(await works(four)).toBe(401);
    const five = await signedIn('li', fresh);
    await q.people.disable(q.console, 'li');
    expect([await works(five), (await signIn('li', fresh)).statusCode]).toEqual([401, 401]);
    await q.people.enable(q.console, 'li');
    expect(await works(five)).toBe(401);
    await q.credentials.setPassword(q.console, 'li', PASSWORD);
  });

  it('a password made by an administrator lets in to choose another one, and to nothing else', async () => {
    const admin = await signedIn('admin');
    const made = await post('/api/people/li/password', {}, { headers: admin });
    const { password } = made.json();
    expect(password).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    const li = await signedIn('li', password);
    expect((await ask('/api/people', { headers: li })).json().code).toBe('api.password');
    expect((await ask('/api/me', { headers: li })).json()).toMatchObject({ mustChangePassword: true });
    expect((await post('/api/me/password', { old: password, fresh: PASSWORD }, { headers: li })).statusCode).toBe(200);
    expect((await ask('/api/people', { headers: await signedIn('li') })).statusCode).toBe(200);
  });

  it('lets nobody guess the password at a session that was left open, and a new one ends tokens, too', async () => {
    await forgive();
    const li = await signedIn('li');
    const made = await post('/api/me/tokens', { name: 't', scope: ['people.read'], days: 9 }, { headers: li });
    const token = { authorization: `Bearer ${made.json().token}` };
    const change = (old: string) => post('/api/me/password', { old, fresh: '南坡第五号矿坑的月光' }, { headers: li });
    for (let i = 0; i < 5; i++) expect((await change(`guess ${i}`)).json().code).toBe('password.wrong');
    const held = await change(PASSWORD);
    expect([held.statusCode, held.json().code]).toEqual([429, 'sign-in.wait']);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('/api/people', { headers: token })).statusCode).toBe(200);
    await forgive();
    expect((await change(PASSWORD)).statusCode).toBe(200);
    expect((await ask('/api/people', { headers: token })).json().code).toBe('api.token');
    await q.credentials.setPassword(q.console, 'li', PASSWORD);
  });

  it('one-time codes: begun, confirmed, asked for, each counting once; recovery codes, too', async () => {
    await forgive();
    const li = await signedIn('li');
    const { secret } = (await post('/api/me/totp', {}, { headers: li })).json();
    expect((await signIn('li', PASSWORD)).statusCode).toBe(200);
    const { TOTP, Secret } = await import('otpauth');
    const code = (steps: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
    expect((await post('/api/me/totp/confirm', { code: '000000' }, { headers: li })).json().code).toBe('totp.code');
    const confirmed = await post('/api/me/totp/confirm', { code: code(-1) }, { headers: li });
    const { recoveryCodes } = confirmed.json();
    expect(recoveryCodes).toHaveLength(10);
    const stored = JSON.stringify([
      await workspace.database.query('SELECT * FROM tuban.second_factor'),
      await workspace.database.query('SELECT * FROM tuban.recovery_code'),
    ]);
    for (const text of [secret, ...recoveryCodes]) expect(stored).not.toContain(text);
    expect((await signIn('li', PASSWORD)).json().code).toBe('sign-in.code');
    const now = code(0);
    const both = await Promise.all([signIn('li', PASSWORD, now), signIn('li', PASSWORD, now)]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
    expect((await signIn('li', PASSWORD, recoveryCodes[0].toLowerCase())).statusCode).toBe(200);
    expect((await signIn('li', PASSWORD, recoveryCodes[0])).statusCode).toBe(401);
    // Asking without a code between wrong ones forgives nothing.
    await forgive();
    const answers: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      answers.push((await signIn('li', PASSWORD, '000000')).statusCode);
      if (i < 5) answers.push((await signIn('li', PASSWORD)).statusCode);
    }
    expect(answers.filter((status) => status === 429).length).toBeGreaterThan(0);
    await forgive();
    const admin = await signedIn('admin');
    expect((await post('/api/people/li/totp-off', {}, { headers: admin })).statusCode).toBe(200);
    expect((await signIn('li', PASSWORD)).statusCode).toBe(200);
  });

  it('a sign-in is renewed by password and code, held up as at sign-in; the session stays, and no token does it', async () => {
    await forgive();
    const li = await signedIn('li');
    const age = () =>
      workspace.database.query(
        `UPDATE tuban.sign_in_session SET made_at = made_at - interval '31 minutes', proved_at = proved_at - interval '31 minutes'`,
      );
    const renew = async (password: string, code?: string, headers: Record<string, string> = li) => {
      const body = { password, ...(code === undefined ? {} : { code }) };
      const answer = await post('/api/sign-in/renew', body, { headers });
      expect(answer.headers['set-cookie']).toBeUndefined();
      return answer.statusCode === 200 ? 'done' : answer.json().code;
    };
    const act = () => post('/api/me/totp', {}, { headers: li });
    const made = await post('/api/me/tokens', { name: 't', scope: ['people.change'], days: 1 }, { headers: li });
    await age();
    expect([(await act()).statusCode, (await act()).json().code]).toEqual([403, 'sign-in.fresh']);
    expect(await renew('not this one')).toBe('sign-in.refused');
    expect((await act()).json().code).toBe('sign-in.fresh');
    expect(await renew(PASSWORD)).toBe('done');
    const { secret } = (await act()).json();
    const { TOTP, Secret } = await import('otpauth');
    const code = (steps: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
    const { recoveryCodes } = (await post('/api/me/totp/confirm', { code: code(-1) }, { headers: li })).json();

    await age();
    expect(await renew(PASSWORD)).toBe('sign-in.code');
    expect(await renew(PASSWORD, '000000')).toBe('sign-in.refused');
    expect((await act()).json().code).toBe('sign-in.fresh');
    expect(await renew(PASSWORD, recoveryCodes[0])).toBe('done');
    expect((await act()).json().code).toBe('totp.on');
    expect(await renew(PASSWORD, recoveryCodes[0])).toBe('sign-in.refused');

    expect(await renew(PASSWORD, code(1), { authorization: `Bearer ${made.json().token}` })).toBe('api.scope');
    await forgive();
    const many = await Promise.all(Array.from({ length: 8 }, () => renew('not this one')));
    expect(many.sort()).toEqual([...Array(5).fill('sign-in.refused'), ...Array(3).fill('sign-in.wait')]);
    // One count with sign-in itself: neither is a way round the other.
    expect([await renew(PASSWORD, code(1)), (await signIn('li', PASSWORD)).json().code]).toEqual(
      Array(2).fill('sign-in.wait'),
    );
    await forgive();
    expect((await post('/api/sign-out', {}, { headers: li })).statusCode).toBe(200);
    expect(await renew(PASSWORD, code(1))).toBe('api.sign-in');
    const kept = await workspace.database.query<{ body: string }>(
      `SELECT body::text AS body FROM tuban.audit WHERE action = 'person.sign-in-renewed' ORDER BY seq`,
    );
    expect(kept.map(({ body }) => Object.keys(JSON.parse(body)).sort())).toEqual(
      Array(2).fill(['address', 'factor', 'session']),
    );
    expect(kept.map(({ body }) => JSON.parse(body).factor)).toEqual(['none', 'recovery']);
    expect(JSON.stringify(kept)).not.toContain(recoveryCodes[0]);
    await q.credentials.endTotp(q.console, 'li');
  });

  it('a token does what its scope names, without a cookie’s rules, until it is revoked', async () => {
    const li = await signedIn('li');
    const made = await post('/api/me/tokens', { name: '抄表', scope: ['people.read'], days: 1 }, { headers: li });
    const { token, entry } = made.json();
    expect(token).toMatch(/^tuban_[\w-]{43}$/);
    const as = (method: 'GET' | 'POST', url: string, payload?: object) =>
      app.inject({
        method,
        url,
        headers: { host: 'localhost', authorization: `Bearer ${token}` },
        ...(payload ? { payload } : {}),
      });
    expect((await as('GET', '/api/people')).statusCode).toBe(200);
    expect((await as('POST', '/api/teams', { name: '队' })).json().code).toBe('api.scope');
    expect((await as('GET', '/api/me')).json().code).toBe('api.scope');
    expect(JSON.stringify(await workspace.database.query('SELECT * FROM tuban.access_token'))).not.toContain(token);
    const wrong = { host: 'localhost', authorization: 'Bearer tuban_wrong' };
    expect((await app.inject({ url: '/api/people', headers: wrong })).json().code).toBe('api.token');
    const stranger = await ask(`/api/tokens/${entry.id}`, { method: 'DELETE', headers: await signedIn('admin') });
    expect(stranger.statusCode).toBe(200);
    expect((await as('GET', '/api/people')).json().code).toBe('api.token');
    expect((await post('/api/me/tokens', { name: 'x', scope: ['runs'], days: 731 }, { headers: li })).statusCode).toBe(
      422,
    );
  });

  it('nobody reaches another’s secrets, and no request reads the tables of them', async () => {
    const li = await signedIn('li');
    for (const url of ['/api/people/admin/password', '/api/people/admin/totp-off']) {
      expect((await post(url, {}, { headers: li })).json().code).toBe('person.rights');
    }
    const [row] = await workspace.database.query<{ id: string }>(`SELECT id FROM tuban.person WHERE login = 'li'`);
    const [other] = await workspace.database.query<{ id: string }>(`SELECT id FROM tuban.person WHERE login = 'admin'`);
    const actor = { personId: row?.id ?? '', device: 'test' };
    for (const text of [
      'SELECT * FROM tuban.password',
      'SELECT * FROM tuban.second_factor',
      'SELECT * FROM tuban.recovery_code',
      'SELECT * FROM tuban.sign_in_session',
      'SELECT * FROM tuban.access_token',
      'SELECT * FROM tuban.sign_in_try',
      `SELECT tuban.set_password('${other?.id}', 'x', false)`,
      `SELECT tuban.begin_second_factor('${other?.id}', 'x')`,
      `SELECT tuban.confirm_second_factor('${other?.id}', 1, '[]')`,
      `SELECT tuban.end_second_factor('${other?.id}')`,
      `SELECT tuban.end_sessions('${other?.id}', true)`,
      `SELECT tuban.add_token('${other?.id}', 'K', 'h', 'n', '["runs"]', 9)`,
      `SELECT tuban.set_password('system', 'x', false)`,
      `SELECT tuban.set_password(NULL, 'x', false)`,
    ]) {
      const work = q.desk.as(actor, ({ sql }) => sql.query(text));
      await expect(work, text).rejects.toThrow(/permission denied|row-level security/);
    }
    const seen = await q.desk.as(actor, async ({ sql }) => [
      ...(await sql.query(`SELECT * FROM tuban.secured('${other?.id}')`)),
      ...(await sql.query(`SELECT * FROM tuban.sessions_of('${other?.id}')`)),
      ...(await sql.query(`SELECT person_id FROM tuban.tokens_of(NULL) WHERE person_id <> '${row?.id}'`)),
    ]);
    expect(seen).toEqual([]);
  });

  it('is on record without a password, a code, a secret or an unknown login', async () => {
    const entries = await workspace.database.query<AuditEntry>('SELECT * FROM tuban.audit ORDER BY seq');
    expect(firstBreak(entries)).toBeNull();
    const actions = new Set(entries.map(({ action }) => action));
    for (const action of [
      'sign-in',
      'sign-in-refused',
      'sign-in-renewed',
      'sign-out',
      'password',
      'totp-on',
      'totp-off',
    ].map((a) => `person.${a}`)) {
      expect(actions).toContain(action);
    }
    expect(actions).toContain('token.add');
    const text = JSON.stringify(entries);
    for (const secret of [PASSWORD, 'nobody', 'guess1', 'tuban_', 'argon2']) expect(text).not.toContain(secret);
  });
}

describe('sign-in on the embedded database', { timeout: 60_000 }, () => holds(async () => null));
withPostgres('sign-in on a server', () => holds(freshDatabase));
