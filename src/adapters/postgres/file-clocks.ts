/** Files of tasks with a clock on them, and the people who may be told. */
import type { Grant, Member, ReviewLevel } from '../../model/person.js';
import type { FileState } from '../../model/task-flow.js';
import type { Turn } from '../../ports/desk.js';

export interface FileClockRow {
  readonly taskId: string;
  readonly state: FileState;
  readonly areas: readonly string[];
  readonly teamId: string | null;
  readonly assignee: string | null;
  readonly holder: string | null;
  readonly leaseUntil: string | null;
  readonly authors: readonly string[];
  readonly reviewers: readonly string[];
  readonly reviewLevel: ReviewLevel | null;
  readonly deadline: string | null;
}

/** Those with a deadline or a lease that are not ended. */
export function filesWithClocks({ sql }: Turn): Promise<FileClockRow[]> {
  return sql.query(
    `SELECT task_id AS "taskId", state, areas, team_id AS "teamId", assignee, holder, lease_until AS "leaseUntil", authors, reviewers,
       review_level AS "reviewLevel", deadline
     FROM tuban.task_file WHERE state NOT IN ('closed', 'merged', 'split') AND (deadline IS NOT NULL OR holder IS NOT NULL)
     ORDER BY task_id`,
  );
}

export function activePeople({ sql }: Turn): Promise<Member[]> {
  return sql.query<Member & { grants: Grant[] }>(
    `SELECT p.id, p.login, p.name, p.kind,
       coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.role, 'level', g.level, 'areaId', g.area_id)
         ORDER BY g.role, g.level, g.area_id) FROM tuban.grant_of g WHERE g.person_id = p.id), '[]') AS grants,
       coalesce((SELECT jsonb_agg(m.team_id ORDER BY m.team_id) FROM tuban.team_member m WHERE m.person_id = p.id), '[]') AS teams
     FROM tuban.person p WHERE p.disabled_at IS NULL AND p.kind = 'person' ORDER BY p.id`,
  );
}
