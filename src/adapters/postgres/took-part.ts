/**
 * tookPart: who has a part in a finding besides the one who submits it: those whom the form names as officers, and those whose files it cites. None
 * of them reviews it. A form names people by name: of two people who share one, both are kept from reviewing, which another reviewer can do.
 */
import type { Turn } from '../../ports/desk.js';

/** `finding` as it was sent: whatever does not look like a form names nobody. */
export async function tookPart({ sql }: Turn, taskId: string, finding: unknown): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT p.id FROM tuban.person p WHERE p.name IN (SELECT jsonb_array_elements_text($1::jsonb)) AND p.id <> 'system'
     UNION SELECT e.person_id FROM tuban.evidence_file e WHERE e.task_id = $2
       AND e.sha256 IN (SELECT jsonb_array_elements_text($3::jsonb)) ORDER BY 1`,
    [JSON.stringify(textsAt(finding, 'name')), taskId, JSON.stringify(textsAt(finding, 'sha256'))],
  );
  return rows.map(({ id }) => id);
}

/** The database lets the person review the task: the last word, also on who was named as an officer by a name that a person got later. */
export async function mayReview({ sql }: Turn, taskId: string): Promise<boolean> {
  const [row] = await sql.query<{ may: boolean }>('SELECT tuban.reviews($1) AS may', [taskId]);
  return row?.may ?? false;
}

/** Texts of this key, wherever they stand in a form: its officers, its files and those of its parts. */
function textsAt(value: unknown, key: 'name' | 'sha256'): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => textsAt(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'offender') return [];
    return name === key && typeof inner === 'string' ? [inner.trim()] : textsAt(inner, key);
  });
}
