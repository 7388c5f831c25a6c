/** Rows of the export log in a turn: begun before anything is written, ended once with the hash of what was. */
import { randomBytes } from 'node:crypto';
import type { ExportEntry, ExportWhat } from '../../model/export-entry.js';
import { Fault } from '../../model/fault.js';
import type { HandlingMark } from '../../model/handling-mark.js';
import type { Sql, SqlValue } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';
import type { ExportPage, ExportQuery } from '../../ports/export-log.js';

/** Enters log and audit; `subject` and `body`: what the audit says of it besides. */
export async function beginExport(
  turn: Turn,
  what: ExportWhat,
  subject: string | null = null,
  body: object = {},
): Promise<HandlingMark & { readonly exportId: string }> {
  const { sql, at, member, device } = turn;
  const exportId = `E${randomBytes(8).toString('hex')}`;
  const { kind, format, quarter, rows } = what;
  await sql.query(
    `INSERT INTO tuban.export_log (id, at, person_id, device, kind, format, quarter, rows)
     VALUES ($1, $2::timestamptz, $3, $4, $5, $6, $7, $8)`,
    [exportId, at, member.id, device, kind, format, quarter, rows],
  );
  turn.record({
    action: 'export.write',
    subject: subject ?? `export:${exportId}`,
    body: { ...body, ...what, exportId },
  });
  return { personId: member.id, name: member.name, at, exportId };
}

export async function endExport(
  turn: Turn,
  exportId: string,
  { sha256, bytes }: { readonly sha256: string; readonly bytes: number },
): Promise<void> {
  await turn.sql.query('UPDATE tuban.export_log SET sha256 = $2, bytes = $3 WHERE id = $1', [exportId, sha256, bytes]);
  turn.record({ action: 'export.done', subject: `export:${exportId}`, body: { sha256, bytes } });
}

/** The cursor is the id of the last entry of the page before: one that is not seen is none. */
export async function exportEntries({ sql }: Turn, query: ExportQuery): Promise<ExportPage> {
  const values: SqlValue[] = [];
  const conditions: string[] = ['true'];
  const where = (condition: (parameter: string) => string, value: SqlValue | undefined) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((p) => `(e.person_id = ${p} OR q.login = ${p})`, query.person);
  where((p) => `e.kind = ${p}`, query.kind);
  where((p) => `e.sha256 = lower(${p})`, query.sha256);
  where((p) => `e.id = ${p}`, query.id);
  where((p) => `e.at >= ${p}::timestamptz`, query.since);
  where((p) => `(e.at, e.id) < (SELECT at, id FROM tuban.export_log WHERE id = ${p})`, query.cursor);
  if (query.cursor !== undefined) await refuseUnknown(sql, query.cursor);
  // One more than the page: whether there is a next.
  values.push(query.limit + 1);
  const found = await sql.query<ExportEntry>(
    `SELECT e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, e.person_id AS "personId",
       q.name AS "personName", e.device, e.kind, e.format, e.quarter, e.rows, e.sha256, e.bytes::float8 AS bytes
     FROM tuban.export_log e JOIN tuban.person q ON q.id = e.person_id
     WHERE ${conditions.join(' AND ')} ORDER BY e.at DESC, e.id DESC LIMIT $${values.length}`,
    values,
  );
  const exports = found.slice(0, query.limit);
  return { exports, next: found.length > exports.length ? (exports.at(-1)?.id ?? null) : null };
}

async function refuseUnknown(sql: Sql, id: string): Promise<void> {
  const known = await sql.query('SELECT 1 FROM tuban.export_log WHERE id = $1', [id]);
  if (known.length === 0) {
    throw new Fault('export.page', '翻页位置无效，请从第一页开始 (bad cursor: begin with the first page)');
  }
}
