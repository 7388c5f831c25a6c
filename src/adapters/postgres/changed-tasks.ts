/** Tasks that became otherwise under their files, and the files that are open on each: its own and those of the parts it was split into. */
import type { TaskFile } from '../../model/task-file.js';
import { ENDED_STATES } from '../../model/task-flow.js';
import type { Turn } from '../../ports/desk.js';
import { FILE_COLUMNS } from './task-files.js';

/** At most so many, taken off the list; another turn that takes some at the same time gets others. */
export async function takeChangedTasks({ sql }: Turn, most: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `DELETE FROM tuban.changed_task WHERE task_id IN (
       SELECT task_id FROM tuban.changed_task ORDER BY task_id COLLATE "C" LIMIT ${most} FOR UPDATE SKIP LOCKED) RETURNING task_id AS id`,
  );
  return rows.map(({ id }) => id).sort();
}

export function openFilesOn({ sql }: Turn, taskId: string): Promise<TaskFile[]> {
  return sql.query<TaskFile>(
    `SELECT ${FILE_COLUMNS} FROM tuban.task_file f WHERE (f.task_id = $1 OR f.split_from = $1)
       AND f.state NOT IN (SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY f.task_id COLLATE "C"`,
    [taskId, JSON.stringify(ENDED_STATES)],
  );
}
