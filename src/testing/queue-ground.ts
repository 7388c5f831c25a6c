/**
 * A county of two townships with people and tasks on the list, for tests of the queue. Officers `o1` `o2` (east, team `t1`), `o3` (west); reviewers
 * `r1` (station, east), `r2` (county, everywhere); analyst `an`, supervisor `su`, administrator `ad` (everywhere). Tasks `Tp1` … `Tp<n>`, by rank: the
 * odd ones in the east, the even ones in the west.
 */
import { admitTasks } from '../adapters/postgres/admission.js';
import type { MultiPolygonRings } from '../model/grid.js';
import { DEFAULT_KEY_RULE } from '../model/key-patch.js';
import type { Task } from '../model/task.js';
import type { Database, Sql } from '../ports/database.js';
import { testJudgement } from './judgement.js';

export const LAT = 29.4;
const HALF = 0.0004;

export function square(lon: number, lat: number, half = HALF): MultiPolygonRings {
  return [
    [
      [
        [lon - half, lat - half],
        [lon + half, lat - half],
        [lon + half, lat + half],
        [lon - half, lat + half],
        [lon - half, lat - half],
      ],
    ],
  ];
}

export function queueTask(n: number, changes: Partial<Task> = {}): Task {
  const id = `p${n}`;
  const lon = (n % 2 === 1 ? 106.3 : 107.3) + (n % 300) * 0.001;
  return {
    id: `T${id}`,
    quarter: '2026Q3',
    siteId: id,
    rank: n,
    state: 'new',
    origin: 'change',
    judged: {
      patch: {
        id,
        pairs: ['P1'],
        geometry: square(lon, LAT),
        areaM2: 6200,
        perimeterM: 320,
        lon,
        lat: LAT,
        confidence: 0.9,
        changeType: 'vegetation-to-bare',
        seenShare: 1,
        sigmaM: 5,
        dateBefore: '2026-05-01',
        dateAfter: '2026-08-01',
        reasons: [],
      },
      judgement: testJudgement({ score: 100 - n / 1000 }),
    },
    ...changes,
  };
}

const PEOPLE = `
INSERT INTO tuban.area (id, name, geom) VALUES
  ('east', '东镇', ST_GeomFromText('MULTIPOLYGON(((106 29,107 29,107 30,106 30,106 29)))', 4490)),
  ('west', '西镇', ST_GeomFromText('MULTIPOLYGON(((107 29,108 29,108 30,107 30,107 29)))', 4490)),
  ('county', '某县', ST_GeomFromText('MULTIPOLYGON(((105 28,109 28,109 31,105 31,105 28)))', 4490));
INSERT INTO tuban.person (id, login, name) VALUES ('o1', 'o1', '东一'), ('o2', 'o2', '东二'), ('o3', 'o3', '西一'), ('r1', 'r1', '审一'),
  ('r2', 'r2', '审二'), ('an', 'an', '析'), ('su', 'su', '督'), ('ad', 'ad', '管');
INSERT INTO tuban.team (id, name) VALUES ('t1', '一中队');
INSERT INTO tuban.team_member (team_id, person_id) VALUES ('t1', 'o1'), ('t1', 'o2');
INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES
  ('o1', 'officer', NULL, 'east'), ('o2', 'officer', NULL, 'east'), ('o3', 'officer', NULL, 'west'),
  ('r1', 'reviewer', 'station', 'east'), ('r2', 'reviewer', 'county', NULL), ('an', 'analyst', NULL, NULL), ('su', 'supervisor', NULL, NULL),
  ('ad', 'administrator', NULL, NULL)`;

export async function layPeople(database: Database): Promise<void> {
  for (const statement of PEOPLE.split(';\n')) await database.query(statement);
}

/** As a run leaves them. */
export async function layTasks(database: Database, tasks: readonly Task[]): Promise<void> {
  await database.transaction(async (sql) => {
    await putTasks(sql, tasks);
    await admitTasks(sql, tasks, DEFAULT_KEY_RULE);
  });
}

async function putTasks(sql: Sql, tasks: readonly Task[]): Promise<void> {
  const rows = JSON.stringify(
    tasks.map((task) => ({ ...task, patch_id: task.judged.patch.id, score: task.judged.judgement.score, body: task })),
  );
  await sql.query(
    `INSERT INTO tuban.site (id, first_quarter, geom)
     SELECT "siteId", '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490)
     FROM jsonb_to_recordset($1::jsonb) AS r ("siteId" text) ON CONFLICT DO NOTHING`,
    [rows],
  );
  await sql.query(
    `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
     SELECT id, quarter, patch_id, "siteId", rank, score, state, body FROM jsonb_to_recordset($1::jsonb)
       AS r (id text, quarter text, patch_id text, "siteId" text, rank integer, score float8, state text, body jsonb)
     ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, score = excluded.score, state = excluded.state, body = excluded.body`,
    [rows],
  );
}

export function countyTasks(count: number): Task[] {
  return Array.from({ length: count }, (_, i) => queueTask(i + 1));
}

/** A form that is right, for the code table's first version, about a task of `queueTask`. */
export function rightForm(task: Task): Record<string, unknown> {
  const { lon, lat } = task.judged.patch;
  return {
    codesVersion: 1,
    arrivedAt: '2026-10-12T09:30:00+08:00',
    leftAt: '2026-10-12T10:10:00+08:00',
    officers: [
      { name: '张三', number: 'X001' },
      { name: '李四', number: 'X002' },
    ],
    position: { lon, lat, datum: 'CGCS2000', accuracyM: 8 },
    description: '现场有采坑一处',
    measures: ['stop-notice'],
    parts: [
      {
        part: '1',
        active: 'no',
        mineral: 'building-stone',
        method: 'open-pit',
        violation: 'no-licence',
        quantities: { volumeM3: 705.55, how: 'measured' },
        verdict: 'illegal',
        handling: 'case',
      },
    ],
  };
}
