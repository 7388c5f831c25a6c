/** RunRecords over SQL. Every method is one statement or one transaction; nothing here computes a number that leaves the program. */
import { Fault } from '../../model/fault.js';
import { contentHash } from '../../model/id.js';
import { DEFAULT_KEY_RULE, type KeyRule } from '../../model/key-patch.js';
import { quarterDays } from '../../model/quarter.js';
import type { JobFailure, RunRecord, RunState, RunSummary } from '../../model/run.js';
import type { Quarter } from '../../model/scene.js';
import type { Task } from '../../model/task.js';
import { versionKey, versionsIn, versionsOf } from '../../model/versions.js';
import type { Database, Sql } from '../../ports/database.js';
import type { RunRecords, StageResult } from '../../ports/run-records.js';
import { untilThrough } from './collisions.js';
import { issuedPlaces } from './issued-places.js';
import { publishQuarter } from './publish-quarter.js';
import { reportedPits } from './reported-pits.js';
import { createRuleSets } from './rule-sets.js';
import { siteMemory } from './site-memory.js';
import { standingRegister } from './standing-register.js';
import { versionRows } from './version-rows.js';

type Json = string | object | null;

/** Drivers give jsonb parsed or as text. */
function parsed<T>(value: Json): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T;
}

/** Keys go as one JSON text: the same for all drivers. */
const KEYS = '(SELECT jsonb_array_elements_text($2::jsonb))';

/** `rule`: which of the published tasks are key patches; those who publish give the workspace's. */
export function createRunRecords(database: Database, rule: KeyRule = DEFAULT_KEY_RULE): RunRecords {
  return {
    ...registerOf(database),
    ...resultsOf(database),
    ...runsOf(database),
    ...publishedOf(database, rule),
    ...siteMemory(database),
    ...issuedPlaces(database),
    ...reportedPits(database),
  };
}

function registerOf(sql: Sql): Pick<RunRecords, 'register' | 'layersHash'> {
  const versions = async (quarter: Quarter, since: string | null) => {
    const { rows, files } = await versionRows(sql);
    const { first, last } = quarterDays(quarter);
    // What is granted later only says nothing of the quarter.
    const begun = rows.filter(({ validFrom }) => validFrom === null || validFrom <= last);
    return { rows, standing: versionsIn(versionsOf(begun, files), { first: since ?? first, last }) };
  };
  return {
    async register(quarter, since) {
      const { rows, standing } = await versions(quarter, since);
      return standingRegister(sql, rows, standing);
    },
    async layersHash(quarter, since) {
      return contentHash((await versions(quarter, since)).standing.map(versionKey));
    },
  };
}

function resultsOf(sql: Sql): Pick<RunRecords, 'result' | 'results' | 'doneKeys' | 'save'> {
  const results = async (stage: string, keys: readonly string[]): Promise<StageResult[]> => {
    const rows = await sql.query<{ key: string; body: Json; payload: Uint8Array | null }>(
      `SELECT key, body, payload FROM tuban.stage_result WHERE stage = $1 AND key IN ${KEYS}`,
      [stage, JSON.stringify(keys)],
    );
    const byKey = new Map(rows.map((row) => [row.key, { body: parsed(row.body), payload: row.payload }]));
    return keys.map((key) => {
      const found = byKey.get(key);
      if (!found) {
        throw new Fault(
          'run.result-missing',
          `数据库中缺少步骤 ${stage} 的结果 ${key}，请重新运行同一命令 (a stage result is missing; run the same command again)`,
          { retryable: true },
        );
      }
      return found;
    });
  };
  return {
    results,
    async result(stage, key) {
      const [row] = await sql.query<{ body: Json; payload: Uint8Array | null }>(
        'SELECT body, payload FROM tuban.stage_result WHERE stage = $1 AND key = $2',
        [stage, key],
      );
      return row ? { body: parsed(row.body), payload: row.payload } : null;
    },
    async doneKeys(stage, keys) {
      const rows = await sql.query<{ key: string }>(
        `SELECT key FROM tuban.stage_result WHERE stage = $1 AND key IN ${KEYS}`,
        [stage, JSON.stringify(keys)],
      );
      return new Set(rows.map(({ key }) => key));
    },
    async save(stage, key, body, payload) {
      await sql.query(
        `INSERT INTO tuban.stage_result (stage, key, body, payload) VALUES ($1, $2, $3::jsonb, $4)
         ON CONFLICT (stage, key) DO NOTHING`,
        [stage, key, JSON.stringify(body), payload ?? null],
      );
    },
  };
}

interface RunRow {
  id: string;
  quarter: Quarter;
  input_hash: string;
  recipe: Json;
  plan: Json;
  state: RunState;
  summary: Json;
  fault: Json;
}

function runsOf(
  sql: Sql,
): Pick<RunRecords, 'run' | 'beginRun' | 'addFailure' | 'failRun' | 'finishRun' | 'lastFinishedHash' | 'lastFinished'> {
  return {
    async run(id) {
      const [row] = await sql.query<RunRow>(
        'SELECT id, quarter, input_hash, recipe, plan, state, summary, fault FROM tuban.run WHERE id = $1',
        [id],
      );
      if (!row) return null;
      const record: RunRecord = {
        id: row.id,
        quarter: row.quarter,
        inputHash: row.input_hash,
        recipe: parsed(row.recipe),
        plan: parsed(row.plan),
      };
      const failures = parsed<JobFailure[] | null>(row.fault) ?? [];
      return { record, state: row.state, summary: parsed<RunSummary | null>(row.summary), failures };
    },
    async beginRun(run) {
      // The plan is taken anew: files may have moved since, and the block size is free to change.
      await sql.query(
        `INSERT INTO tuban.run AS run (id, quarter, input_hash, recipe, recipe_hash, state, plan)
         VALUES ($1, $2, $3, $4::jsonb, $5, 'running', $6::jsonb)
         ON CONFLICT (id) DO UPDATE SET state = 'running', fault = NULL, recipe = excluded.recipe, plan = excluded.plan,
           finished_at = NULL, summary = CASE WHEN run.finished_at IS NULL THEN run.summary END`,
        [
          run.id,
          run.quarter,
          run.inputHash,
          JSON.stringify(run.recipe),
          contentHash(run.recipe, 12),
          JSON.stringify(run.plan),
        ],
      );
      await createRuleSets(sql).record(run.recipe.judgement, null, null);
    },
    async addFailure(runId, failure) {
      await sql.query(
        `UPDATE tuban.run SET fault = coalesce(fault, '[]'::jsonb) || $2::jsonb WHERE id = $1 AND state = 'running'`,
        [runId, JSON.stringify([failure])],
      );
    },
    async failRun(runId) {
      await sql.query(`UPDATE tuban.run SET state = 'failed' WHERE id = $1`, [runId]);
    },
    async finishRun(runId) {
      await sql.query(`UPDATE tuban.run SET state = 'done', fault = NULL, finished_at = now() WHERE id = $1`, [runId]);
    },
    async lastFinishedHash(quarter) {
      const [row] = await sql.query<{ input_hash: string }>(
        `SELECT input_hash FROM tuban.run WHERE quarter = $1 AND finished_at IS NOT NULL
         ORDER BY finished_at DESC, id LIMIT 1`,
        [quarter],
      );
      return row?.input_hash ?? null;
    },
    async lastFinished() {
      const [row] = await sql.query<{ id: string }>(
        `SELECT id FROM tuban.run WHERE finished_at IS NOT NULL AND state = 'done'
           AND NOT EXISTS (SELECT FROM tuban.run AS other WHERE other.state = 'running')
         ORDER BY finished_at DESC, id LIMIT 1`,
      );
      return row?.id ?? null;
    },
  };
}

function publishedOf(database: Database, rule: KeyRule): Pick<RunRecords, 'tasks' | 'publish'> {
  return {
    async tasks(quarter) {
      const rows = await database.query<{ body: Json }>(
        `SELECT body FROM tuban.task WHERE quarter = $1 AND body->>'origin' IS DISTINCT FROM 'issued' AND split_from IS NULL
         ORDER BY id COLLATE "C"`,
        [quarter],
      );
      return rows.map((row) => parsed<Task>(row.body));
    },
    publish: (publication) => untilThrough(() => database.transaction((sql) => publishQuarter(sql, publication, rule))),
  };
}
