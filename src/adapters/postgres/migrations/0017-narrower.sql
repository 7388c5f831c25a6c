-- Findings come from officers of the task's area alone, whatever the program asks for; and what a verdict says of a place is held against them.
CREATE FUNCTION tuban.works_on(task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (
    SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.area_id IS NULL OR g.area_id = ANY (f.areas)
      JOIN tuban.person p ON p.id = g.person_id
    WHERE f.task_id = task AND g.role = 'officer' AND p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL) $$;
DROP POLICY app_adds ON tuban.finding;
CREATE POLICY app_adds ON tuban.finding FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND tuban.works_on(task_id)
  AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = finding.task_id));

-- A decision that comes in by tuban.record_decision is plain: only a
-- dismissal is remembered for a time and up to a size, and a pit counts as closed where a finding says that it was shut down.
CREATE FUNCTION tuban.refuse_odd_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nullif(current_setting('tuban.person', true), '') IS NULL OR current_setting('tuban.person', true) = 'system' THEN
    RETURN NEW;
  END IF;
  IF NEW.kind <> 'dismissed' AND (NEW.body->>'expires' IS NOT NULL OR NEW.body->>'limitM2' IS NOT NULL) THEN
    RAISE EXCEPTION 'tuban.decision: only a dismissal has an end and a limit' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.kind = 'closed' AND NOT EXISTS (
    SELECT 1 FROM tuban.finding n CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(n.body->'form'->'measures', '[]')) m (code)
      JOIN tuban.code_version v ON true CROSS JOIN LATERAL jsonb_array_elements(v.body) AS c (one)
    WHERE n.task_id = NEW.task_id AND c.one->>'kind' = 'measure' AND c.one->>'code' = m.code AND c.one->>'effect' = 'closed') THEN
    RAISE EXCEPTION 'tuban.decision: no finding of this task says that the pit was shut down' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER decision_is_plain BEFORE INSERT ON tuban.decision FOR EACH ROW EXECUTE FUNCTION tuban.refuse_odd_decision();
