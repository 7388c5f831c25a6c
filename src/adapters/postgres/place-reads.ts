/** Looks at places, logged in the turn in which they are shown. */
import { contentHash } from '../../model/id.js';
import type { FoundThere, PlaceRead, ReadMeans } from '../../model/place-read.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

/** A set's name in the record: whole, so that the set can be proved by who has the ids. */
const DIGEST_DIGITS = 64;

/**
 * Whoever shows where tasks lie calls this in the same turn. The first look of an hour enters the audit, too: of one task with its id, of several
 * with their number and the hash of their sorted ids. Later ones in the hour are the same look.
 */
export async function sawPlaces(turn: Turn, means: ReadMeans, taskIds: readonly string[]): Promise<void> {
  const ids = [...new Set(taskIds)].sort();
  const [only] = ids;
  if (only === undefined) return;
  const digest = contentHash(ids, DIGEST_DIGITS);
  const [row] = await turn.sql.query<{ added: boolean }>(
    `SELECT tuban.note_place_read($1::timestamptz, $2, $3, $4, ARRAY(SELECT jsonb_array_elements_text($5::jsonb))) AS added`,
    [turn.at, turn.device, means, digest, JSON.stringify(ids)],
  );
  if (!row?.added) return;
  if (ids.length === 1) turn.record({ action: 'place.read', subject: `task:${only}`, body: { means } });
  else turn.record({ action: 'place.read', subject: `places:${digest}`, body: { means, tasks: ids.length } });
}

/** Of a span of time (UTC, the second instant not in it), oldest first. */
export function placeReads(sql: Sql, from: string, until: string): Promise<PlaceRead[]> {
  return sql.query<PlaceRead>(
    `SELECT person_id AS "personId", to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, means,
       to_jsonb(tasks) AS tasks, own, in_area AS "inArea"
     FROM tuban.place_read WHERE at >= $1::timestamptz AND at < $2::timestamptz ORDER BY tuban.place_read.at, seq`,
    [from, until],
  );
}

/** What officers found at tasks in a span: quiet where no part of the form says that somebody digs, and one says that nobody does. */
export function foundThere(sql: Sql, from: string, until: string): Promise<FoundThere[]> {
  return sql.query<FoundThere>(
    `SELECT task_id AS "taskId", to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, NOT active AS quiet, 'finding' AS by
     FROM (SELECT f.task_id, f.at, bool_or(p->>'active' = 'yes') AS active, bool_or(p->>'active' = 'no') AS calm
       FROM tuban.finding f CROSS JOIN LATERAL jsonb_array_elements(f.body->'form'->'parts') p
       WHERE f.at >= $1::timestamptz AND f.at < $2::timestamptz GROUP BY f.id, f.task_id, f.at) r
     WHERE active OR calm ORDER BY r.at, r.task_id`,
    [from, until],
  );
}

/**
 * Places that had changed when they were last seen, and what the next comparison of images says: no new change (`quiet`), or again change. Not seen
 * says nothing. Its instant is the morning (in China) of the earliest AFTER image of that quarter's newest finished run.
 */
export function comparedThere(sql: Sql, from: string, until: string): Promise<FoundThere[]> {
  return sql.query<FoundThere>(
    `SELECT t.id AS "taskId", to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, s.state <> 'changed' AS quiet,
       'comparison' AS by
     FROM (SELECT DISTINCT ON (quarter) quarter, (SELECT min(p->>'afterOn') FROM jsonb_array_elements(plan->'pairs') p)::timestamp
           AT TIME ZONE 'Asia/Shanghai' AS at FROM tuban.run WHERE state = 'done' ORDER BY quarter, finished_at DESC NULLS LAST, id) r
       JOIN tuban.site_state s ON s.quarter = r.quarter AND s.state <> 'not-seen'
       JOIN LATERAL (SELECT e.quarter, e.state FROM tuban.site_state e WHERE e.site_id = s.site_id AND e.quarter < s.quarter
         AND e.state <> 'not-seen' ORDER BY e.quarter DESC LIMIT 1) e ON e.state = 'changed'
       JOIN tuban.task t ON t.site_id = s.site_id AND t.quarter <= e.quarter
     WHERE r.at >= $1::timestamptz AND r.at < $2::timestamptz ORDER BY r.at, t.id`,
    [from, until],
  );
}

/** People with a role for every area. */
export async function readersOfEverywhere(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(
    `SELECT DISTINCT person_id AS id FROM tuban.grant_of WHERE area_id IS NULL AND role <> 'cron'`,
  );
  return new Set(rows.map(({ id }) => id));
}

export async function namesOf(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ id: string; name: string }>('SELECT id, name FROM tuban.person');
  return new Map(rows.map(({ id, name }) => [id, name]));
}
