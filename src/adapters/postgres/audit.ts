/** Rows of the record in a turn: whose turn it is decides what is there. */
import { AUDIT_START, type AuditEntry, type AuditHead } from '../../model/audit.js';
import type { AuditPage, AuditQuery, NamedEntry } from '../../ports/audit.js';
import type { SqlValue } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

const COLUMNS = 'a.seq, a.at, a.person, a.device, a.action, a.subject, a.body, a.previous, a.hash';

/** The next entries behind `after`, in their order. */
export function entriesAfter({ sql }: Pick<Turn, 'sql'>, after: number, limit: number): Promise<AuditEntry[]> {
  return sql.query<AuditEntry>(`SELECT ${COLUMNS} FROM tuban.audit a WHERE a.seq > $1 ORDER BY a.seq LIMIT $2`, [
    after,
    limit,
  ]);
}

export async function auditHeadOf({ sql }: Pick<Turn, 'sql'>): Promise<AuditHead> {
  const [head] = await sql.query<AuditHead>('SELECT seq, hash FROM tuban.audit_head()');
  return head ?? { seq: 0, hash: AUDIT_START };
}

export async function auditPage({ sql }: Pick<Turn, 'sql'>, query: AuditQuery): Promise<AuditPage> {
  const values: SqlValue[] = [];
  const conditions: string[] = ['true'];
  const where = (condition: (parameter: string) => string, value: SqlValue | undefined | null) => {
    if (value === undefined || value === null) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((p) => `a.seq < ${p}`, query.before);
  where((p) => `(a.person = ${p} OR a.person = (SELECT q.id FROM tuban.person q WHERE q.login = ${p}))`, query.person);
  where((p) => `(a.action = ${p} OR starts_with(a.action, ${p} || '.'))`, query.action);
  where((p) => `a.subject = ${p}`, query.subject);
  // Text of one form (UTC, milliseconds): its order is that of time.
  where((p) => `a.at COLLATE "C" >= ${p}`, query.since);
  where((p) => `a.at COLLATE "C" < ${p}`, query.until);
  values.push(query.limit + 1);
  const rows = await sql.query<NamedEntry>(
    `SELECT ${COLUMNS}, p.name AS "personName" FROM tuban.audit a LEFT JOIN tuban.person p ON p.id = a.person
     WHERE ${conditions.join(' AND ')} ORDER BY a.seq DESC LIMIT $${values.length}`,
    values,
  );
  const entries = rows.slice(0, query.limit);
  return { entries, before: rows.length > query.limit ? (entries.at(-1)?.seq ?? null) : null };
}
