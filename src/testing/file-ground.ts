/**
 * Two townships with people and one submitted task in each, for tests of findings, files and verdicts. `e` and `w` are officers, `r1`, `r2` and `rw`
 * reviewers (east, everywhere, west), `s` a supervisor, `a` an administrator. Task Tp1 lies in the east, Tp2 in the west, Tp3 in the east and sealed.
 */
import type { MultiPolygonRings } from '../model/grid.js';
import type { Task } from '../model/task.js';
import type { Database } from '../ports/database.js';
import { testJudgement } from './judgement.js';

/** Middle of the patch of Tp1. */
export const PLACE = { lon: 106.3, lat: 29.4 } as const;
/** Days of the images between which it changed. */
export const IMAGES = { before: '2026-05-01', after: '2026-08-01' } as const;

/** A square of some 80 m around a point. */
export function square(lon: number, lat: number, half = 0.0004): MultiPolygonRings {
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

export function testTask(id: string, lon: number): Task {
  return {
    id: `T${id}`,
    quarter: '2026Q3',
    siteId: id,
    rank: Number(id.slice(1)),
    state: 'new',
    judged: {
      patch: {
        id,
        pairs: ['P1'],
        geometry: square(lon, PLACE.lat),
        areaM2: 6200,
        perimeterM: 320,
        lon,
        lat: PLACE.lat,
        confidence: 0.9,
        changeType: 'vegetation-to-bare',
        seenShare: 1,
        sigmaM: 5,
        dateBefore: IMAGES.before,
        dateAfter: IMAGES.after,
        reasons: [],
      },
      judgement: testJudgement({}),
    },
  };
}

const PEOPLE = `
INSERT INTO tuban.area (id, name) VALUES ('east', '东镇'), ('west', '西镇');
INSERT INTO tuban.person (id, login, name) VALUES ('e', 'e', '东执法'), ('w', 'w', '西执法'), ('r1', 'r1', '审一'), ('r2', 'r2', '审二'),
  ('rw', 'rw', '西审'), ('s', 's', '督查'), ('a', 'a', '管理');
INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES
  ('e', 'officer', NULL, 'east'), ('w', 'officer', NULL, 'west'), ('r1', 'reviewer', 'station', 'east'), ('r2', 'reviewer', 'county', NULL),
  ('rw', 'reviewer', 'station', 'west'), ('s', 'supervisor', NULL, NULL), ('a', 'administrator', NULL, NULL)`;

export async function layFileGround(database: Database): Promise<void> {
  for (const statement of PEOPLE.split(';\n')) await database.query(statement);
  for (const [id, lon, area, sealed] of [
    ['p1', PLACE.lon, 'east', false],
    ['p2', PLACE.lon + 0.1, 'west', false],
    ['p3', PLACE.lon + 0.2, 'east', true],
  ] as const) {
    const task = testTask(id, lon);
    await database.query(
      `INSERT INTO tuban.site (id, first_quarter, geom) VALUES ($1, '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490))`,
      [id],
    );
    await database.query(
      `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body) VALUES ($1, '2026Q3', $2, $2, $3, 50, 'new', $4::jsonb)`,
      [task.id, id, task.rank, JSON.stringify(task)],
    );
    await database.query(
      `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, sealed, review_level)
       VALUES ($1, '2026Q3', 'submitted', $2, 50, '{no-licence}', 6200, ARRAY[$3::text], $4, 'station')`,
      [task.id, task.rank, area, sealed],
    );
  }
}

/** A form that is right, for the code table's first version. */
export function testForm(
  changes: Record<string, unknown> = {},
  part: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    codesVersion: 1,
    arrivedAt: '2026-10-12T09:30:00+08:00',
    leftAt: '2026-10-12T10:10:00+08:00',
    officers: [
      { name: '张三', number: 'X001' },
      { name: '李四', number: 'X002' },
    ],
    position: { lon: PLACE.lon, lat: PLACE.lat, datum: 'CGCS2000', accuracyM: 8 },
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
        ...part,
      },
    ],
    ...changes,
  };
}
