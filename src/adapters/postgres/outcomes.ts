/** What people decided about tasks, with the parts of the score as they were frozen: what weights are learned from. */
import type { Sql } from '../../ports/database.js';

export interface OutcomeRow {
  readonly taskId: string;
  readonly quarter: string;
  /** Smallest administrative area; null = in none. */
  readonly area: string | null;
  readonly violations: readonly string[];
  readonly parts: readonly { readonly part: string; readonly points: number; readonly most: number }[];
  readonly guilty: boolean;
  /** Of the random sample; null where it was on the list by its score. */
  readonly probability: number | null;
}

/** Of each task its newest decision, where that is a violation or a false alarm; the sample of bare ground has no score and is left out. */
export function verifiedOutcomes(sql: Sql): Promise<OutcomeRow[]> {
  return sql.query(
    `SELECT t.id AS "taskId", t.quarter, a.name AS area, d.kind = 'confirmed' AS guilty,
       t.body->'judged'->'judgement'->'violations' AS violations, t.body->'judged'->'judgement'->'parts' AS parts,
       (t.body->'sample'->>'probability')::float8 AS probability
     FROM (SELECT DISTINCT ON (task_id) task_id, kind FROM tuban.decision
           WHERE task_id IS NOT NULL AND kind IN ('confirmed', 'dismissed', 'reopened') ORDER BY task_id, decided_on DESC, seq DESC) d
       JOIN tuban.task t ON t.id = d.task_id
       LEFT JOIN tuban.task_file f ON f.task_id = t.id LEFT JOIN tuban.area a ON a.id = f.areas[1]
     WHERE d.kind <> 'reopened' AND jsonb_array_length(coalesce(t.body->'judged'->'judgement'->'parts', '[]')) > 0
     ORDER BY t.id COLLATE "C"`,
  );
}
