-- One order of locks between a list that is published and people who take steps: rows of tasks, then rows of files, each by id.
-- A verdict, or taking one back, changes the task: whoever may do so takes its row before the file's.
CREATE FUNCTION tuban.hold_task(asked text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tuban.may_step(asked, 'approve') OR tuban.may_step(asked, 'reopen') THEN
    PERFORM 1 FROM tuban.task t WHERE t.id = asked FOR NO KEY UPDATE;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION tuban.hold_task(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tuban.hold_task(text) TO tuban_app;
-- As before; but what only refers to a file (a round's stop, a photo) waits for nobody who takes a step with it, nor he for it.
CREATE OR REPLACE FUNCTION tuban.end_round(asked text, ended_at timestamptz, ended_from text)
  RETURNS TABLE (file text, rev integer, stands text, step text) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH ended AS (
    SELECT r.id, CASE r.state WHEN 'departed' THEN 'unseal' ELSE 'leave-round' END AS action FROM tuban.round r
    WHERE r.id = asked AND (
      (r.state = 'departed' AND r.departed_by = current_setting('tuban.person', true))
      OR (r.state = 'cancelled' AND (r.made_by = current_setting('tuban.person', true) OR tuban.sees_sealed())))
  ), files AS (
    SELECT f.task_id, e.id, e.action FROM ended e JOIN tuban.round_stop s ON s.round_id = e.id JOIN tuban.task_file f ON f.task_id = s.task_id
    WHERE (f.sealed AND NOT tuban.sealed_round_waits(f.task_id)) OR (e.action = 'leave-round' AND f.holder IS NULL AND f.round_id = e.id)
    ORDER BY f.task_id COLLATE "C" FOR NO KEY UPDATE OF f
  ), changed AS (
    UPDATE tuban.task_file f SET sealed = false, revision = f.revision + 1, changed_at = ended_at,
      round_id = CASE WHEN l.action = 'leave-round' AND f.holder IS NULL THEN NULL ELSE f.round_id END
    FROM files l WHERE f.task_id = l.task_id RETURNING f.task_id, f.revision, f.state, l.action
  ), steps AS (
    INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
    SELECT c.task_id, c.revision, c.action, c.state, c.state, current_setting('tuban.person', true), ended_from, ended_at,
      jsonb_build_object('roundId', asked) FROM changed c
  )
  SELECT c.task_id, c.revision, c.state, c.action FROM changed c ORDER BY c.task_id COLLATE "C" $$;

-- All columns that a request may write change by a step only: also whether a file is sealed, which round keeps it, and when it changed.
DROP TRIGGER task_file_by_step ON tuban.task_file;
CREATE CONSTRAINT TRIGGER task_file_by_step AFTER UPDATE OF state, revision, key, team_id, assignee, holder, lease_until, lease_no, lease_extensions,
  round_id, sealed, submitter, authors, reviewers, review_level, returned, deadline, deadline_provisional, extension_asked, acknowledged, merged_into,
  changed_at
  ON tuban.task_file DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tuban.refuse_without_step();
-- A part of a split begins as every file does: with nobody, in no round, without a deadline.
DROP POLICY app_splits ON tuban.task_file;
CREATE POLICY app_splits ON tuban.task_file FOR INSERT TO tuban_app WITH CHECK (
  state = 'new' AND revision = 1 AND areas = tuban.may_split(split_from) AND listed = 'new'
  AND team_id IS NULL AND assignee IS NULL AND holder IS NULL AND lease_until IS NULL AND lease_no = 0 AND lease_extensions = 0
  AND round_id IS NULL AND NOT sealed AND submitter IS NULL AND authors = '{}' AND reviewers = '{}' AND review_level IS NULL AND NOT returned
  AND deadline IS NULL AND NOT deadline_provisional AND extension_asked IS NULL AND acknowledged IS NULL AND merged_into IS NULL);
