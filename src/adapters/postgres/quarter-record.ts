/** QuarterRecord over the database: read-only SQL; rows become the nouns of the model. */
import type { Boundary } from '../../model/boundary.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import { mineralOf } from '../../model/mineral.js';
import type { JudgedPatch } from '../../model/patch.js';
import type { RunPlan, RunSummary } from '../../model/run.js';
import type { Quarter } from '../../model/scene.js';
import type { Observation, Task } from '../../model/task.js';
import { versionsIn, versionsOf } from '../../model/versions.js';
import { isSecret } from '../../model/zone-kinds.js';
import type { Sql, SqlValue } from '../../ports/database.js';
import type { MappedBoundary, QuarterRecord, TaskPage, TaskQuery } from '../../ports/quarter-record.js';
import { wholeJudgement } from './older-judgement.js';
import { versionRows } from './version-rows.js';

interface TaskRow {
  id: string;
  quarter: Quarter;
  site_id: string;
  rank: number;
  state: Task['state'];
  body: Pick<Task, 'origin' | 'notes' | 'sample' | 'facts'>;
  judged: {
    patch: Omit<JudgedPatch['patch'], 'geometry'> & { geometry?: MultiPolygonRings };
    judgement: JudgedPatch['judgement'];
  };
  geom: string | null;
  issued: Task['issued'] | null;
  total: number;
}

/** What a person decided about is shown as it was then; else the patch as it stands, where there is one. */
const JUDGED = `CASE WHEN t.state = 'decided' THEN t.body->'judged' ELSE COALESCE(p.body, t.body->'judged', t.body) END`;
const TASK_COLUMNS = `t.id, t.quarter, t.site_id, t.rank, t.state, t.body - 'judged' AS body,
  ${JUDGED} AS judged, CASE WHEN t.state <> 'decided' THEN ST_AsGeoJSON(p.geom, 9) END AS geom,
  (SELECT jsonb_agg(DISTINCT jsonb_build_object('keyId', v.key_id, 'source', v.source, 'county', v.county,
     'number', v.number, 'result', r.result))
   FROM tuban.issued_answer a JOIN tuban.issued_result r ON r.id = a.result_id
     JOIN tuban.issued_version v ON v.content_id = r.content_id WHERE a.task_id = t.id) AS issued`;
/** Work to do first; names of states have no order of their own. */
const STATE_ORDER = `array_position(ARRAY['new', 'decided', 'reserve', 'quiet', 'withdrawn'], t.state)`;
const TASK_TABLES = '(tuban.task t LEFT JOIN tuban.patch p ON p.id = t.patch_id)';
/** What a task was listed with, for narrowing down: without its patch, unless it is from before tasks held what was judged. */
const LISTED = `CASE WHEN jsonb_exists(t.body, 'judged') THEN t.body->'judged'
  ELSE COALESCE((SELECT p.body FROM tuban.patch p WHERE p.id = t.patch_id), t.body) END`;

export function quarterRecord(sql: Sql): QuarterRecord {
  return {
    async quarters() {
      const rows = await sql.query<{ quarter: Quarter; tasks: number; finished_at: string | null }>(
        `SELECT r.quarter, to_char(max(r.finished_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS finished_at,
           (SELECT count(*)::int FROM tuban.task t WHERE t.quarter = r.quarter AND t.state = 'new') AS tasks
         FROM tuban.run r GROUP BY r.quarter ORDER BY r.quarter DESC`,
      );
      return rows.map(({ quarter, tasks, finished_at }) => ({ quarter, tasks, finishedAt: finished_at }));
    },
    tasks: (quarter, query) => tasksOf(sql, quarter, query),
    async task(id) {
      const [row] = await sql.query<TaskRow>(`SELECT ${TASK_COLUMNS}, 1 AS total FROM ${TASK_TABLES} WHERE t.id = $1`, [
        id,
      ]);
      return row ? taskOf(row) : null;
    },
    async patches(quarter) {
      const rows = await sql.query<{ judged: TaskRow['judged']; geom: string }>(
        `SELECT body AS judged, ST_AsGeoJSON(geom, 9) AS geom FROM tuban.patch WHERE quarter = $1
         ORDER BY score DESC, id COLLATE "C"`,
        [quarter],
      );
      return rows.map(({ judged, geom }) => judgedOf(judged, geom));
    },
    async run(quarter) {
      const [row] = await sql.query<{ id: string; recipe_hash: string; plan: RunPlan; summary: RunSummary | null }>(
        `SELECT id, recipe_hash, plan, summary FROM tuban.run WHERE quarter = $1
         ORDER BY (state = 'done') DESC, created_at DESC, id LIMIT 1`,
        [quarter],
      );
      return row
        ? { id: row.id, recipeHash: row.recipe_hash, pairs: row.plan.pairs ?? [], summary: row.summary }
        : null;
    },
    boundaries: (box, on) => boundariesIn(sql, box, on ?? '9999-12-31'),
    async observations(quarter) {
      const rows = await sql.query<{ boundary_id: string; result: Observation['result']; body: Observation }>(
        'SELECT boundary_id, result, body FROM tuban.observation WHERE quarter = $1 ORDER BY boundary_id',
        [quarter],
      );
      return rows.map(({ boundary_id, result, body }) => ({ ...body, boundaryId: boundary_id, quarter, result }));
    },
    async shiftPx(pairId) {
      const [row] = await sql.query<{ x: number; y: number }>(
        `SELECT (body->'shift'->>'x')::float8 AS x, (body->'shift'->>'y')::float8 AS y FROM tuban.stage_result
         WHERE stage = 'fit' AND key = $1`,
        [pairId],
      );
      return row && Number.isFinite(row.x) && Number.isFinite(row.y) ? [row.x, row.y] : [0, 0];
    },
  };
}

async function tasksOf(sql: Sql, quarter: Quarter, query: TaskQuery): Promise<TaskPage> {
  const values: SqlValue[] = [quarter];
  const conditions = ['t.quarter = $1'];
  const where = (condition: (parameter: string) => string, value: SqlValue) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (query.state !== undefined) where((p) => `t.state = ${p}`, query.state);
  if (query.minScore !== undefined) where((p) => `t.score >= ${p}`, query.minScore);
  if (query.violation !== undefined) {
    where((p) => `jsonb_exists((${LISTED})->'judgement'->'violations', ${p})`, query.violation);
  }
  if (query.text !== undefined && query.text !== '') {
    // Taken literally: % and _ in what was typed are not wild cards.
    where(
      (p) =>
        `(position(lower(${p}) IN lower(t.id)) > 0
          OR position(lower(${p}) IN lower(COALESCE((${LISTED})->'judgement'->>'licenceNo', ''))) > 0)`,
      query.text,
    );
  }
  values.push(query.limit, query.offset);
  const rows = await sql.query<TaskRow>(
    `WITH page AS MATERIALIZED (
       SELECT t.id, (count(*) OVER ())::int AS total FROM tuban.task t WHERE ${conditions.join(' AND ')}
       ORDER BY ${STATE_ORDER}, t.rank, t.id LIMIT $${values.length - 1} OFFSET $${values.length})
     SELECT ${TASK_COLUMNS}, page.total FROM page JOIN ${TASK_TABLES} ON page.id = t.id ORDER BY ${STATE_ORDER}, t.rank, t.id`,
    values,
  );
  return { total: rows[0]?.total ?? 0, tasks: rows.map(taskOf) };
}

function judgedOf({ patch, judgement }: TaskRow['judged'], geom: string | null): JudgedPatch {
  const geometry = geom === null ? (patch.geometry ?? []) : ringsOf(geom);
  return { patch: { ...patch, geometry }, judgement: wholeJudgement(judgement, patch) };
}

function taskOf(row: TaskRow): Task {
  const { origin, notes, sample, facts } = row.body;
  return {
    ...(origin ? { origin } : {}),
    ...(notes ? { notes } : {}),
    ...(sample ? { sample } : {}),
    ...(facts ? { facts } : {}),
    id: row.id,
    quarter: row.quarter,
    siteId: row.site_id,
    rank: row.rank,
    state: row.state,
    judged: judgedOf(row.judged, row.geom),
    ...(row.issued ? { issued: row.issued } : {}),
  };
}

type StoredBoundary = Omit<Boundary, 'geometry' | 'attributes'> & Partial<Pick<Boundary, 'attributes'>>;

async function boundariesIn(sql: Sql, box: Box, on: string): Promise<MappedBoundary[]> {
  const { rows: versions, files } = await versionRows(sql);
  const standing = new Set(versionsIn(versionsOf(versions, files), { first: on, last: on }).map(({ id }) => id));
  const rows = await sql.query<{ id: string; body: StoredBoundary; geom: string }>(
    `SELECT id, body, ST_AsGeoJSON(geom, 9) AS geom FROM tuban.boundary
     WHERE geom && ST_MakeEnvelope($1, $2, $3, $4, 4490) ORDER BY kind, id`,
    [...box],
  );
  return rows
    .filter(({ id, body }) => standing.has(id) && !isSecret(body))
    .map(({ id, body: { attributes, ...body }, geom }) => {
      const mineral = mineralOf(attributes ?? {});
      return { ...body, id, geometry: ringsOf(geom), ...(mineral === null ? {} : { mineral }) };
    });
}

function ringsOf(geoJson: string | null): MultiPolygonRings {
  return geoJson === null ? [] : (JSON.parse(geoJson) as { coordinates: MultiPolygonRings }).coordinates;
}
