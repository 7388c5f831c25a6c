/** claimable-files: what a person may claim: what was given to him first, then the best of his areas and teams by rank. */
import { areasWhere } from '../../model/person.js';
import type { TaskFile } from '../../model/task-file.js';
import type { SqlValue } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';
import type { Claim } from '../../ports/task-queue.js';
import { FILE_COLUMNS } from './task-files.js';

/** At most `count`, locked; those that another turn is about to take are passed over. */
export async function lockClaimable(turn: Turn, claim: Claim): Promise<TaskFile[]> {
  const own = await best(turn, claim, `f.assignee = $3`, claim.count);
  const left = claim.count - own.length;
  if (left <= 0) return own;
  const others = await best(
    turn,
    claim,
    `f.assignee IS NULL AND (f.team_id IS NULL OR f.team_id = ANY
    (ARRAY(SELECT m.team_id FROM tuban.team_member m WHERE m.person_id = $3)))`,
    left,
  );
  return [...own, ...others];
}

async function best({ sql, at, member }: Turn, claim: Claim, whose: string, count: number): Promise<TaskFile[]> {
  const values: SqlValue[] = [count, at, member.id];
  const conditions = [
    whose,
    // A lease that is over does not count, whether or not anyone has swept it.
    `(f.state IN ('new', 'assigned', 'returned') OR (f.state IN ('claimed', 'field') AND f.lease_until <= $2::timestamptz))`,
    `f.listed NOT IN ('withdrawn', 'reserve', 'quiet')`,
    '(f.round_id IS NULL OR NOT tuban.kept_for_others(f.task_id))',
    // Of the other tasks of such a place the person sees no file.
    'NOT f.task_id = ANY ((SELECT tuban.my_looks())::text[])',
  ];
  const where = (condition: (parameter: string) => string, value: SqlValue) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  const areas = areasWhere(member, 'officer');
  if (areas !== null)
    where((p) => `f.areas && ARRAY(SELECT jsonb_array_elements_text(${p}::jsonb))`, JSON.stringify(areas));
  if (claim.areaId !== undefined) where((p) => `f.areas @> ARRAY[${p}::text]`, claim.areaId);
  if (claim.teamId !== undefined) where((p) => `f.team_id = ${p}`, claim.teamId);
  if (claim.quarter !== undefined) where((p) => `f.quarter = ${p}`, claim.quarter);
  return sql.query<TaskFile>(
    `SELECT ${FILE_COLUMNS} FROM tuban.task_file f WHERE ${conditions.join(' AND ')}
     ORDER BY f.rank, f.task_id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
    values,
  );
}
