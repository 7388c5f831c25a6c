/** Notices and the messages that carry them. */
import { contentHash } from '../../model/id.js';
import type { NewNotice, Notice, NoticeKind } from '../../model/notice-kind.js';
import { chinaDay } from '../../model/working-days.js';
import type { Turn } from '../../ports/desk.js';

/** Adds those that were not told yet; says how many. */
export async function addNotices({ sql, at }: Turn, notices: readonly NewNotice[]): Promise<number> {
  if (notices.length === 0) return 0;
  const rows = notices.map((notice) => ({
    id: contentHash({ ...notice, on: notice.dueOn ?? chinaDay(at) }, 24),
    person_id: notice.personId,
    kind: notice.kind,
    task_id: notice.taskId,
    due_on: notice.dueOn,
  }));
  // No RETURNING: the one who tells may not read what others are told.
  const [before] = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM tuban.notice`);
  await sql.query(
    `INSERT INTO tuban.notice (id, person_id, kind, task_id, due_on, made_at)
     SELECT id, person_id, kind, task_id, due_on, $2::timestamptz FROM jsonb_to_recordset($1::jsonb)
       AS r (id text, person_id text, kind text, task_id text, due_on date)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows), at],
  );
  const [after] = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM tuban.notice`);
  return (after?.n ?? 0) - (before?.n ?? 0);
}

interface NoticeRow {
  id: string;
  person_id: string;
  kind: NoticeKind;
  task_id: string;
  due_on: string | null;
  made_at: string;
  seen_at: string | null;
}

export async function noticesOf(
  { sql, member }: Turn,
  query: { readonly unseen: boolean; readonly limit: number },
): Promise<Notice[]> {
  const rows = await sql.query<NoticeRow>(
    `SELECT id, person_id, kind, task_id, due_on, made_at, seen_at FROM tuban.notice
     WHERE person_id = $1 AND (NOT $2::boolean OR seen_at IS NULL) ORDER BY made_at DESC, id LIMIT $3`,
    [member.id, query.unseen, query.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    kind: row.kind,
    taskId: row.task_id,
    dueOn: row.due_on,
    madeAt: row.made_at,
    seenAt: row.seen_at,
  }));
}

export async function markSeen({ sql, at, member }: Turn, ids: readonly string[]): Promise<number> {
  const rows = await sql.query(
    `UPDATE tuban.notice SET seen_at = $3::timestamptz
     WHERE person_id = $1 AND seen_at IS NULL AND id IN (SELECT jsonb_array_elements_text($2::jsonb)) RETURNING id`,
    [member.id, JSON.stringify(ids), at],
  );
  return rows.length;
}
