/** People on the command line: the console makes the first one; with --as a command has that person's rights. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandsOn } from '../testing/commands.js';
import { peopleOf } from '../testing/people.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as area } from './area.js';
import { register as serve } from './serve.js';
import { register as team } from './team.js';
import { register as token } from './token.js';
import { register as user } from './user.js';

let workspace: TestWorkspace;
let tuban: ReturnType<typeof commandsOn>;
beforeAll(async () => {
  workspace = await openTestWorkspace();
  tuban = commandsOn(workspace, [user, team, area, token, serve], workspace.dir);
});
afterAll(() => workspace.close());

const audit = () =>
  workspace.database.query<{ person: string; device: string; action: string }>(
    'SELECT person, device, action FROM tuban.audit ORDER BY seq DESC LIMIT 1',
  );

it('refuses to serve beyond this machine, and a first person without rights', async () => {
  const beyond = await tuban('serve', '--host', '0.0.0.0', '--port', '0');
  expect(beyond.status).toBe(2);
  expect(beyond.err).toContain('tuban user add');
  expect((await tuban('user', 'list')).err).toContain('tuban user add');
  const officer = await tuban('user', 'add', 'li', '--name', '李四', '--role', 'officer');
  expect([officer.status, officer.out]).toEqual([2, '']);
  expect(officer.err).toContain('--role administrator');
});

it('makes people, gives and takes roles, and says who did it', async () => {
  const first = await tuban('user', 'add', 'zhang', '--name', '张三', '--role', 'administrator', '--json');
  expect(JSON.parse(first.out)).toMatchObject({ login: 'zhang', grants: [{ role: 'administrator', areaId: null }] });
  expect(await audit()).toEqual([{ person: 'system', device: 'console', action: 'person.add' }]);
  const second = await tuban(
    '--as',
    'Zhang',
    'user',
    'add',
    'li',
    '--name',
    '李四',
    '--role',
    'reviewer',
    '--level',
    'county',
  );
  expect([second.status, second.out]).toEqual([0, expect.stringContaining('县级审核人员（全域）')]);
  expect(await audit()).toEqual([{ person: JSON.parse(first.out).id, device: 'console', action: 'person.add' }]);
  const own = await tuban('user', 'grant', 'li', '--role', 'administrator', '--as', 'li');
  expect([own.status, own.err]).toEqual([2, expect.stringContaining('administrator of everywhere')]);
  expect((await tuban('user', 'revoke', 'li', '--role', 'reviewer', '--level', 'county')).status).toBe(0);
  expect((await tuban('user', 'list')).out).toMatch(/zhang +张三 +管理员（全域）/);
  expect((await tuban('user', 'disable', 'zhang')).err).toContain('last administrator');
  expect((await tuban('user', 'show', 'wang')).err).toContain('wang');
  expect((await tuban('--as', 'wang', 'user', 'list')).status).toBe(2);
  expect((await tuban('user', 'add', 'x1', '--name', 'x', '--role', 'king')).status).toBe(2);
});

it('sets passwords and makes tokens without a secret on the command line or the screen twice', async () => {
  const { signIn } = peopleOf(workspace.database);
  const origin = { address: '192.0.2.1', device: 'test' };
  const made = await tuban('user', 'password', 'li');
  expect(made.out).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}\n$/);
  const one = await signIn.signIn({ login: 'li', password: made.out.trim() }, origin);
  expect(one.identity.mustChangePassword).toBe(true);
  writeFileSync(join(workspace.dir, 'password.txt'), '青石崖东坡第三号矿坑\r\n');
  expect(await tuban('user', 'password', 'li', '--file', 'password.txt')).toMatchObject({ status: 0, out: '' });
  const two = await signIn.signIn({ login: 'li', password: '青石崖东坡第三号矿坑' }, origin);
  expect(two.identity.mustChangePassword).toBe(false);
  expect((await tuban('user', 'password', 'li', '--file', 'none.txt')).err).toContain('none.txt');
  expect((await tuban('user', 'sign-out', 'li')).err).toContain('1');
  expect(await signIn.bySession(two.secret)).toBeNull();

  const add = ['token', 'add', 'li', '--name', '抄表', '--out', 'li.token', '--scope'] as const;
  expect((await tuban(...add, 'people.read, tasks.read')).out).toBe('');
  const path = join(workspace.dir, 'li.token');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const secret = readFileSync(path, 'utf8').trim();
  expect((await signIn.byToken(secret))?.scope).toEqual(['tasks.read', 'people.read']);
  expect((await tuban(...add, 'people.read')).err).toContain('li.token');
  const refused = await tuban('token', 'add', 'li', '--name', 'x', '--scope', 'everything', '--out', 'x.token');
  expect([refused.status, existsSync(join(workspace.dir, 'x.token'))]).toEqual([2, false]);
  const listed = await tuban('token', 'list', '--json');
  expect(listed.out).not.toContain(secret);
  const [entry] = JSON.parse(listed.out).tokens;
  expect((await tuban('token', 'revoke', entry.id)).status).toBe(0);
  expect(await signIn.byToken(secret)).toBeNull();
});

it('takes a password from a pipe, and says in JSON what was made, never what was given', async () => {
  const { signIn } = peopleOf(workspace.database);
  const given = '西坡第四号矿坑的灯火';
  for (const [how, input] of [
    [['--password-stdin'], `${given}\r\nsecond line\n`],
    [['--file', '-'], given],
  ] as const) {
    const piped = commandsOn(workspace, [user], workspace.dir, { input });
    const said = await piped('user', 'password', 'li', ...how, '--json');
    expect([said.status, JSON.parse(said.out)]).toEqual([0, { login: 'li', made: null }]);
    expect(`${said.out}${said.err}`).not.toContain(given);
    await signIn.signIn({ login: 'li', password: given }, { address: '192.0.2.1', device: 'test' });
  }
  const empty = commandsOn(workspace, [user], workspace.dir, { input: '\n' });
  expect(await empty('user', 'password', 'li', '--password-stdin')).toMatchObject({ status: 2, out: '' });
  expect((await tuban('user', 'password', 'li', '--password-stdin', '--file', 'x')).status).toBe(2);
  const made = JSON.parse((await tuban('user', 'password', 'li', '--json')).out);
  expect(made).toEqual({ login: 'li', made: expect.stringMatching(/^([A-Z2-7]{4}-){3}/) });
  const begun = JSON.parse((await tuban('user', 'totp', 'li', '--json')).out);
  const secret = new URL(begun.uri).searchParams.get('secret') ?? '';
  const { TOTP, Secret } = await import('otpauth');
  const input = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const coded = commandsOn(workspace, [user], workspace.dir, { input });
  const confirmed = await coded('user', 'totp', 'li', '--confirm', '-', '--json');
  expect(JSON.parse(confirmed.out)).toEqual({ totp: true, recoveryCodes: expect.objectContaining({ length: 10 }) });
  expect(confirmed.out).not.toContain(input);
  expect(JSON.parse((await tuban('user', 'totp', 'li', '--off', '--json')).out)).toEqual({ totp: false });
});

it('keeps one-time codes with the workspace’s key file', async () => {
  const { codes } = peopleOf(workspace.database);
  const begun = await tuban('user', 'totp', 'li');
  const secret = new URL(begun.out.trim()).searchParams.get('secret') ?? '';
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(statSync(join(workspace.dir, '.tuban', 'secret.key')).mode & 0o777).toBe(0o600);
  expect((await tuban('user', 'totp', 'li', '--confirm', 'no code')).status).toBe(2);
  const { TOTP, Secret } = await import('otpauth');
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  expect(codes.stepOf(secret, code, new Date().toISOString())).not.toBeNull();
  expect((await tuban('user', 'totp', 'li', '--confirm', code)).out.trim().split('\n')).toHaveLength(10);
  expect((await tuban('user', 'totp', 'li')).status).toBe(2);
  expect((await tuban('user', 'totp', 'li', '--off')).status).toBe(0);
});

it('teams and areas', async () => {
  expect((await tuban('team', 'add', '东队')).status).toBe(0);
  expect((await tuban('team', 'join', '东队', 'li')).out).toContain('1 人');
  expect((await tuban('team', 'list')).out).toMatch(/东队 +李四/);
  expect((await tuban('team', 'leave', '东队', 'li')).out).toContain('0 人');
  expect((await tuban('area', 'list')).err).toContain('tuban layer import admin');
  expect((await tuban('area', 'sync')).out).toContain('0 个');
});
