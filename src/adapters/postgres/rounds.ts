/** Rounds in a turn of the desk: what could be visited, the rounds that were planned, and what becomes of their tasks. */
import type { Round, RoundPlan, RoundState } from '../../model/round.js';
import type { Quarter } from '../../model/scene.js';
import type { TaskFile } from '../../model/task-file.js';
import type { FileState, FlowAction } from '../../model/task-flow.js';
import type { SqlValue } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';
import type { RoundTask } from '../../ports/rounds.js';
import { FILE_COLUMNS, recordStep } from './task-files.js';

/** The nearest thing to everything: beyond it, only what is worth more is looked at. */
const MOST_CANDIDATES = 600;
const MOST_ROUNDS = 200;

export interface RoundGround {
  readonly taskId: string;
  readonly quarter: Quarter;
  readonly lon: number;
  readonly lat: number;
  readonly score: number;
  /** ISO day. */
  readonly deadline: string | null;
}

export interface RoundFilter {
  readonly quarter?: Quarter;
  readonly teamId?: string;
  readonly personId?: string;
  readonly taskIds?: readonly string[];
  /** Lying in one of these; null = anywhere. */
  readonly areas: readonly string[] | null;
}

/** Tasks that wait, that no other round keeps, and whose place the person may know; what is due first, then what is worth most. */
export async function roundGround({ sql, at }: Turn, filter: RoundFilter): Promise<RoundGround[]> {
  const values: SqlValue[] = [MOST_CANDIDATES, at];
  const conditions = [
    `f.state IN ('new', 'assigned', 'returned')`,
    `t.state = 'new'`,
    `(f.round_id IS NULL OR NOT tuban.round_waits(f.round_id))`,
  ];
  const where = (condition: (parameter: string) => string, value: SqlValue) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (filter.quarter !== undefined) where((p) => `f.quarter = ${p}`, filter.quarter);
  if (filter.teamId !== undefined) where((p) => `(f.team_id IS NULL OR f.team_id = ${p})`, filter.teamId);
  if (filter.personId !== undefined) where((p) => `(f.assignee IS NULL OR f.assignee = ${p})`, filter.personId);
  const { areas } = filter;
  if (areas !== null) {
    where((p) => `f.areas && ARRAY(SELECT jsonb_array_elements_text(${p}::jsonb))`, JSON.stringify(areas));
  }
  if (filter.taskIds !== undefined) {
    where((p) => `f.task_id IN (SELECT jsonb_array_elements_text(${p}::jsonb))`, JSON.stringify(filter.taskIds));
  }
  return sql.query<RoundGround>(
    `SELECT f.task_id AS "taskId", f.quarter, f.score, to_char(f.deadline, 'YYYY-MM-DD') AS deadline,
       (judged->'patch'->>'lon')::float8 AS lon, (judged->'patch'->>'lat')::float8 AS lat
     FROM tuban.task_file f JOIN tuban.task t ON t.id = f.task_id LEFT JOIN tuban.patch p ON p.id = t.patch_id
       CROSS JOIN LATERAL (SELECT COALESCE(p.body, t.body->'judged', t.body) AS judged) j
     WHERE ${conditions.join(' AND ')} AND judged->'patch'->>'lon' IS NOT NULL
     ORDER BY (f.deadline IS NOT NULL AND f.deadline <= ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date) DESC,
       f.score DESC, f.task_id LIMIT $1`,
    values,
  );
}

export async function saveRound({ sql }: Turn, round: Round, plan: RoundPlan): Promise<void> {
  const { id, quarter, sealed, madeBy, madeAt, personId, teamId, stops, hours } = round;
  await sql.query(
    `INSERT INTO tuban.round (id, quarter, sealed, made_by, made_at, person_id, team_id, stops, hours)
     VALUES ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8, $9)`,
    [id, quarter, sealed, madeBy, madeAt, personId, teamId, stops, hours],
  );
  await sql.query(
    `INSERT INTO tuban.round_stop (round_id, position, task_id)
     SELECT $1, s.position::integer, s.task_id FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS s (task_id, position)`,
    [id, JSON.stringify(plan.stops.map(({ taskId }) => taskId))],
  );
  await sql.query('INSERT INTO tuban.round_plan (round_id, body) VALUES ($1, $2::jsonb)', [id, JSON.stringify(plan)]);
}

/** Those of the files that still wait and that no round keeps, locked. */
export function lockWaiting({ sql }: Turn, taskIds: readonly string[]): Promise<TaskFile[]> {
  return sql.query<TaskFile>(
    `SELECT ${FILE_COLUMNS} FROM tuban.task_file f
     WHERE f.task_id IN (SELECT jsonb_array_elements_text($1::jsonb)) AND f.state IN ('new', 'assigned', 'returned')
       AND (f.round_id IS NULL OR NOT tuban.round_waits(f.round_id)) ORDER BY f.task_id COLLATE "C" FOR NO KEY UPDATE`,
    [JSON.stringify(taskIds)],
  );
}

const ROUND_COLUMNS = `id, quarter, state, sealed, made_by AS "madeBy", person_id AS "personId", team_id AS "teamId", stops, hours,
  departed_by AS "departedBy", to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "madeAt",
  to_char(departed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "departedAt"`;

export function roundsOf({ sql }: Turn, query: { state?: RoundState; quarter?: Quarter }): Promise<Round[]> {
  return sql.query<Round>(
    `SELECT ${ROUND_COLUMNS} FROM tuban.round WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR quarter = $2)
     ORDER BY tuban.round.made_at DESC, id LIMIT ${MOST_ROUNDS}`,
    [query.state ?? null, query.quarter ?? null],
  );
}

export interface StoredRound {
  readonly round: Round;
  readonly tasks: readonly RoundTask[];
  /** Null where it is withheld. */
  readonly plan: RoundPlan | null;
}

export async function roundOf({ sql }: Turn, id: string): Promise<StoredRound | null> {
  const [round] = await sql.query<Round>(`SELECT ${ROUND_COLUMNS} FROM tuban.round WHERE id = $1`, [id]);
  if (!round) return null;
  const tasks = await sql.query<RoundTask>(
    `SELECT task_id AS "taskId", position FROM tuban.round_stop WHERE round_id = $1 ORDER BY position`,
    [id],
  );
  const [plan] = await sql.query<{ body: RoundPlan }>('SELECT body FROM tuban.round_plan WHERE round_id = $1', [id]);
  return { round, tasks, plan: plan?.body ?? null };
}

/** False: it was not planned any more. */
export async function moveRound(turn: Turn, id: string, state: 'departed' | 'cancelled'): Promise<boolean> {
  const { sql, at, member } = turn;
  const rows = await sql.query(
    `UPDATE tuban.round SET state = $2, departed_by = $3, departed_at = $4::timestamptz
     WHERE id = $1 AND state = 'planned' RETURNING id`,
    [id, state, state === 'departed' ? member.id : null, state === 'departed' ? at : null],
  );
  return rows.length > 0;
}

/** The places appear, or the files are free again: also those that the person does not see. A step of each, on record. */
export async function endRound(turn: Turn, id: string): Promise<void> {
  const { sql, at, member, device } = turn;
  const ended = await sql.query<{ file: string; rev: number; stands: FileState; step: FlowAction }>(
    'SELECT file, rev, stands, step FROM tuban.end_round($1, $2::timestamptz, $3)',
    [id, at, device],
  );
  for (const { file: taskId, rev: revision, stands: state, step: action } of ended) {
    const step = { taskId, revision, action, from: state, to: state, personId: member.id, device, at };
    recordStep(turn, { ...step, body: { roundId: id } });
  }
}

/** Of the round, claimed by the person and not yet on the way. */
export function heldOf({ sql, member }: Turn, id: string): Promise<{ taskId: string; revision: number }[]> {
  return sql.query(
    `SELECT f.task_id AS "taskId", f.revision FROM tuban.task_file f JOIN tuban.round_stop s ON s.task_id = f.task_id
     WHERE s.round_id = $1 AND f.holder = $2 AND f.state = 'claimed' ORDER BY s.position`,
    [id, member.id],
  );
}
