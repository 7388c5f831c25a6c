/** queue-ground: a made county for the load of the queue: townships in a row, officers and reviewers in each, tasks on the list. */
const [WEST, SOUTH, SIDE] = [110, 35, 0.5];
const TASKS_A_MESSAGE = 2000;
export const PASSWORD = 'a pass phrase for measuring';

export const townshipOf = (n, townships) => n % townships;
export const loginOf = (n) => `officer${n}`;

/** @returns statements */
export function peopleSql({ officers, townships }) {
  const areas = Array.from({ length: townships }, (_, i) => {
    const [west, east, north] = [WEST + i * SIDE, WEST + (i + 1) * SIDE, SOUTH + SIDE];
    const ring = `${west} ${SOUTH},${east} ${SOUTH},${east} ${north},${west} ${north},${west} ${SOUTH}`;
    return `('town${i}', '${i + 1}号镇', ST_GeomFromText('MULTIPOLYGON(((${ring})))', 4490))`;
  });
  const people = Array.from({ length: officers }, (_, n) => `('${loginOf(n)}', '${loginOf(n)}', '执法${n}')`);
  const grants = Array.from(
    { length: officers },
    (_, n) => `('${loginOf(n)}', 'officer', NULL, 'town${townshipOf(n, townships)}')`,
  );
  return [
    `INSERT INTO tuban.area (id, name, geom) VALUES ${areas.join(', ')}`,
    `INSERT INTO tuban.person (id, login, name) VALUES ${people.join(', ')}`,
    `INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES ${grants.join(', ')}`,
  ];
}

export function task(n, townships) {
  const half = 0.0004;
  const lon = WEST + townshipOf(n, townships) * SIDE + 0.05 + (n % 397) * 0.001;
  const lat = SOUTH + 0.05 + (n % 389) * 0.001;
  const ring = [
    [lon - half, lat - half],
    [lon + half, lat - half],
    [lon + half, lat + half],
    [lon - half, lat + half],
    [lon - half, lat - half],
  ];
  const code = ['no-licence', 'beyond-boundary', 'off-plan', 'cannot-say'][n % 4];
  const score = 100 - (n % 1000) / 10;
  return {
    id: `Tload${n}`,
    quarter: n % 2 === 0 ? '2026Q3' : '2026Q2',
    siteId: `load${n}`,
    rank: n + 1,
    state: 'new',
    origin: 'change',
    judged: {
      patch: {
        id: `load${n}`,
        pairs: ['P'],
        geometry: [[ring]],
        areaM2: 3000 + (n % 5000),
        perimeterM: 320,
        lon,
        lat,
        confidence: 0.9,
        changeType: 'vegetation-to-bare',
        seenShare: 1,
        sigmaM: 5,
        dateBefore: '2026-05-01',
        dateAfter: '2026-08-01',
        reasons: [],
      },
      judgement: {
        violations: [code],
        licenceNo: null,
        outsideM2: 0,
        outsideRangeM2: [0, 0],
        outsideM: null,
        outsideRangeM: null,
        position: { imageM: 7.5, shiftM: 1, boundaryM: 0, toleranceM: 15 },
        overlaps: [],
        findings: [],
        reasons: ['NL-1 图斑不在任何有效采矿许可证范围内'],
        pieces: [],
        score,
        parts: [],
        facts: {
          zones: [],
          violations: [code],
          doubts: [],
          areaM2: 3000,
          beyondM2: 0,
          leastOutsideM: null,
          confidence: 0.9,
          changeType: 'vegetation-to-bare',
          dateAfter: '2026-08-01',
          site: null,
        },
        ruleSet: 'x',
      },
    },
  };
}

/** As a run leaves them: the list, and a file for each. `admit`: the program's own. */
export async function layTasks(database, { tasks, townships, admit }) {
  for (let from = 0; from < tasks; from += TASKS_A_MESSAGE) {
    const some = Array.from({ length: Math.min(TASKS_A_MESSAGE, tasks - from) }, (_, i) => task(from + i, townships));
    const rows = JSON.stringify(some.map((one) => ({ ...one, score: one.judged.judgement.score, body: one })));
    await database.transaction(async (sql) => {
      await sql.query(
        `INSERT INTO tuban.site (id, first_quarter, geom)
         SELECT "siteId", quarter, ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490)
         FROM jsonb_to_recordset($1::jsonb) AS r ("siteId" text, quarter text)`,
        [rows],
      );
      await sql.query(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         SELECT id, quarter, "siteId", "siteId", rank, score, state, body FROM jsonb_to_recordset($1::jsonb)
           AS r (id text, quarter text, "siteId" text, rank integer, score float8, state text, body jsonb)`,
        [rows],
      );
      await admit(sql, some);
    });
  }
}

/** What an officer fills in for a task at a place. */
export function formOf(files, codesVersion) {
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  return {
    codesVersion,
    arrivedAt: ago(60),
    leftAt: ago(30),
    officers: [{ name: '张三' }, { name: '李四' }],
    position: null,
    noPositionReason: '无信号',
    description: '现场有采坑一处',
    parts: [
      {
        part: '1',
        active: 'no',
        mineral: 'building-stone',
        method: 'open-pit',
        violation: 'no-licence',
        verdict: 'illegal',
        handling: 'case',
        quantities: { volumeM3: 700, how: 'measured' },
      },
    ],
    files: files.map((sha256) => ({ sha256, role: 'near' })),
  };
}
