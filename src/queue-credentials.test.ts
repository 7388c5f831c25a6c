/**
 * By which sign-in somebody comes, on both databases: what opens other doors is for a person who has just signed in, never for a token; and a
 * session or token that was ended while a file was on its way stores nothing of it.
 */
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { Actor } from './model/person.js';
import { RIGHTS } from './model/right.js';
import { createCredentials } from './queue-credentials.js';
import { createPeople } from './queue-people.js';
import { peopleOf } from './testing/people.js';
import { photo } from './testing/photos.js';
import { openQueueApi, type QueueApi } from './testing/queue-api.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

const PASSWORD = 'a long enough pass phrase';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  let q: ReturnType<typeof peopleOf>;
  let port: number;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl());
    q = peopleOf(api.workspace.database);
    port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
    await q.credentials.setPassword(q.console, 'ad', PASSWORD);
    await q.credentials.setPassword(q.console, 'o1', PASSWORD);
  });
  afterAll(() => api?.close());

  const origin = { address: '::1', device: 'test' };
  const signedIn = (login: string) => q.signIn.signIn({ login, password: PASSWORD }, origin);
  const older = (minutes: number) =>
    api.workspace.database.query(
      `UPDATE tuban.sign_in_session SET made_at = made_at - make_interval(mins => $1::int) WHERE ended_at IS NULL`,
      [minutes],
    );
  const tokenOf = (login: string) =>
    q.credentials.addToken(q.console, login, { name: 't', scope: [...RIGHTS], days: 1 });

  /** Each is refused by the code and, where its check is passed over, by the database. */
  async function doors(actor: Actor): Promise<Record<string, unknown>> {
    const desk = createDesk(api.workspace.database);
    const credentials = createCredentials(desk, q.parts);
    const people = createPeople(desk);
    const administrator = { role: 'administrator', level: null, areaId: 'east' } as const;
    const raw = (text: string) => desk.as(actor, ({ sql }) => sql.query(text));
    const tries = {
      password: () => credentials.setPassword(actor, 'o2', null),
      totp: () => credentials.beginTotp(actor, 'o2'),
      confirm: () => credentials.confirmTotp(actor, 'o2', '123456'),
      totpOff: () => credentials.endTotp(actor, 'o2'),
      token: () => credentials.addToken(actor, 'ad', { name: 'x', scope: ['people.read'], days: 1 }),
      grant: () => people.grant(actor, 'o2', administrator),
      revoke: () => people.revoke(actor, 'ad', { role: 'administrator', level: null, areaId: null }),
      add: () => people.add(actor, { login: 'new', name: 'new', grants: [administrator] }),
      disable: () => people.disable(actor, 'ad'),
      rawPassword: () => raw(`SELECT tuban.set_password('o2', 'x', false)`),
      rawToken: () => raw(`SELECT tuban.add_token('ad', 'K', 'h', 'x', '["runs"]', 1)`),
      rawTotp: () => raw(`SELECT tuban.begin_second_factor('o2', 'x')`),
      rawTotpOff: () => raw(`SELECT tuban.end_second_factor('o2')`),
      rawGrant: () => raw(`INSERT INTO tuban.grant_of (person_id, role) VALUES ('o2', 'administrator')`),
      rawRevoke: () => raw(`DELETE FROM tuban.grant_of WHERE role = 'administrator' RETURNING person_id`),
      rawRenew: () => raw('UPDATE tuban.sign_in_session SET proved_at = now()'),
      rawDisable: () => raw(`UPDATE tuban.person SET disabled_at = now() WHERE id = 'ad' RETURNING id`),
    };
    const answers: Record<string, unknown> = {};
    for (const [name, work] of Object.entries(tries)) {
      answers[name] = await work().then(
        (value) => (Array.isArray(value) && value.length === 0 ? 'nothing' : 'done'),
        (error: { code?: string; message: string }) => (name.startsWith('raw') ? 'refused' : error.code),
      );
    }
    return answers;
  }
  const refusedBy = (code: string) => ({
    ...Object.fromEntries(
      ['password', 'totp', 'confirm', 'totpOff', 'token', 'grant', 'revoke', 'add', 'disable'].map((name) => [
        name,
        code,
      ]),
    ),
    ...{
      rawPassword: 'refused',
      rawToken: 'refused',
      rawTotp: 'refused',
      rawTotpOff: 'refused',
      rawGrant: 'refused',
      rawRenew: 'refused',
    },
    // Rows that a policy hides are not there.
    ...{ rawRevoke: 'nothing', rawDisable: 'nothing' },
  });

  it('lets no token and no old session set secrets or make administrators', async () => {
    const { token } = await tokenOf('ad');
    const byToken = (await q.signIn.byToken(token))?.actor;
    const { identity } = await signedIn('ad');
    expect(byToken && (await doors(byToken))).toEqual(refusedBy('sign-in.by-token'));
    await older(31);
    expect(await doors(identity.actor)).toEqual(refusedBy('sign-in.fresh'));
    // The rest of an administrator's work goes on by either.
    const people = createPeople(createDesk(api.workspace.database));
    for (const actor of [byToken, identity.actor]) {
      expect(actor && (await people.change(actor, 'o2', { phone: '13800000000' })).phone).toBe('13800000000');
      await (actor && people.disable(actor, 'o3'));
      await (actor && people.enable(actor, 'o3'));
    }
    const fresh = await signedIn('ad');
    const credentials = createCredentials(createDesk(api.workspace.database), q.parts);
    const opens = (actor: Actor) => credentials.setPassword(actor, 'o2', null);
    expect(await opens(fresh.identity.actor)).toMatch(/^([A-Z2-7]{4}-){3}/);

    const tokenIdentity = await q.signIn.byToken(token);
    expect(tokenIdentity).not.toBeNull();
    const byTokenRenewed = tokenIdentity && q.signIn.renew(tokenIdentity, { password: PASSWORD }, origin);
    await expect(byTokenRenewed).rejects.toMatchObject({ code: 'sign-in.by-token' });
    await expect(opens(identity.actor)).rejects.toMatchObject({ code: 'sign-in.fresh' });
    await q.signIn.renew(identity, { password: PASSWORD }, origin);
    expect(await opens(identity.actor)).toMatch(/^([A-Z2-7]{4}-){3}/);
    // This session alone, and not one that has ended.
    await older(31);
    await q.signIn.renew(fresh.identity, { password: PASSWORD }, origin);
    await api.workspace.database.query(
      `UPDATE tuban.sign_in_session SET proved_at = now() - interval '31 minutes' WHERE id = $1`,
      [identity.credentialId],
    );
    await expect(opens(identity.actor)).rejects.toMatchObject({ code: 'sign-in.fresh' });
    await q.signIn.signOut(identity);
    await expect(q.signIn.renew(identity, { password: PASSWORD }, origin)).rejects.toMatchObject({
      code: 'desk.ended',
    });
  });

  it('says over HTTP that a token opens none of these routes', async () => {
    const { token } = await tokenOf('ad');
    const headers = { authorization: `Bearer ${token}` };
    for (const url of ['/api/people/o2/password', '/api/people/o2/totp-off', '/api/me/totp', '/api/me/tokens']) {
      const body = { name: 'x', scope: ['runs'], days: 1 };
      expect((await api.ask(null, 'POST', url, { headers, body })).json().code, url).toBe('api.scope');
    }
    const body = { role: 'administrator', level: null, areaId: null };
    const answer = await api.ask(null, 'POST', '/api/people/o2/grants', { headers, body });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'sign-in.by-token']);
  });

  /** Sends a photo as far as `half`, does what is asked meanwhile, and sends the rest. */
  function upload(bytes: Uint8Array, headers: Record<string, string>, meanwhile: () => Promise<unknown>) {
    const head = Buffer.from('--b\r\ncontent-disposition: form-data; name="f"; filename="a.jpg"\r\n\r\n');
    const tail = Buffer.from('\r\n--b--\r\n');
    return new Promise<{ status: number; code: string }>((resolve, reject) => {
      const asked = request({
        ...{ host: '127.0.0.1', port, path: '/api/tasks/Tp1/evidence', method: 'POST' },
        headers: {
          ...headers,
          host: 'localhost',
          'x-tuban': '1',
          'content-type': 'multipart/form-data; boundary=b',
          'content-length': `${head.length + bytes.length + tail.length}`,
        },
      });
      asked.on('error', reject);
      asked.on('response', (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const { code = '' } = JSON.parse(Buffer.concat(parts).toString()) as { code?: string };
          resolve({ status: answer.statusCode ?? 0, code });
        });
      });
      const half = Math.floor(bytes.length * 0.9);
      asked.write(Buffer.concat([head, bytes.subarray(0, half)]));
      void waitFor(() => aside() > 0)
        .then(meanwhile)
        .then(() => asked.end(Buffer.concat([bytes.subarray(half), tail])), reject);
    });
  }
  const files = (): string[] => {
    try {
      return readdirSync(join(api.workspace.dir, 'evidence'), { recursive: true, withFileTypes: true }).flatMap(
        (entry) => (entry.isFile() ? [entry.name] : []),
      );
    } catch {
      return [];
    }
  };
  const aside = () => files().filter((name) => name.endsWith('.part')).length;

  it('stores nothing of a file that was on its way when its session or token was ended', async () => {
    expect((await api.step('o1', 'Tp1', 'claim')).statusCode).toBe(200);
    api.forget('o1');
    const session = await signedIn('o1');
    const token = await tokenOf('o1');
    const cookie = { cookie: `tuban=${session.secret}` };
    const bearer = { authorization: `Bearer ${token.token}` };
    const noise = Buffer.alloc(400_000, 'evidence');
    let shade = 200;
    const bytes = async () => {
      shade += 1;
      return Buffer.concat([await photo({ shade }), noise]);
    };
    for (const [headers, end] of [
      [cookie, () => q.signIn.signOut(session.identity)],
      [bearer, () => q.credentials.revokeToken(q.console, token.entry.id)],
    ] as const) {
      expect((await upload(await bytes(), headers, async () => undefined)).status).toBe(200);
      const before = files();
      const answer = await upload(await bytes(), headers, end);
      expect(answer).toEqual({ status: 401, code: 'desk.ended' });
      expect(files()).toEqual(before);
    }
    const rows = await api.workspace.database.query('SELECT sha256 FROM tuban.evidence_file');
    expect(rows).toHaveLength(2);
  });
}

async function waitFor(seen: () => boolean): Promise<void> {
  while (!seen()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('sign-ins behind a turn on the embedded database', () => holds(async () => null));
withPostgres('sign-ins behind a turn on a server', () => holds(freshDatabase));
