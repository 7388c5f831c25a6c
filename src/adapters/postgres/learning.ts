/** Proposals of weights and adoptions of rule sets, over a turn; what a preview reads of past quarters. */
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { LearnReport, RuleAdoption, WeightProposal } from '../../model/learning.js';
import type { ScoreFacts } from '../../model/patch.js';
import type { FileState } from '../../model/task-flow.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

/** Any number, but always this one: the advisory lock of those who begin a fit or change what is in force. */
const LEARNING_LOCK = 0x74756c65;
/** No fit lasts as long: the program ended meanwhile. */
const INTERRUPTED_MINUTES = 60;

export async function lockLearning(sql: Sql): Promise<void> {
  await sql.query('SELECT pg_advisory_xact_lock($1::bigint)', [LEARNING_LOCK]);
}

const TIME = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const PROPOSAL = `SELECT w.id, ${TIME('w.at')} AS at, w.person_id AS "personId", p.name AS "personName", w.k, w.base_hash AS "baseHash",
    CASE WHEN w.state = 'fitting' AND w.at < $1::timestamptz - interval '${INTERRUPTED_MINUTES} minutes' THEN 'interrupted' ELSE w.state END AS state,
    ${TIME('w.done_at')} AS "doneAt", w.report, w.hash, w.failure
  FROM tuban.weight_proposal w JOIN tuban.person p ON p.id = w.person_id`;

export async function newestProposal({ sql, at }: Turn): Promise<WeightProposal | null> {
  const [row] = await sql.query<WeightProposal>(`${PROPOSAL} ORDER BY w.at DESC, w.id LIMIT 1`, [at]);
  return row ?? null;
}

export async function proposalOf({ sql, at }: Turn, id: string): Promise<WeightProposal | null> {
  const [row] = await sql.query<WeightProposal>(`${PROPOSAL} WHERE w.id = $2`, [at, id]);
  return row ?? null;
}

export async function proposedRules({ sql }: Turn, id: string): Promise<JudgementRecipe | null> {
  const [row] = await sql.query<{ rules: JudgementRecipe | null }>(
    'SELECT rules FROM tuban.weight_proposal WHERE id = $1',
    [id],
  );
  return row?.rules ?? null;
}

export async function beginProposal(turn: Turn, id: string, k: number, baseHash: string): Promise<void> {
  await turn.sql.query(
    `INSERT INTO tuban.weight_proposal (id, at, person_id, k, base_hash, state) VALUES ($1, $2::timestamptz, $3, $4, $5, 'fitting')`,
    [id, turn.at, turn.member.id, k, baseHash],
  );
}

export async function endProposal(
  turn: Turn,
  id: string,
  done: {
    readonly state: 'proposed' | 'refused' | 'failed';
    readonly report: LearnReport | null;
    readonly rules: JudgementRecipe | null;
    readonly hash: string | null;
    readonly failure: string | null;
  },
): Promise<void> {
  await turn.sql.query(
    `UPDATE tuban.weight_proposal SET state = $2, done_at = $3::timestamptz, report = $4::jsonb, rules = $5::jsonb, hash = $6, failure = $7
     WHERE id = $1`,
    [
      id,
      done.state,
      turn.at,
      done.report && JSON.stringify(done.report),
      done.rules && JSON.stringify(done.rules),
      done.hash,
      done.failure,
    ],
  );
}

/** Newest first. */
export function adoptionsOf(sql: Sql): Promise<RuleAdoption[]> {
  return sql.query<RuleAdoption>(
    `SELECT ${TIME('a.at')} AS at, a.person_id AS "personId", coalesce(a.by_name, p.name) AS "personName", a.kind, a.hash,
       a.before_hash AS "beforeHash", a.proposal_id AS "proposalId", a.reason, coalesce(a.outcome, 'open') AS outcome
     FROM tuban.rule_adoption a JOIN tuban.person p ON p.id = a.person_id ORDER BY a.seq DESC`,
  );
}

/** A set that is known stays as it was recorded. */
export async function keepRuleSet(sql: Sql, hash: string, body: JudgementRecipe): Promise<void> {
  await sql.query(`INSERT INTO tuban.rule_set (hash, body) VALUES ($1, $2::jsonb) ON CONFLICT (hash) DO NOTHING`, [
    hash,
    JSON.stringify(body),
  ]);
}

/** One to be written; its number. `byName`: where the workspace has no people. */
export async function openAdoption(
  { sql, at, member }: Turn,
  adoption: Pick<RuleAdoption, 'kind' | 'hash' | 'beforeHash' | 'proposalId' | 'reason'> & {
    readonly byName: string | null;
  },
): Promise<number> {
  const { kind, hash, beforeHash, proposalId, reason, byName } = adoption;
  const [row] = await sql.query<{ seq: number }>(
    `INSERT INTO tuban.rule_adoption (at, person_id, kind, hash, before_hash, proposal_id, reason, by_name)
     VALUES ($1::timestamptz, $2, $3, $4, $5, $6, $7, $8) RETURNING seq::int AS seq`,
    [at, member.id, kind, hash, beforeHash, proposalId, reason, byName],
  );
  return row?.seq ?? 0;
}

/** Begun and never ended, at least so many seconds ago; oldest first. */
export function openAdoptions(sql: Sql, seconds = 0): Promise<{ seq: number; hash: string }[]> {
  return sql.query(
    `SELECT seq::int AS seq, hash FROM tuban.rule_adoption
     WHERE outcome IS NULL AND at <= clock_timestamp() - make_interval(secs => $1::float8) ORDER BY tuban.rule_adoption.seq`,
    [seconds],
  );
}

export async function closeAdoption(sql: Sql, seq: number, outcome: 'written' | 'left'): Promise<void> {
  await sql.query(`UPDATE tuban.rule_adoption SET outcome = $2 WHERE seq = $1::bigint`, [seq, outcome]);
}

/** Newest first. */
export async function quartersWithTasks(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ quarter: string }>(`SELECT DISTINCT quarter FROM tuban.task ORDER BY quarter DESC`);
  return rows.map(({ quarter }) => quarter);
}

export interface ScoredTask {
  readonly taskId: string;
  readonly state: FileState;
  readonly score: number;
  readonly facts: ScoreFacts;
  /** What people decided: a violation or none; null = nothing yet. */
  readonly guilty: boolean | null;
}

/** Tasks of a quarter that were scored and not taken off again; the random sample of seen ground has no score. */
export function scoredTasks(sql: Sql, quarter: string): Promise<ScoredTask[]> {
  return sql.query<ScoredTask>(
    `SELECT t.id AS "taskId", f.state, t.score, t.body->'judged'->'judgement'->'facts' AS facts, d.kind = 'confirmed' AS guilty
     FROM tuban.task t JOIN tuban.task_file f ON f.task_id = t.id
       LEFT JOIN LATERAL (SELECT kind FROM tuban.decision n WHERE n.task_id = t.id AND n.kind IN ('confirmed', 'dismissed', 'reopened')
         ORDER BY n.decided_on DESC, n.seq DESC LIMIT 1) d ON d.kind <> 'reopened'
     WHERE t.quarter = $1 AND t.state <> 'withdrawn' AND jsonb_array_length(coalesce(t.body->'judged'->'judgement'->'parts', '[]')) > 0
     ORDER BY t.id COLLATE "C"`,
    [quarter],
  );
}
