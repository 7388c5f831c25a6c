/** People and rights on both databases: who may change what, whatever the program forgets to ask. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areasOf } from './adapters/postgres/areas.js';
import { type AuditEntry, firstBreak } from './model/audit.js';
import type { Actor, Grant } from './model/person.js';
import { syncAreas } from './queue-areas.js';
import { peopleOf } from './testing/people.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const square = (x: number, y: number, size: number) =>
  `ST_GeomFromText('MULTIPOLYGON(((${x} ${y},${x + size} ${y},${x + size} ${y + size},${x} ${y + size},${x} ${y})))', 4490)`;

/** A file of the admin layer: id, number, name, corner and size of each square. */
function layer(
  seq: number,
  rows: readonly (readonly [string, string | null, string, number, number, number])[],
): string[] {
  const file = `admin-${seq}`;
  return [
    `INSERT INTO tuban.layer_file (id, kind, name, sha256, valid_from, report, complete, seq)
     VALUES ('${file}', 'admin', 'x', 'x', '2020-01-0${seq}', '{}', true, ${seq})`,
    ...rows.flatMap(([id, number, name, x, y, size], i) => {
      const body = JSON.stringify({ id, kind: 'admin', number, name, attributes: {} });
      const no = number === null ? 'NULL' : `'${number}'`;
      return [
        `INSERT INTO tuban.boundary (id, layer_file_id, kind, row_no, number, geom, body, lineage, meaning, effective_from)
         VALUES ('${id}', '${file}', 'admin', ${i + 1}, ${no}, ${square(x, y, size)}, '${body}', 'admin|${number ?? id}', '${id}', '2020-01-0${seq}')
         ON CONFLICT DO NOTHING`,
        `INSERT INTO tuban.layer_row (layer_file_id, boundary_id, row_no) VALUES ('${file}', '${id}', ${i + 1})`,
      ];
    }),
  ];
}

const grant = (role: Grant['role'], areaId: string | null = null, level: Grant['level'] = null): Grant => ({
  role,
  level,
  areaId,
});

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let q: ReturnType<typeof peopleOf>;
  const actor = (personId: string): Actor => ({ personId, device: 'test' });
  const ids: Record<string, string> = {};
  const as = (login: string) => actor(ids[login] ?? '');
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    q = peopleOf(workspace.database);
    const rows = [
      ['b-county', '510100', '青石县', 0, 0, 10],
      ['b-east', '510101', '东镇', 0, 0, 4],
      ['b-west', '510102', '西镇', 5, 0, 4],
      ['b-lone', null, '无号镇', 5, 5, 1],
    ] as const;
    for (const text of layer(1, rows)) await workspace.database.query(text);
  });
  afterAll(() => workspace.close());

  it('areas follow the admin layer: number, else name; smallest first at a point', async () => {
    const first = await syncAreas(q.desk, 'console', '2026-09-01');
    expect(first).toMatchObject({
      added: ['510100', '510101', '510102', '无号镇'],
      changed: [],
      vanished: [],
      total: 4,
    });
    expect(await syncAreas(q.desk, 'console', '2026-09-01')).toMatchObject({ added: [], changed: [], vanished: [] });
    expect(await areasOf(workspace.database, 1, 1)).toEqual(['510101', '510100']);
    expect(await areasOf(workspace.database, 10, 10)).toEqual(['510100']);
    expect(await areasOf(workspace.database, 11, 1)).toEqual([]);
  });

  it('the first person is an administrator of everywhere, made at the console', async () => {
    expect(await q.signIn.required()).toBe(false);
    const officer = q.people.add(q.console, { login: 'li', name: '李四', grants: [grant('officer', '东镇')] });
    await expect(officer).rejects.toMatchObject({ code: 'person.first' });
    const made = await q.people.add(q.console, {
      login: 'Admin',
      name: '管理员甲',
      phone: '010-88880000',
      grants: [grant('administrator')],
    });
    expect(made).toMatchObject({ login: 'admin', phone: '010-88880000', grants: [grant('administrator')] });
    ids.admin = made.id;
    expect(await q.signIn.required()).toBe(true);
    await expect(q.people.add(q.console, { login: 'ＡＤＭＩＮ', name: '又一个' })).rejects.toMatchObject({
      code: 'person.taken',
    });
    const [entry] = await workspace.database.query<AuditEntry>(
      `SELECT * FROM tuban.audit WHERE action = 'person.add' ORDER BY seq DESC LIMIT 1`,
    );
    expect(entry).toMatchObject({ person: 'system', device: 'console', subject: `person:${made.id}` });
  });

  it('an administrator makes people, teams and grants; everybody sees names, few see rights', async () => {
    const east = await q.people.add(as('admin'), { login: 'east', name: '东所', grants: [grant('officer', '东镇')] });
    const west = await q.people.add(as('admin'), { login: 'west', name: '西所', grants: [grant('officer', '510102')] });
    Object.assign(ids, { east: east.id, west: west.id });
    expect(east.grants).toEqual([grant('officer', '510101')]);
    const county = await q.people.add(as('admin'), {
      login: 'county',
      name: '县管理员',
      grants: [grant('administrator', '青石县'), grant('supervisor', '青石县')],
    });
    ids.county = county.id;
    await q.people.addTeam(as('admin'), '东队');
    const team = await q.people.join(as('admin'), '东队', 'east');
    expect(team.members).toEqual([east.id]);
    const seen = await q.people.list(as('east'));
    expect(seen.map(({ login }) => login)).toEqual(['admin', 'county', 'east', 'west']);
    expect(seen.map(({ grants }) => grants.length)).toEqual([0, 0, 1, 0]);
    expect((await q.people.list(as('county'))).every(({ grants }) => grants.length > 0)).toBe(true);
    expect((await q.people.areas(as('admin'))).map(({ id, people }) => [id, people])).toEqual([
      ['510100', 1],
      ['510101', 1],
      ['510102', 1],
      ['无号镇', 0],
    ]);
    expect((await q.people.areas(as('east'))).map(({ people }) => people)).toEqual([null, null, null, null]);
  });

  it.each(['east', 'county'])('%s may change nothing, asked by the program or by raw SQL', async (login) => {
    const asked: (() => Promise<unknown>)[] = [
      () => q.people.add(as(login), { login: 'new', name: '新' }),
      () => q.people.change(as(login), login, { name: '改名' }),
      () => q.people.grant(as(login), login, grant('administrator')),
      () => q.people.revoke(as(login), 'admin', grant('administrator')),
      () => q.people.disable(as(login), 'admin'),
      () => q.people.enable(as(login), 'admin'),
      () => q.people.addTeam(as(login), '新队'),
      () => q.people.join(as(login), '东队', 'west'),
      () => q.people.leave(as(login), '东队', 'east'),
    ];
    for (const work of asked) await expect(work()).rejects.toMatchObject({ code: 'person.rights' });
    const before = await workspace.database.query(`SELECT * FROM tuban.grant_of ORDER BY person_id, role`);
    const refused = [
      `INSERT INTO tuban.person (id, login, name) VALUES ('x', 'x', 'x')`,
      `INSERT INTO tuban.grant_of (person_id, role) VALUES ('${ids[login]}', 'administrator')`,
      `UPDATE tuban.grant_of SET area_id = NULL`,
      `UPDATE tuban.person SET login = 'x'`,
      `INSERT INTO tuban.team (id, name) VALUES ('x', 'x')`,
      `INSERT INTO tuban.team_member (team_id, person_id) SELECT id, '${ids.west}' FROM tuban.team`,
      `INSERT INTO tuban.area (id, name) VALUES ('x', 'x')`,
    ];
    const changesNothing = [
      `UPDATE tuban.person SET name = 'x', disabled_at = now()`,
      `UPDATE tuban.team SET name = 'x'`,
      `DELETE FROM tuban.grant_of`,
      `DELETE FROM tuban.team_member`,
    ];
    for (const text of refused) {
      const work = q.desk.as(as(login), ({ sql }) => sql.query(text));
      await expect(work, text).rejects.toThrow(/permission denied|row-level security/);
    }
    for (const text of changesNothing) await q.desk.as(as(login), ({ sql }) => sql.query(text));
    expect(await workspace.database.query(`SELECT * FROM tuban.grant_of ORDER BY person_id, role`)).toEqual(before);
    expect((await q.people.list(as('admin'))).map(({ name }) => name)).not.toContain('x');
    expect((await q.people.teams(as('admin'))).map(({ name, members }) => [name, members.length])).toEqual([
      ['东队', 1],
    ]);
  });

  it('an administrator can’t touch the engine’s own person, and the last one stays', async () => {
    for (const text of [
      `INSERT INTO tuban.grant_of (person_id, role) VALUES ('system', 'administrator')`,
      `INSERT INTO tuban.team_member (team_id, person_id) SELECT id, 'system' FROM tuban.team`,
    ]) {
      const work = q.desk.as(as('admin'), ({ sql }) => sql.query(text));
      await expect(work, text).rejects.toThrow(/row-level security/);
    }
    await expect(q.people.show(as('admin'), 'system')).rejects.toMatchObject({ code: 'person.none' });
    await expect(q.people.disable(q.console, 'admin')).rejects.toMatchObject({ code: 'person.last-administrator' });
    await expect(q.people.revoke(as('admin'), 'admin', grant('administrator'))).rejects.toMatchObject({
      code: 'person.last-administrator',
    });
  });

  it('two administrators who remove each other at once: one stays', async () => {
    const second = await q.people.add(as('admin'), { login: 'second', name: '乙', grants: [grant('administrator')] });
    ids.second = second.id;
    const tried = await Promise.allSettled([
      q.people.disable(as('admin'), 'second'),
      q.people.disable(as('second'), 'admin'),
    ]);
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const enabled = (await q.people.list(q.console)).filter(({ disabledAt }) => disabledAt === null);
    expect(enabled.map(({ login }) => login).filter((login) => login === 'admin' || login === 'second')).toHaveLength(
      1,
    );
    await q.people.enable(q.console, 'admin');
    await q.people.enable(q.console, 'second');
  });

  it('refuses unknown persons, teams, areas and grants by name, and does nothing twice', async () => {
    const admin = as('admin');
    await expect(q.people.grant(admin, 'nobody', grant('officer'))).rejects.toMatchObject({ code: 'person.none' });
    await expect(q.people.join(admin, '无', 'east')).rejects.toMatchObject({ code: 'team.none' });
    await expect(q.people.grant(admin, 'east', grant('officer', '天上'))).rejects.toMatchObject({ code: 'area.none' });
    await expect(q.people.revoke(admin, 'east', grant('analyst'))).rejects.toMatchObject({ code: 'grant.none' });
    await expect(q.people.addTeam(admin, '东队')).rejects.toMatchObject({ code: 'team.taken' });
    const count = async () => (await workspace.database.query('SELECT seq FROM tuban.audit')).length;
    const before = await count();
    await q.people.grant(admin, 'east', grant('officer', '510101'));
    await q.people.join(admin, '东队', 'east');
    await q.people.enable(admin, 'east');
    await q.people.change(admin, 'east', { name: '东所' });
    expect(await count()).toBe(before);
  });

  it('an area that leaves the layer keeps its grants and says so; a moved border changes the shape', async () => {
    const rows = [
      ['b-county', '510100', '青石县', 0, 0, 10],
      ['b-east2', '510101', '东镇', 0, 0, 2],
    ] as const;
    for (const text of layer(2, rows)) await workspace.database.query(text);
    const after = await syncAreas(q.desk, 'console', '2026-09-01');
    expect(after).toMatchObject({
      added: [],
      changed: ['510101'],
      vanished: [
        { id: '510102', name: '西镇', grants: 1 },
        { id: '无号镇', grants: 0 },
      ],
    });
    expect(await areasOf(workspace.database, 3, 3)).toEqual(['510100']);
    expect((await q.people.areas(as('admin'))).map(({ id, inLayer }) => [id, inLayer])).toEqual([
      ['510100', true],
      ['510101', true],
      ['510102', false],
      ['无号镇', false],
    ]);
    expect((await q.people.show(as('admin'), 'west')).grants).toEqual([grant('officer', '510102')]);
  });

  it('all of it is on record, in one chain', async () => {
    const entries = await workspace.database.query<AuditEntry>('SELECT * FROM tuban.audit ORDER BY seq');
    expect(firstBreak(entries)).toBeNull();
    expect(new Set(entries.map(({ action }) => action))).toEqual(
      new Set(['area.sync', 'person.add', 'person.disable', 'person.enable', 'team.add', 'team.join']),
    );
    expect(entries.every(({ body }) => !body.includes('010-88880000'))).toBe(true);
  });
}

describe('people on the embedded database', () => holds(async () => null));
withPostgres('people on a server', () => holds(freshDatabase));
