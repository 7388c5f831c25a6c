/**
 * Every table × role × area, on both databases, by raw SQL in a person's turn: what no check of the program would have to refuse. A table that
 * nobody thought of fails here: it is closed to requests, or it has row-level security that its owner can't pass by either.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineDesk } from '../../ports/desk.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';

const GEOM = `ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490)`;
/** Task Te lies in the east, Tw in the west, Ts in the east and sealed; each with all that hangs on a task. */
const GROUND = [
  `INSERT INTO tuban.area (id, name) VALUES ('east', '东'), ('west', '西')`,
  `INSERT INTO tuban.person (id, login, name, kind) VALUES ('officer-east', 'o1', 'x', 'person'), ('officer-west', 'o2', 'x', 'person'),
     ('reviewer-east', 'r1', 'x', 'person'), ('analyst', 'an', 'x', 'person'), ('supervisor-east', 's1', 'x', 'person'),
     ('administrator-east', 'a1', 'x', 'person'), ('administrator', 'ad', 'x', 'person'), ('cron', 'c', 'x', 'cron'),
     ('stranger', 'st', 'x', 'person')`,
  `INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES ('officer-east', 'officer', NULL, 'east'),
     ('officer-west', 'officer', NULL, 'west'), ('reviewer-east', 'reviewer', 'county', 'east'), ('analyst', 'analyst', NULL, NULL),
     ('supervisor-east', 'supervisor', NULL, 'east'), ('administrator-east', 'administrator', NULL, 'east'),
     ('administrator', 'administrator', NULL, NULL), ('cron', 'cron', NULL, NULL)`,
  `INSERT INTO tuban.team (id, name) VALUES ('team', '队')`,
  `INSERT INTO tuban.team_member (team_id, person_id) VALUES ('team', 'stranger')`,
  ...['Te', 'Tw', 'Ts'].flatMap((task) => {
    const area = task === 'Tw' ? 'west' : 'east';
    return [
      `INSERT INTO tuban.site (id, first_quarter, geom) VALUES ('S${task}', '2026Q3', ${GEOM})`,
      `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         VALUES ('${task}', '2026Q3', 'P${task}', 'S${task}', 1, 50, 'new', '{}')`,
      `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, sealed)
         VALUES ('${task}', '2026Q3', 'new', 1, 50, '{}', 1, '{${area}}', ${task === 'Ts'})`,
      `INSERT INTO tuban.task_opened (task_id, body) VALUES ('${task}', '{}')`,
      `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, device, at, body)
         VALUES ('${task}', 9, 'claim', 'new', 'claimed', 'x', now(), '{}')`,
      `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body) VALUES ('F${task}', '${task}', 9, 'officer-${area}', now(), '{}')`,
      `INSERT INTO tuban.verdict (task_id, part, code, person_id, at, body) VALUES ('${task}', '1', 'x', 'reviewer-east', now(), '{}')`,
    ];
  }),
  `INSERT INTO tuban.password (person_id, hash, must_change) VALUES ('officer-east', 'x', false)`,
  `INSERT INTO tuban.sign_in_session (hash, id, person_id, device, expires_at) VALUES ('h', 'S', 'officer-east', 'x', now() + interval '1 day')`,
  `INSERT INTO tuban.access_token (hash, id, person_id, name, scope, expires_at) VALUES ('h', 'K', 'officer-east', 'x', '{runs}', now() + interval '1 day')`,
];

/** Who sees how many rows of what: files, then what tells a place, then grants. */
const SEES: Readonly<Record<string, readonly [files: string, places: string, grants: number]>> = {
  'officer-east': ['Te Ts', 'Te', 1],
  'officer-west': ['Tw', 'Tw', 1],
  'reviewer-east': ['Te Ts', 'Te', 1],
  analyst: ['Te Ts Tw', 'Te Ts Tw', 1],
  'supervisor-east': ['Te Ts', 'Te Ts', 8],
  'administrator-east': ['Te Ts', 'Te Ts', 8],
  administrator: ['Te Ts Tw', 'Te Ts Tw', 8],
  cron: ['', '', 1],
  stranger: ['', '', 0],
};
const FILE_TABLES = ['task_file'];
// What people wrote with a step may name the place.
const PLACE_TABLES = ['task_opened', 'task_step', 'finding', 'verdict'];
const SECRET_TABLES = ['password', 'second_factor', 'recovery_code', 'sign_in_session', 'access_token', 'sign_in_try'];
/** Of the engine: no request reads or changes them. */
const CLOSED = [...SECRET_TABLES, 'migration', 'identity', 'stage_result', 'scene', 'step_right'];

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    desk = createDesk(workspace.database);
    for (const text of GROUND) await workspace.database.query(text);
  });
  afterAll(() => workspace.close());

  const as = <T extends object>(personId: string, text: string) =>
    desk.as({ personId, device: 'test' }, ({ sql }) => sql.query<T>(text));
  const ids = async (personId: string, table: string, column: string) =>
    (await as<{ id: string }>(personId, `SELECT DISTINCT ${column} AS id FROM tuban.${table} ORDER BY 1`))
      .map(({ id }) => id)
      .join(' ');
  const tables = () =>
    workspace.database.query<{ name: string; forced: boolean; open: boolean }>(
      `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
         has_table_privilege('tuban_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
           OR has_any_column_privilege('tuban_app', c.oid, 'SELECT, INSERT, UPDATE') AS open
       FROM pg_class c WHERE c.relnamespace = 'tuban'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
    );

  it('each table is closed to requests, or forces row-level security on its owner, too', async () => {
    const all = await tables();
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(({ open, forced }) => open && !forced)).toEqual([]);
    expect(all.filter(({ name, open }) => open && CLOSED.includes(name))).toEqual([]);
  });

  it('no view, and no other function than those that ask who it is, runs with its owner’s rights', async () => {
    const definers = await workspace.database.query<{ name: string; path: boolean }>(
      `SELECT p.proname AS name, coalesce(array_to_string(p.proconfig, ',') LIKE 'search_path=pg_catalog,%, pg_temp' OR
         array_to_string(p.proconfig, ',') = 'search_path=pg_catalog, pg_temp', false) AS path
       FROM pg_proc p WHERE p.pronamespace = 'tuban'::regnamespace AND p.prosecdef ORDER BY 1`,
    );
    expect(definers.length).toBeGreaterThan(10);
    expect(definers.filter(({ path }) => !path)).toEqual([]);
    expect(
      await workspace.database.query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'tuban'::regnamespace AND relkind IN ('v', 'm')`,
      ),
    ).toEqual([]);
  });

  it.each(Object.entries(SEES))(
    '%s sees of files, places and grants what the role and area give',
    async (person, sees) => {
      const [files, places, grants] = sees;
      for (const table of FILE_TABLES) expect(await ids(person, table, 'task_id'), table).toBe(files);
      for (const table of PLACE_TABLES) expect(await ids(person, table, 'task_id'), table).toBe(places);
      expect(await ids(person, 'task', 'id')).toBe(places);
      expect(await ids(person, 'site', 'id')).toBe(places.replaceAll('T', 'ST'));
      expect(await as(person, 'SELECT * FROM tuban.grant_of')).toHaveLength(grants);
      for (const table of CLOSED) {
        await expect(as(person, `SELECT 1 FROM tuban.${table}`), table).rejects.toThrow('permission denied');
      }
    },
  );

  it.each(['cron', 'stranger'])('%s reads of every table that there is nothing of a task', async (person) => {
    for (const { name, open } of await tables()) {
      if (!open || /^(area|person|team|team_member|grant_of|code_table|calendar)/.test(name)) continue;
      const [row] = await as<{ text: string }>(person, `SELECT count(*)::text AS text FROM tuban.${name}`).catch(
        (error: Error) => {
          expect(error.message, name).toMatch(/permission denied/);
          return [{ text: '0' }];
        },
      );
      if (!/^(run|layer|boundary|calendar|holiday|rule|code|once|setting)/.test(name))
        expect(row?.text, name).toBe('0');
    }
  });

  it.each(Object.keys(SEES))('%s changes no grant, secret, task or step of another by raw SQL', async (person) => {
    const all = ['grant_of', 'task', 'task_step', 'finding', 'verdict', 'audit', 'password', 'site', 'task_opened'];
    const state = async () => {
      const rows: unknown[] = [];
      for (const table of all) {
        rows.push(
          await workspace.database.query(
            `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS h FROM tuban.${table} t`,
          ),
        );
      }
      return rows;
    };
    const before = await state();
    const tries = [
      ...all.flatMap((table) => [`DELETE FROM tuban.${table}`, `TRUNCATE tuban.${table} CASCADE`]),
      `UPDATE tuban.task SET state = 'withdrawn'`,
      `UPDATE tuban.task_step SET device = 'y'`,
      `UPDATE tuban.finding SET body = '{"a":1}'`,
      `UPDATE tuban.verdict SET code = 'y'`,
      `UPDATE tuban.grant_of SET area_id = NULL`,
      `UPDATE tuban.password SET hash = 'y'`,
      `INSERT INTO tuban.password (person_id, hash, must_change) VALUES ('${person}', 'y', false)`,
      `INSERT INTO tuban.grant_of (person_id, role) VALUES ('system', 'supervisor')`,
      `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body) VALUES ('F', 'Te', 10, 'nobody', now(), '{}')`,
      `ALTER TABLE tuban.task DISABLE ROW LEVEL SECURITY`,
      `CREATE TABLE tuban.mine (a int)`,
    ];
    for (const text of tries) {
      // Only an administrator of everywhere may take grants away, and that is on its own.
      if (person === 'administrator' && text === 'DELETE FROM tuban.grant_of') continue;
      await as(person, text).catch((error: Error) => {
        expect(error.message, text).toMatch(/permission denied|row-level security|must be owner|append-only/);
      });
    }
    expect(await state()).toEqual(before);
  });
}

describe('rights on the embedded database', { timeout: 60_000 }, () => holds(async () => null));
withPostgres('rights on a server', () => holds(freshDatabase));
