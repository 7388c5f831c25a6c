/** Notices and the messages that carry them. */
import { contentHash } from '../../model/id.js';
import type { NewNotice, Notice, NoticeKind } from '../../model/notice-kind.js';
import { chinaDay } from '../../model/working-days.js';
import type { Turn } from '../../ports/desk.js';

/** Adds those that were not told yet. Reads nothing back: the one who tells may not see what others are told. */
export async function addNotices({ sql, at }: Turn, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const rows = notices.map((notice) => ({
    id: contentHash({ ...notice, on: notice.dueOn ?? chinaDay(at) }, 24),
    person_id: notice.personId,
    kind: notice.kind,
    task_id: notice.taskId,
    due_on: notice.dueOn,
  }));
  await sql.query(
    `INSERT INTO tuban.notice (id, person_id, kind, task_id, due_on, made_at)
     SELECT id, person_id, kind, task_id, due_on, $2::timestamptz FROM jsonb_to_recordset($1::jsonb)
       AS r (id text, person_id text, kind text, task_id text, due_on date)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows), at],
  );
}

export async function noticesMadeSince({ sql }: Pick<Turn, 'sql'>, since: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM tuban.notice WHERE made_at >= $1::timestamptz',
    [since],
  );
  return row?.n ?? 0;
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
  return rows.map(noticeOf);
}

function noticeOf(row: NoticeRow): Notice {
  return {
    id: row.id,
    personId: row.person_id,
    kind: row.kind,
    taskId: row.task_id,
    dueOn: row.due_on,
    madeAt: row.made_at,
    seenAt: row.seen_at,
  };
}

export async function markSeen({ sql, at, member }: Turn, ids: readonly string[]): Promise<number> {
  const rows = await sql.query(
    `UPDATE tuban.notice SET seen_at = $3::timestamptz
     WHERE person_id = $1 AND seen_at IS NULL AND id IN (SELECT jsonb_array_elements_text($2::jsonb)) RETURNING id`,
    [member.id, JSON.stringify(ids), at],
  );
  return rows.length;
}

export async function unsentNotices({ sql }: Turn): Promise<Notice[]> {
  const rows = await sql.query<NoticeRow>(
    `SELECT id, person_id, kind, task_id, due_on, made_at, seen_at FROM tuban.notice
     WHERE delivery_id IS NULL AND seen_at IS NULL ORDER BY made_at, id`,
  );
  return rows.map(noticeOf);
}

export interface Delivery {
  readonly id: string;
  readonly channel: 'mail' | 'webhook';
  readonly personId: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly earliestDue: string | null;
}

/** One message for each channel, and its notices marked as carried. */
export async function addDelivery(
  { sql, at }: Turn,
  delivery: Omit<Delivery, 'channel'> & { readonly noticeIds: readonly string[] },
  channels: readonly Delivery['channel'][],
): Promise<void> {
  await sql.query(
    `INSERT INTO tuban.delivery (id, channel, person_id, counts, earliest_due, made_at, next_try_at)
     SELECT $1, c, $2, $3::jsonb, $4::date, $5::timestamptz, $5::timestamptz FROM jsonb_array_elements_text($6::jsonb) AS c
     ON CONFLICT DO NOTHING`,
    [
      delivery.id,
      delivery.personId,
      JSON.stringify(delivery.counts),
      delivery.earliestDue,
      at,
      JSON.stringify(channels),
    ],
  );
  await sql.query(
    `UPDATE tuban.notice SET delivery_id = $1 WHERE id IN (SELECT jsonb_array_elements_text($2::jsonb))`,
    [delivery.id, JSON.stringify(delivery.noticeIds)],
  );
}

/** Persons for whom a message was made at or after an instant. */
export async function personsToldSince({ sql }: Turn, since: string): Promise<Set<string>> {
  const rows = await sql.query<{ person_id: string }>(
    `SELECT DISTINCT person_id FROM tuban.delivery WHERE made_at >= $1::timestamptz`,
    [since],
  );
  return new Set(rows.map(({ person_id }) => person_id));
}

/** The next message whose time has come, with one try more and its next time set: who dies while sending sends again later. */
export async function takeDelivery({ sql, at }: Turn): Promise<(Delivery & { readonly email: string | null }) | null> {
  const [row] = await sql.query<{
    id: string;
    channel: Delivery['channel'];
    person_id: string;
    counts: Delivery['counts'];
    earliest_due: string | null;
    email: string | null;
  }>(
    `UPDATE tuban.delivery d SET tries = d.tries + 1,
       next_try_at = $1::timestamptz + least(interval '6 hours', interval '1 minute' * power(2, d.tries))
     FROM (SELECT id, channel FROM tuban.delivery WHERE sent_at IS NULL AND next_try_at <= $1::timestamptz
           ORDER BY next_try_at, id, channel LIMIT 1 FOR UPDATE SKIP LOCKED) n, tuban.person p
     WHERE d.id = n.id AND d.channel = n.channel AND p.id = d.person_id
     RETURNING d.id, d.channel, d.person_id, d.counts, d.earliest_due, p.email`,
    [at],
  );
  if (!row) return null;
  const { id, channel, person_id, counts, earliest_due, email } = row;
  return { id, channel, personId: person_id, counts, earliestDue: earliest_due, email };
}

/** `error`: null = it was taken. */
export async function closeDelivery(
  { sql, at }: Turn,
  { id, channel }: Pick<Delivery, 'id' | 'channel'>,
  error: string | null,
): Promise<void> {
  await sql.query(
    `UPDATE tuban.delivery SET error = $3, sent_at = CASE WHEN $3::text IS NULL THEN $4::timestamptz END
     WHERE id = $1 AND channel = $2`,
    [id, channel, error, at],
  );
}

/** Messages that were tried and not taken yet. */
export async function failedDeliveries({ sql }: Turn): Promise<{ channel: string; tries: number; error: string }[]> {
  return sql.query(
    `SELECT channel, tries, error FROM tuban.delivery WHERE sent_at IS NULL AND error IS NOT NULL ORDER BY made_at, id, channel`,
  );
}
