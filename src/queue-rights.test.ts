/**
 * Every route × role × area, as testing/rights-matrix.ts says, on a real workspace; docs/rights.md is what it says. A route without a row fails.
 * UPDATE=1 writes the page anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photo } from './testing/photos.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { queueTask, rightForm } from './testing/queue-ground.js';
import {
  MATRIX_ROLES,
  type MatrixGround,
  type MatrixRole,
  RIGHTS_ROWS,
  type RightsRow,
} from './testing/rights-matrix.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

type Outcome = 'yes' | 'no' | 'hidden' | 'sign-in';
interface Asker {
  readonly login: string | null;
  readonly role: MatrixRole | null;
  readonly area: 'east' | 'west' | 'everywhere';
}

/** `o1`, who holds and submits, and `ad`, of everywhere, are of the ground. */
const PEOPLE = `INSERT INTO tuban.person (id, login, name) SELECT v, v, v FROM unnest(ARRAY['r-w', 'an-e', 'an-w', 'su-e', 'su-w', 'ad-e', 'ad-w']) v;
INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES ('r-w', 'reviewer', 'station', 'west'),
  ('an-e', 'analyst', NULL, 'east'), ('an-w', 'analyst', NULL, 'west'), ('su-e', 'supervisor', NULL, 'east'), ('su-w', 'supervisor', NULL, 'west'),
  ('ad-e', 'administrator', NULL, 'east'), ('ad-w', 'administrator', NULL, 'west');
INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan) VALUES ('r', '2026Q3', 'i', '{}', 'h', 'done',
  '{"pairs": [{"id": "P1", "beforeOn": "2026-05-01", "afterOn": "2026-08-01"}]}');
INSERT INTO tuban.second_look_draw (id, quarter, seed, population, drawn, digest, drawer, looker, at)
  VALUES ('D-matrix', '2026Q3', 's', 1, 1, 'd', 'su-e', 'r1', '2026-10-01Z');
INSERT INTO tuban.second_look (id, draw_id, place, task_id, drawer, looker, drawn_at)
  VALUES ('L-matrix', 'D-matrix', 1, 'Tp7', 'su-e', 'r1', '2026-10-01Z')`;
const ASKERS: readonly Asker[] = [
  { login: null, role: null, area: 'east' },
  { login: 'o1', role: 'officer', area: 'east' },
  { login: 'o3', role: 'officer', area: 'west' },
  { login: 'r1', role: 'reviewer', area: 'east' },
  { login: 'r-w', role: 'reviewer', area: 'west' },
  { login: 'an-e', role: 'analyst', area: 'east' },
  { login: 'an-w', role: 'analyst', area: 'west' },
  { login: 'su-e', role: 'supervisor', area: 'east' },
  { login: 'su-w', role: 'supervisor', area: 'west' },
  { login: 'ad-e', role: 'administrator', area: 'east' },
  { login: 'ad-w', role: 'administrator', area: 'west' },
  { login: 'ad', role: 'administrator', area: 'everywhere' },
];

function expected(row: RightsRow, { role, area }: Asker): Outcome {
  if (row.open) return 'yes';
  if (role === null) return 'sign-in';
  if (row.everywhere) return area === 'everywhere' ? 'yes' : 'no';
  if (row.overall && area === 'everywhere') return 'yes';
  if (row.roleFirst && !row.own.includes(role)) return 'no';
  if (area === 'west' && row.west !== 'same') return row.west;
  return row.own.includes(role) ? 'yes' : row.hiddenFrom?.includes(role) ? 'hidden' : 'no';
}

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  let ground: MatrixGround;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl(), 7);
    const { database } = api.workspace;
    for (const statement of PEOPLE.split(';\n')) await database.query(statement);
    await api.step('o1', 'Tp1', 'claim');
    const { payload, headers } = multipart([['file', { file: 'a.jpg', bytes: await photo({ shade: 3 }) }]]);
    const sent = await api.ask('o1', 'POST', '/api/tasks/Tp1/evidence', { payload, headers });
    const finding = { ...rightForm(queueTask(1)), offender: { kind: 'person', name: '赵某' } };
    expect((await api.step('o1', 'Tp1', 'submit', { finding, findingId: 'F-first' })).statusCode).toBe(200);
    const revision = async (taskId: string) => {
      const [row] = await database.query<{ revision: number }>(
        'SELECT revision FROM tuban.task_file WHERE task_id = $1',
        [taskId],
      );
      return row?.revision ?? 0;
    };
    let rounds = 0;
    const roundId = async () => {
      rounds += 1;
      const body = { start: [106.3, 29.4], hours: 6, personId: 'o1', taskIds: ['Tp5'] };
      const headers = { 'idempotency-key': `round-key-${rounds}` };
      const answer = await api.ask('an-e', 'POST', '/api/rounds', { body, headers });
      expect(answer.json()).toMatchObject({ round: { personId: 'o1' } });
      return answer.json().round.id as string;
    };
    ground = {
      api,
      revision,
      evidenceId: sent.json().files[0].file.id,
      findingId: 'F-first',
      roundId,
      lookId: 'L-matrix',
    };
  });
  afterAll(() => api?.close());

  /** Tp1 and Tp3 as if nothing had been tried. */
  const reset = async (state: string) => {
    await api.workspace.database.query(
      `UPDATE tuban.task_file SET state = CASE task_id WHEN 'Tp1' THEN $1 ELSE 'new' END, sealed = false, assignee = NULL, team_id = NULL,
         merged_into = NULL, deadline = NULL, extension_asked = NULL, returned = false, reviewers = '{}', round_id = NULL, lease_extensions = 0,
         holder = CASE WHEN task_id = 'Tp1' AND $1 IN ('claimed', 'field') THEN 'o1' END,
         lease_until = CASE WHEN task_id = 'Tp1' AND $1 IN ('claimed', 'field') THEN timestamptz '2026-10-13T00:00:00Z' END,
         submitter = CASE WHEN task_id = 'Tp1' AND $1 IN ('submitted', 'verdict') THEN 'o1' END,
         review_level = CASE WHEN task_id = 'Tp1' AND $1 = 'submitted' THEN 'station' END
       WHERE task_id IN ('Tp1', 'Tp3', 'Tp5')`,
      [state],
    );
  };
  const outcomeOf = (row: RightsRow, status: number, code: string): Outcome => {
    if (row.reached?.includes(code)) return 'yes';
    if (status >= 500) throw new Error(`${row.route} failed: ${status} ${code}`);
    return status === 401 ? 'sign-in' : status === 403 ? 'no' : status === 404 ? 'hidden' : 'yes';
  };

  it('has a row for every route, and no row without one', () => {
    const rows = RIGHTS_ROWS.map(({ route }) => route).sort();
    const routes = api.app.routeList.map(({ method, url }) => `${method} ${url}`).sort();
    expect(rows).toEqual(routes);
  });

  it.each(RIGHTS_ROWS.map((row) => [row.route, row] as const))('%s', async (_route, row) => {
    const got: string[] = [];
    const wanted: string[] = [];
    for (const asker of ASKERS) {
      await reset(row.state ?? 'new');
      const { url, ...more } = await row.ask(ground);
      const [method = 'GET'] = row.route.split(' ');
      const answer = await api.ask(asker.login, method as 'GET', url, more);
      const code = answer.headers['content-type']?.toString().includes('problem') ? answer.json().code : '';
      if (row.ends && asker.login !== null) api.forget(asker.login);
      const who = `${asker.role ?? 'nobody'} ${asker.area}`;
      const outcome = outcomeOf(row, answer.statusCode, code);
      wanted.push(`${who}: ${expected(row, asker)}`);
      got.push(`${who}: ${outcome}${outcome === expected(row, asker) ? '' : ` (${answer.statusCode} ${code})`}`);
    }
    expect(got).toEqual(wanted);
  });
}

describe('rights on the embedded database', () => holds(async () => null));
withPostgres('rights on a server', () => holds(freshDatabase));

it('docs/rights.md says it', () => {
  const place = new URL('../docs/rights.md', import.meta.url);
  const words: Readonly<Record<Outcome, string>> = { yes: '✓', no: '–', hidden: '404', 'sign-in': '401' };
  const cell = (row: RightsRow, role: MatrixRole) => {
    const [own, west] = (['east', 'west'] as const).map((area) => words[expected(row, { login: '', role, area })]);
    return own === west ? own : `${own} / ${west}`;
  };
  const rows = RIGHTS_ROWS.map((row) => {
    const all = words[expected(row, { login: '', role: 'administrator', area: 'everywhere' })];
    const nobody = words[expected(row, { login: null, role: null, area: 'east' })];
    return `| \`${row.route}\` | ${nobody} | ${MATRIX_ROLES.map((role) => cell(row, role)).join(' | ')} | ${all} |\n`;
  });
  const table = `| route | nobody | ${MATRIX_ROLES.join(' | ')} | administrator everywhere |\n|---|${'---|'.repeat(MATRIX_ROLES.length + 2)}\n${rows.join('')}`;
  const page = readFileSync(place, 'utf8');
  const [begin, end] = ['<!-- matrix: written by src/queue-rights.test.ts, UPDATE=1 -->\n', '<!-- /matrix -->'];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(from).toBeGreaterThan(begin.length);
  if (process.env.UPDATE === '1') writeFileSync(place, page.slice(0, from) + table + page.slice(to));
  else expect(page.slice(from, to)).toBe(table);
});
