/** Everything that the database has of a task's file, as a turn may see it, in plain rows. */
import type { AuditEntry } from '../../model/audit.js';
import type { Sql } from '../../ports/database.js';

export interface BundleRows {
  readonly file: object | null;
  readonly opened: object | null;
  readonly steps: readonly object[];
  readonly opinions: readonly object[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** Only administrators and supervisors see the record: else empty. */
  readonly audit: readonly AuditEntry[];
}

export async function bundleRows(sql: Sql, taskId: string): Promise<BundleRows> {
  const one = async (text: string) => (await sql.query<{ body: object }>(text, [taskId])).map(({ body }) => body);
  const [file] = await one('SELECT to_jsonb(f) AS body FROM tuban.task_file f WHERE task_id = $1');
  const [opened] = await one('SELECT body FROM tuban.task_opened WHERE task_id = $1');
  return {
    file: file ?? null,
    opened: opened ?? null,
    steps: await one('SELECT to_jsonb(s) AS body FROM tuban.task_step s WHERE task_id = $1 ORDER BY revision'),
    opinions: await one('SELECT to_jsonb(o) AS body FROM tuban.opinion o WHERE task_id = $1 ORDER BY seq'),
    people: await sql.query(
      `SELECT p.id, p.name FROM tuban.person p WHERE p.id IN (
         SELECT person_id FROM tuban.task_step WHERE task_id = $1 UNION SELECT person_id FROM tuban.finding WHERE task_id = $1
         UNION SELECT person_id FROM tuban.opinion WHERE task_id = $1 UNION SELECT person_id FROM tuban.verdict WHERE task_id = $1
         UNION SELECT person_id FROM tuban.evidence_file WHERE task_id = $1) ORDER BY p.id`,
      [taskId],
    ),
    audit: await sql.query<AuditEntry>(
      `SELECT seq, at, person, device, action, subject, body, previous, hash FROM tuban.audit
       WHERE subject = 'task:' || $1 OR subject IN (SELECT 'finding:' || id FROM tuban.finding WHERE task_id = $1) ORDER BY seq`,
      [taskId],
    ),
  };
}
