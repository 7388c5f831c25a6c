-- What becomes of the files of a round is a step of each file: kept by it, free again, their places shown. The end of a round concerns all of its
-- files, also those that the one who departs does not see; so it runs as its owner, and does nothing but that.
CREATE FUNCTION tuban.end_round(asked text, ended_at timestamptz, ended_from text) RETURNS TABLE (file text, rev integer, stands text, step text)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH ended AS (
    SELECT r.id, CASE r.state WHEN 'departed' THEN 'unseal' ELSE 'leave-round' END AS action FROM tuban.round r
    WHERE r.id = asked AND (
      (r.state = 'departed' AND r.departed_by = current_setting('tuban.person', true))
      OR (r.state = 'cancelled' AND (r.made_by = current_setting('tuban.person', true) OR tuban.sees_sealed())))
  ), files AS (
    SELECT f.task_id, e.id, e.action FROM ended e JOIN tuban.round_stop s ON s.round_id = e.id JOIN tuban.task_file f ON f.task_id = s.task_id
    WHERE (f.sealed AND NOT tuban.sealed_round_waits(f.task_id)) OR (e.action = 'leave-round' AND f.holder IS NULL AND f.round_id = e.id)
    ORDER BY f.task_id COLLATE "C" FOR UPDATE OF f
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
REVOKE ALL ON FUNCTION tuban.end_round(text, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tuban.end_round(text, timestamptz, text) TO tuban_app;
