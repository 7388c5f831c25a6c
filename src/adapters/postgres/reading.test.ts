/** What a person reads of a quarter: tasks, register, imagery's ground; nothing of other areas, of sealed places, of secret areas. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSecret, ZONE_KINDS } from '../../model/zone-kinds.js';
import type { Reading } from '../../ports/reading.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';
import { createReading } from './reading.js';

const square = (lon: number) => `ST_Multi(ST_MakeEnvelope(${lon}, 36, ${lon + 1}, 37, 4490))`;

/** East (117–118) and west (115–116); a task in each and a sealed one in the east; a polygon in each, and a secret one in the east. */
const GROUND = `
INSERT INTO tuban.area (id, name, geom) VALUES ('east', '东镇', ${square(117)}), ('west', '西镇', ${square(115)});
INSERT INTO tuban.person (id, login, name) VALUES ('e', 'e', '东'), ('w', 'w', '西'), ('p', 'p', '东析'), ('s', 's', '督');
INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES
  ('e', 'officer', 'east'), ('w', 'officer', 'west'), ('p', 'analyst', 'east'), ('s', 'supervisor', NULL);
INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan)
  VALUES ('r', '2026Q3', 'i', '{"own": 1}', 'h', 'done', '{"pairs": []}');
INSERT INTO tuban.site (id, first_quarter, geom) SELECT id, '2026Q3', ${square(117)} FROM (VALUES ('p1'), ('p2'), ('p3')) v (id);
INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
  SELECT 'T' || id, '2026Q3', id, id, n, 50, 'new', '{"judged": {"patch": {}, "judgement": {"violations": [], "overlaps": []}}}'
  FROM (VALUES ('p1', 1), ('p2', 2), ('p3', 3)) v (id, n);
INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, sealed) VALUES
  ('Tp1', '2026Q3', 'new', 1, 50, '{}', 1, '{east}', false), ('Tp2', '2026Q3', 'new', 2, 50, '{}', 1, '{west}', false),
  ('Tp3', '2026Q3', 'new', 3, 50, '{}', 1, '{east}', true);
INSERT INTO tuban.layer_file (id, kind, name, sha256, report, seq) VALUES ('f', 'keyzones', 'f', 's', '{}', 1);
INSERT INTO tuban.boundary (id, layer_file_id, kind, row_no, geom, body, lineage, meaning) VALUES
  ('b-east', 'f', 'keyzones', 1, ${square(117)}, '{"kind": "keyzones", "zoneKind": "河流"}', 'b-east', 'm1'),
  ('b-west', 'f', 'keyzones', 2, ${square(115)}, '{"kind": "keyzones", "zoneKind": "河流"}', 'b-west', 'm2'),
  ('b-secret', 'f', 'keyzones', 3, ${square(117)}, '{"kind": "keyzones", "zoneKind": "军事禁区"}', 'b-secret', 'm3');
INSERT INTO tuban.layer_row (layer_file_id, boundary_id, row_no) SELECT 'f', id, row_no FROM tuban.boundary;
INSERT INTO tuban.observation (boundary_id, quarter, run_id, result, body)
  SELECT id, '2026Q3', 'r', 'changed', '{}' FROM tuban.boundary`;

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let reading: Reading;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    reading = createReading(workspace.database, createDesk(workspace.database));
    for (const statement of GROUND.split(';\n')) await workspace.database.query(statement);
  });
  afterAll(() => workspace.close());

  const as = (personId: string) => ({ personId, device: 'test' });
  const seen = (personId: string | null) =>
    reading(personId === null ? null : as(personId), async ({ record, ground }) => ({
      tasks: (await record.tasks('2026Q3', { offset: 0, limit: 9 })).tasks.map(({ id }) => id),
      quarters: (await record.quarters()).map(({ tasks }) => tasks),
      run: (await record.run('2026Q3'))?.id,
      boundaries: (await record.boundaries([110, 30, 120, 40])).map(({ id }) => id),
      observations: (await record.observations('2026Q3')).map(({ boundaryId }) => boundaryId),
      ground: await ground(),
    }));

  it('is everything but secret areas where nobody was made', async () => {
    expect(await seen(null)).toEqual({
      tasks: ['Tp1', 'Tp2', 'Tp3'],
      quarters: [3],
      run: 'r',
      boundaries: ['b-east', 'b-west'],
      observations: ['b-east', 'b-secret', 'b-west'],
      ground: null,
    });
  });

  it('leaves an officer the open tasks of the own area, and no list of what changed', async () => {
    const common = { run: 'r', boundaries: ['b-east', 'b-west'], observations: [], quarters: [1] };
    expect(await seen('e')).toEqual({ ...common, tasks: ['Tp1'], ground: [[117, 36, 118, 37]] });
    expect(await seen('w')).toEqual({ ...common, tasks: ['Tp2'], ground: [[115, 36, 116, 37]] });
  });

  it('shows a planner the sealed ones, too, and the changes of the own area; who is granted everywhere all', async () => {
    expect(await seen('p')).toMatchObject({
      tasks: ['Tp1', 'Tp3'],
      observations: ['b-east'],
      ground: [[117, 36, 118, 37]],
    });
    expect(await seen('s')).toMatchObject({
      tasks: ['Tp1', 'Tp2', 'Tp3'],
      observations: ['b-east', 'b-west'],
      ground: null,
    });
  });

  it('puts on record whose place was looked at', async () => {
    const task = await reading(as('e'), async ({ record, saw }) => {
      const found = await record.task('Tp1');
      if (found) await saw('file', [found.id]);
      return found;
    });
    expect(task?.id).toBe('Tp1');
    const [entry] = await workspace.database.query(
      'SELECT person, action, subject FROM tuban.audit ORDER BY seq DESC LIMIT 1',
    );
    expect(entry).toEqual({ person: 'e', action: 'place.read', subject: 'task:Tp1' });
    expect(await reading(as('w'), ({ record }) => record.task('Tp1'))).toBeNull();
    expect(await reading(as('e'), ({ record }) => record.task('Tp3'))).toBeNull();
  });

  it('gives a person nothing else of runs, files and results', async () => {
    const desk = createDesk(workspace.database);
    for (const text of [
      'SELECT recipe FROM tuban.run',
      'SELECT report FROM tuban.layer_file',
      'SELECT * FROM tuban.stage_result',
      `UPDATE tuban.boundary SET number = 'x'`,
      `INSERT INTO tuban.observation (boundary_id, quarter, run_id, result, body) VALUES ('b-east', '2027Q1', 'r', 'changed', '{}')`,
    ]) {
      await expect(
        desk.as(as('s'), ({ sql }) => sql.query(text)),
        text,
      ).rejects.toThrow('permission denied');
    }
    const ids = await desk.as(as('s'), ({ sql }) =>
      sql.query(`SELECT id FROM tuban.boundary WHERE secret OR id = 'b-secret'`),
    );
    expect(ids).toEqual([]);
  });

  it('calls secret what the program calls secret', async () => {
    const words = [
      ...ZONE_KINDS.flatMap(({ code, zh, en }) => [code, zh, en]),
      '某军事管理区',
      'Secret',
      'ｍｉｌｉｔａｒｙ',
      '湿地',
      '',
    ];
    for (const [row, zoneKind] of words.entries()) {
      const [answer] = await workspace.database.query<{ secret: boolean }>(
        `INSERT INTO tuban.boundary (id, layer_file_id, kind, row_no, geom, body, lineage, meaning)
         VALUES ($1, 'f', 'keyzones', $2, ${square(100)}, $3::jsonb, $1, $1) RETURNING secret`,
        [`word-${row}`, 10 + row, JSON.stringify({ zoneKind })],
      );
      expect([zoneKind, answer?.secret]).toEqual([zoneKind, isSecret({ kind: 'keyzones', zoneKind })]);
    }
  });
}

describe('reading on the embedded database', () => holds(async () => null));
withPostgres('reading on a server', () => holds(freshDatabase));
