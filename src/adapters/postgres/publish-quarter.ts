/**
 * publish-quarter: the whole outcome of a run enters the register in one transaction, so that a kill leaves the old list or the new
 * one. Rows that stand are overwritten with themselves; what no longer stands goes, except tasks, which are withdrawn. What somebody decided about,
 * also while the run was at work, stays as it is.
 */
import { toWkb } from '../../geo/wkb.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { KeyRule } from '../../model/key-patch.js';
import type { Sql } from '../../ports/database.js';
import type { Publication } from '../../ports/run-records.js';
import { admitTasks } from './admission.js';
import { dropSitesOfQuarter } from './drop-sites.js';
import { lockMovingFiles, lockPublishing, lockTasksOfQuarter } from './publish-locks.js';

/** Rows per statement: keeps a statement's text below some megabytes. */
const BATCH = 500;

async function inBatches<T>(rows: readonly T[], write: (json: string) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) await write(JSON.stringify(rows.slice(from, from + BATCH)));
}

function wkb(geometry: MultiPolygonRings): string {
  return Buffer.from(toWkb(geometry)).toString('hex');
}

export async function publishQuarter(sql: Sql, publication: Publication, rule: KeyRule): Promise<void> {
  const { run, sites, merges, siteStates, patches, observations, standing, withdrawn } = publication;
  const { quarter, id: runId } = run;
  const idsOf = (ids: readonly string[]): string => JSON.stringify(ids);
  await lockPublishing(sql);

  await inBatches(
    sites.map((site) => ({ id: site.id, first_quarter: site.firstQuarter, wkb: wkb(site.geometry) })),
    (json) =>
      sql.query(
        `INSERT INTO tuban.site (id, first_quarter, geom)
         SELECT id, first_quarter, ST_GeomFromWKB(decode(wkb, 'hex'), 4490)
         FROM jsonb_to_recordset($1::jsonb) AS r (id text, first_quarter text, wkb text)
         ON CONFLICT (id) DO NOTHING`,
        [json],
      ),
  );
  await sql.query(
    `DELETE FROM tuban.patch WHERE quarter = $1 AND id NOT IN (SELECT jsonb_array_elements_text($2::jsonb))`,
    [quarter, idsOf(patches.map(({ judged }) => judged.patch.id))],
  );
  await inBatches(
    patches.map(({ judged: { patch, judgement }, siteId }) => {
      const { geometry, ...described } = patch;
      return {
        id: patch.id,
        site_id: siteId,
        wkb: wkb(geometry),
        score: judgement.score,
        body: { patch: described, judgement },
      };
    }),
    (json) =>
      sql.query(
        `INSERT INTO tuban.patch (id, quarter, run_id, site_id, geom, score, body)
         SELECT id, $2, $3, site_id, ST_GeomFromWKB(decode(wkb, 'hex'), 4490), score, body
         FROM jsonb_to_recordset($1::jsonb) AS r (id text, site_id text, wkb text, score float8, body jsonb)
         ON CONFLICT (id) DO UPDATE SET run_id = excluded.run_id, site_id = excluded.site_id, geom = excluded.geom,
           score = excluded.score, body = excluded.body`,
        [json, quarter, runId],
      ),
  );
  // What issued patches of the quarter show to have become one is theirs.
  await sql.query(
    `DELETE FROM tuban.site_merge WHERE quarter = $1
       AND patch_id NOT IN (SELECT patch_id FROM tuban.issued_place WHERE quarter = $1)`,
    [quarter],
  );
  await inBatches(
    merges.map(({ siteId, intoId, patchId }) => ({ site_id: siteId, into_id: intoId, patch_id: patchId })),
    (json) =>
      sql.query(
        `INSERT INTO tuban.site_merge (site_id, into_id, quarter, patch_id)
         SELECT site_id, into_id, $2, patch_id FROM jsonb_to_recordset($1::jsonb)
           AS r (site_id text, into_id text, patch_id text)`,
        [json, quarter],
      ),
  );
  await sql.query('DELETE FROM tuban.site_state WHERE quarter = $1', [quarter]);
  await inBatches(
    siteStates.map((state) => ({ site_id: state.siteId, state: state.state, body: state })),
    (json) =>
      sql.query(
        `INSERT INTO tuban.site_state (site_id, quarter, state, body)
         SELECT site_id, $2, state, body FROM jsonb_to_recordset($1::jsonb) AS r (site_id text, state text, body jsonb)`,
        [json, quarter],
      ),
  );
  await sql.query('DELETE FROM tuban.observation WHERE quarter = $1', [quarter]);
  await inBatches(
    observations.map((observation) => ({ id: observation.boundaryId, result: observation.result, body: observation })),
    (json) =>
      sql.query(
        `INSERT INTO tuban.observation (boundary_id, quarter, run_id, result, body)
         SELECT id, $2, $3, result, body FROM jsonb_to_recordset($1::jsonb) AS r (id text, result text, body jsonb)`,
        [json, quarter, runId],
      ),
  );
  const decided = await lockTasksOfQuarter(sql, quarter);
  const open = standing.filter(({ id }) => !decided.has(id));
  const gone = withdrawn.filter((id) => !decided.has(id));
  await lockMovingFiles(sql, [
    ...open.map(({ id, state, rank, judged }) => ({ id, state, place: { rank, score: judged.judgement.score } })),
    ...gone.map((id) => ({ id, state: 'withdrawn' as const })),
  ]);
  await inBatches(
    open.map((task) => ({
      id: task.id,
      patch_id: task.judged.patch.id,
      site_id: task.siteId,
      rank: task.rank,
      score: task.judged.judgement.score,
      state: task.state,
      body: task,
    })),
    (json) =>
      sql.query(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         SELECT id, $2, patch_id, site_id, rank, score, state, body FROM jsonb_to_recordset($1::jsonb)
           AS r (id text, patch_id text, site_id text, rank integer, score float8, state text, body jsonb)
         ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, rank = excluded.rank, score = excluded.score,
           state = excluded.state, body = excluded.body
         WHERE (task.site_id, task.rank, task.score, task.state, task.body)
           IS DISTINCT FROM (excluded.site_id, excluded.rank, excluded.score, excluded.state, excluded.body)`,
        [json, quarter],
      ),
  );
  await sql.query(
    `UPDATE tuban.task SET state = 'withdrawn', body = jsonb_set(body, '{state}', '"withdrawn"')
     WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [idsOf(gone)],
  );
  await admitTasks(sql, standing, rule);
  await dropSitesOfQuarter(sql, quarter);
  // A run of the same quarter that was cut short after publishing has to publish again: its list is no longer the one that stands.
  await sql.query(
    `UPDATE tuban.run SET summary = NULL WHERE quarter = $1 AND id <> $2 AND finished_at IS NULL AND summary IS NOT NULL`,
    [quarter, runId],
  );
  await sql.query('UPDATE tuban.run SET summary = $2::jsonb WHERE id = $1', [
    runId,
    JSON.stringify(publication.summary),
  ]);
}
