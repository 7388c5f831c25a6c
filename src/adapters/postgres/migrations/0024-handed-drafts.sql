-- A draft goes from its author to a colleague who may work on the task, encrypted anew for him by the program; the author's own goes. Runs as its
-- owner, because nobody may write among another person's drafts: it gives away nothing but what is the author's.
CREATE FUNCTION tuban.hand_draft(asked text, to_person text, handed_at timestamptz, sealed_anew text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  me text := nullif(current_setting('tuban.person', true), '');
  task text;
BEGIN
  SELECT d.task_id INTO task FROM tuban.finding_draft d WHERE d.person_id = me AND d.id = asked FOR UPDATE;
  IF task IS NULL OR to_person = me OR NOT EXISTS (
    SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.role = 'officer' AND (g.area_id IS NULL OR g.area_id = ANY (f.areas))
      JOIN tuban.person p ON p.id = g.person_id
    WHERE f.task_id = task AND p.id = to_person AND p.disabled_at IS NULL AND p.kind = 'person')
  THEN
    RETURN false;
  END IF;
  INSERT INTO tuban.finding_draft (person_id, id, task_id, at, sealed) VALUES (to_person, asked, task, handed_at, sealed_anew)
    ON CONFLICT (person_id, id) DO UPDATE SET task_id = excluded.task_id, at = excluded.at, sealed = excluded.sealed;
  DELETE FROM tuban.finding_draft d WHERE d.person_id = me AND d.id = asked;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION tuban.hand_draft(text, text, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tuban.hand_draft(text, text, timestamptz, text) TO tuban_app;
