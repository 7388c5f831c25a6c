/** IssuedRegister over SQL. Rows hold whole nouns; columns are copies for narrowing. Nothing here computes a number that leaves the program. */
import { boxOf } from '../../geo/distance.js';
import { fromWkb, toWkb } from '../../geo/wkb.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { IssuedBatch, IssuedPatch } from '../../model/issued.js';
import { DEFAULT_KEY_RULE, type KeyRule } from '../../model/key-patch.js';
import type { Quarter } from '../../model/scene.js';
import type { Database, Sql } from '../../ports/database.js';
import type {
  IssuedFilter,
  IssuedRegister,
  IssuedRowLink,
  ListedBatch,
  OwnPatch,
  StandingAnswer,
} from '../../ports/issued-register.js';
import { untilThrough } from './collisions.js';
import { publishIssued } from './publish-issued.js';

/** Rows per statement. */
const BATCH = 500;

interface BatchRow {
  readonly id: string;
  readonly source: string;
  readonly quarter: Quarter;
  readonly name: string;
  readonly sha256: string;
  readonly report: IssuedBatch['report'];
  readonly imported_at: string;
}

const BATCH_FIELDS = `b.id, b.source, b.quarter, b.name, b.sha256, b.report,
  to_char(b.imported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS imported_at`;

const batchOf = ({ imported_at: importedAt, ...batch }: BatchRow): ListedBatch => ({ ...batch, importedAt });

/** The version of a key that came last. */
export const CURRENT_ISSUED = `(SELECT DISTINCT ON (key_id) * FROM tuban.issued_version ORDER BY key_id, seq DESC)`;

/** Takes source, year and quarter as $1 to $3; null = all. */
const filtered = (alias: string): string =>
  `($1::text IS NULL OR ${alias}.source = $1) AND ($2::text IS NULL OR left(${alias}.quarter, 5) = $2 || 'Q')
   AND ($3::text IS NULL OR right(${alias}.quarter, 1) = $3)`;

function filterValues({ source, year, quarter }: IssuedFilter): (string | null)[] {
  return [source ?? null, year === undefined ? null : String(year), quarter === undefined ? null : String(quarter)];
}

/** `rule`: which of the published tasks are key patches; who publishes gives the workspace's. */
export function createIssuedRegister(database: Database, rule: KeyRule = DEFAULT_KEY_RULE): IssuedRegister {
  return {
    async batch(id) {
      const [row] = await database.query<BatchRow>(`SELECT ${BATCH_FIELDS} FROM tuban.issued_batch b WHERE b.id = $1`, [
        id,
      ]);
      return row ? batchOf(row) : null;
    },
    async batches(filter) {
      const rows = await database.query<BatchRow>(
        `SELECT ${BATCH_FIELDS} FROM tuban.issued_batch b WHERE ${filtered('b')} ORDER BY b.seq`,
        filterValues(filter),
      );
      return rows.map(batchOf);
    },
    add: (batch, fresh, rows) => database.transaction((sql) => addAll(sql, batch, fresh, rows)),
    async patches(filter) {
      const rows = await database.query<{ body: Omit<IssuedPatch, 'geometry'>; geom: Uint8Array | null }>(
        `SELECT v.body, ST_AsBinary(v.geom) AS geom FROM ${CURRENT_ISSUED} v WHERE ${filtered('v')}
         ORDER BY v.source COLLATE "C", v.quarter COLLATE "C", v.county COLLATE "C" NULLS FIRST, v.number COLLATE "C", v.key_id`,
        filterValues(filter),
      );
      return rows.map(({ body, geom }) => ({ ...body, geometry: geom === null ? null : fromWkb(geom) }));
    },
    async rows(batchId) {
      const rows = await database.query<{ row_no: number; key_id: string; content_id: string }>(
        'SELECT row_no, key_id, content_id FROM tuban.issued_row WHERE batch_id = $1 ORDER BY row_no',
        [batchId],
      );
      return rows.map((row): IssuedRowLink => ({ row: row.row_no, keyId: row.key_id, contentId: row.content_id }));
    },
    async versions() {
      const rows = await database.query<{ key_id: string; versions: number }>(
        'SELECT key_id, count(*)::int AS versions FROM tuban.issued_version GROUP BY key_id',
      );
      return new Map(rows.map(({ key_id, versions }) => [key_id, versions]));
    },
    answers: (filter) => answersOf(database, filter),
    ownPatches: (near) => ownPatches(database, near),
    async scores(quarter, exceptTasks) {
      const rows = await database.query<{ score: number }>(
        `SELECT score FROM tuban.task WHERE quarter = $1 AND state <> 'withdrawn' AND split_from IS NULL
           AND id NOT IN (SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY score DESC`,
        [quarter, JSON.stringify(exceptTasks)],
      );
      return rows.map(({ score }) => score);
    },
    publish: (publication) => untilThrough(() => database.transaction((sql) => publishIssued(sql, publication, rule))),
  };
}

async function addAll(
  sql: Sql,
  { id, source, quarter, name, sha256, report }: IssuedBatch,
  fresh: readonly IssuedPatch[],
  links: readonly IssuedRowLink[],
): Promise<void> {
  await sql.query(
    'INSERT INTO tuban.issued_batch (id, source, quarter, name, sha256, report) VALUES ($1, $2, $3, $4, $5, $6::jsonb)',
    [id, source, quarter, name, sha256, JSON.stringify(report)],
  );
  for (let from = 0; from < fresh.length; from += BATCH) {
    const rows = fresh.slice(from, from + BATCH).map(({ geometry, ...body }) => ({
      content_id: body.contentId,
      key_id: body.keyId,
      county: body.facts.countyCode,
      number: body.facts.number,
      wkb: geometry === null ? null : Buffer.from(toWkb(geometry)).toString('hex'),
      body,
    }));
    await sql.query(
      `INSERT INTO tuban.issued_version (content_id, batch_id, key_id, source, quarter, county, number, geom, body)
       SELECT content_id, $2, key_id, $3, $4, county, number, ST_GeomFromWKB(decode(wkb, 'hex'), 4490), body
       FROM jsonb_to_recordset($1::jsonb)
         AS r (content_id text, key_id text, county text, number text, wkb text, body jsonb)`,
      [JSON.stringify(rows), id, source, quarter],
    );
  }
  for (let from = 0; from < links.length; from += BATCH) {
    const rows = links
      .slice(from, from + BATCH)
      .map(({ row, keyId, contentId }) => ({ row_no: row, key_id: keyId, content_id: contentId }));
    await sql.query(
      `INSERT INTO tuban.issued_row (batch_id, row_no, key_id, content_id)
       SELECT $2, row_no, key_id, content_id
       FROM jsonb_to_recordset($1::jsonb) AS r (row_no integer, key_id text, content_id text)`,
      [JSON.stringify(rows), id],
    );
  }
}

interface AnswerRow {
  readonly key_id: string;
  readonly content_id: string;
  readonly result_id: string;
  readonly body: Pick<StandingAnswer, 'answer' | 'judged'>;
  readonly listed: StandingAnswer['listed'];
  readonly site_id: string | null;
  readonly task_id: string | null;
}

async function answersOf(sql: Sql, filter: IssuedFilter): Promise<StandingAnswer[]> {
  const rows = await sql.query<AnswerRow>(
    `SELECT a.key_id, r.content_id, a.result_id, r.body, a.site_id, a.task_id, t.body->'judged' AS listed
     FROM ${CURRENT_ISSUED} v JOIN tuban.issued_answer a ON a.key_id = v.key_id
       JOIN tuban.issued_result r ON r.id = a.result_id AND r.content_id = v.content_id
       LEFT JOIN tuban.task t ON t.id = a.task_id AND t.body->>'origin' = 'issued'
     WHERE ${filtered('v')} ORDER BY a.key_id COLLATE "C"`,
    filterValues(filter),
  );
  return rows.map(({ key_id, content_id, result_id, body, listed, site_id, task_id }) => ({
    keyId: key_id,
    contentId: content_id,
    resultId: result_id,
    answer: body.answer,
    judged: body.judged,
    listed,
    siteId: site_id,
    taskId: task_id,
  }));
}

export async function ownPatches(sql: Sql, near: readonly MultiPolygonRings[]): Promise<OwnPatch[]> {
  if (near.length === 0) return [];
  const rows = await sql.query<{
    id: string;
    site_id: string;
    quarter: Quarter;
    geom: Uint8Array;
    task_id: string | null;
  }>(
    `SELECT DISTINCT ON (p.id COLLATE "C") p.id, p.site_id, p.quarter, ST_AsBinary(p.geom) AS geom, t.id AS task_id
     FROM jsonb_array_elements($1::jsonb) AS box
     JOIN tuban.patch p ON p.geom && ST_MakeEnvelope((box->>0)::float8, (box->>1)::float8,
       (box->>2)::float8, (box->>3)::float8, 4490)
     LEFT JOIN tuban.task t ON t.patch_id = p.id AND t.state IN ('new', 'decided')
     ORDER BY p.id COLLATE "C", t.id COLLATE "C"`,
    [JSON.stringify(near.map(boxOf))],
  );
  return rows.map(({ id, site_id, quarter, geom, task_id }) => ({
    id,
    siteId: site_id,
    quarter,
    geometry: fromWkb(geom),
    taskId: task_id,
  }));
}
