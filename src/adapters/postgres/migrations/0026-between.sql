-- What fell between the last ones: locks of the list of changed tasks, drafts that are handed over to whom they must not reach, and who is blind.

-- A task that changes under its file holds up nobody who takes a step with the file: no reference, which would lock it until the run is published.
-- A row that is there already is written again, so that whoever tells of it now does not take it away before the change is there to be seen.
-- What a person decides in his own turn is his step and no news.
ALTER TABLE tuban.changed_task DROP CONSTRAINT changed_task_task_id_fkey;
CREATE OR REPLACE FUNCTION tuban.note_changed_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('role') = 'tuban_app' THEN
    RETURN NULL;
  END IF;
  INSERT INTO tuban.changed_task (task_id) SELECT f.task_id FROM tuban.task_file f WHERE f.task_id = NEW.id
    ON CONFLICT (task_id) DO UPDATE SET task_id = excluded.task_id;
  RETURN NULL;
END
$$;

-- Not while a sealed round withholds the place, not to one who still has to look at the place blind, and never over a draft of his own.
CREATE OR REPLACE FUNCTION tuban.hand_draft(asked text, to_person text, handed_at timestamptz, sealed_anew text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me text := nullif(current_setting('tuban.person', true), '');
  task text;
  added integer;
BEGIN
  SELECT d.task_id INTO task FROM tuban.finding_draft d WHERE d.person_id = me AND d.id = asked FOR UPDATE;
  IF task IS NULL OR to_person = me OR NOT EXISTS (
      SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.role = 'officer' AND (g.area_id IS NULL OR g.area_id = ANY (f.areas))
        JOIN tuban.person p ON p.id = g.person_id
      WHERE f.task_id = task AND NOT f.sealed AND p.id = to_person AND p.disabled_at IS NULL AND p.kind = 'person')
    OR EXISTS (
      SELECT 1 FROM tuban.second_look l JOIN tuban.task s ON s.id = l.task_id JOIN tuban.task t ON t.site_id = s.site_id
      WHERE t.id = task AND l.looker = to_person AND l.answered_at IS NULL)
  THEN
    RETURN false;
  END IF;
  INSERT INTO tuban.finding_draft (person_id, id, task_id, at, sealed) VALUES (to_person, asked, task, handed_at, sealed_anew)
    ON CONFLICT (person_id, id) DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  IF added = 0 THEN
    RETURN false;
  END IF;
  DELETE FROM tuban.finding_draft d WHERE d.person_id = me AND d.id = asked;
  RETURN true;
END
$$;

-- A hand in a place: also by a draft, one's own or one that was handed over.
CREATE OR REPLACE FUNCTION tuban.has_hand_in(who text, task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT tuban.my_roles() && ARRAY['supervisor'] AND EXISTS (
    SELECT 1 FROM tuban.task t JOIN tuban.task o ON o.site_id = t.site_id LEFT JOIN tuban.task_file f ON f.task_id = o.id
    WHERE t.id = task AND (who IN (f.holder, f.assignee, f.submitter) OR who = ANY (f.authors || f.reviewers)
      OR EXISTS (SELECT 1 FROM tuban.task_step s WHERE s.task_id = o.id
        AND (s.person_id = who OR s.action = 'hand-over' AND s.body->>'to' = who))
      OR EXISTS (SELECT 1 FROM tuban.finding_draft d WHERE d.person_id = who AND d.task_id = o.id)
      OR EXISTS (SELECT 1 FROM tuban.opinion p WHERE p.task_id = o.id AND p.person_id = who)
      OR EXISTS (SELECT 1 FROM tuban.verdict v WHERE v.task_id = o.id AND who IN (v.person_id, v.second_person_id))
      OR EXISTS (SELECT 1 FROM tuban.evidence_file e WHERE e.task_id = o.id AND e.person_id = who))) $$;
