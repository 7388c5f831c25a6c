-- Whoever still has to look at a place blind is given nothing there, nor told of it; and an adoption of rules is on record before the file is written.

-- Who owes a second look at the place of a task, or of one that became one with it. For the checks below alone: no request may ask.
CREATE FUNCTION tuban.owes_look(who text, task text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM tuban.second_look l WHERE l.looker = who AND l.answered_at IS NULL) THEN
    RETURN false;
  END IF;
  RETURN EXISTS (
    WITH RECURSIVE place (id) AS (
      SELECT t.site_id FROM tuban.task t WHERE t.id = task
      UNION SELECT CASE m.site_id WHEN p.id THEN m.into_id ELSE m.site_id END FROM place p JOIN tuban.site_merge m ON p.id IN (m.site_id, m.into_id))
    SELECT 1 FROM place p JOIN tuban.task t ON t.site_id = p.id JOIN tuban.second_look l ON l.task_id = t.id
    WHERE l.looker = who AND l.answered_at IS NULL);
END
$$;
REVOKE ALL ON FUNCTION tuban.owes_look(text, text) FROM PUBLIC;
-- Of tasks that the one who asks plans for, and of himself: whom not to give them.
CREATE FUNCTION tuban.not_to_be_given(asked text[]) RETURNS TABLE (task_id text, person_id text) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE place (looker, id) AS (
    SELECT l.looker, t.site_id FROM tuban.second_look l JOIN tuban.task t ON t.id = l.task_id WHERE l.answered_at IS NULL
    UNION SELECT p.looker, CASE m.site_id WHEN p.id THEN m.into_id ELSE m.site_id END FROM place p JOIN tuban.site_merge m ON p.id IN (m.site_id, m.into_id))
  SELECT DISTINCT t.id, p.looker FROM place p JOIN tuban.task t ON t.site_id = p.id JOIN tuban.task_file f ON f.task_id = t.id
  WHERE t.id = ANY (asked) AND (p.looker = current_setting('tuban.person', true) OR tuban.plans_in(f.areas)) $$;
REVOKE ALL ON FUNCTION tuban.not_to_be_given(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tuban.not_to_be_given(text[]) TO tuban_app;

CREATE FUNCTION tuban.refuse_to_looker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('role') = 'tuban_app' AND (
    NEW.assignee IS DISTINCT FROM OLD.assignee AND tuban.owes_look(NEW.assignee, NEW.task_id)
    OR NEW.holder IS DISTINCT FROM OLD.holder AND tuban.owes_look(NEW.holder, NEW.task_id))
  THEN
    RAISE EXCEPTION 'tuban.task_file % is not for this person (row-level security)', NEW.task_id USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER task_file_not_to_looker BEFORE UPDATE OF assignee, holder ON tuban.task_file FOR EACH ROW
  WHEN (NEW.assignee IS DISTINCT FROM OLD.assignee OR NEW.holder IS DISTINCT FROM OLD.holder) EXECUTE FUNCTION tuban.refuse_to_looker();
-- A stop of a round: for its person, for each of its team, or for whoever made it for himself.
CREATE FUNCTION tuban.refuse_stop_to_looker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('role') = 'tuban_app' AND EXISTS (
    SELECT 1 FROM tuban.round r LEFT JOIN tuban.team_member m ON m.team_id = r.team_id AND r.person_id IS NULL
    WHERE r.id = NEW.round_id AND tuban.owes_look(coalesce(r.person_id, m.person_id, r.made_by), NEW.task_id))
  THEN
    RAISE EXCEPTION 'tuban.round_stop % is not for this person (row-level security)', NEW.task_id USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER round_stop_not_to_looker BEFORE INSERT ON tuban.round_stop FOR EACH ROW EXECUTE FUNCTION tuban.refuse_stop_to_looker();
-- Of a task there he is told nothing, whoever tells: neither that his team got it nor that it is due.
CREATE FUNCTION tuban.keep_from_looker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tuban.owes_look(NEW.person_id, NEW.task_id) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER notice_not_to_looker BEFORE INSERT ON tuban.notice FOR EACH ROW EXECUTE FUNCTION tuban.keep_from_looker();

-- An adoption: first on record as one to be written (outcome null), then the file, then what became of it: once. Those of before were written.
-- kind 'file': a rule set from a file at the command line; by_name: who, where the workspace has no people.
ALTER TABLE tuban.rule_adoption ADD COLUMN outcome text DEFAULT 'written' CHECK (outcome IN ('written', 'left')), ADD COLUMN by_name text;
ALTER TABLE tuban.rule_adoption ALTER COLUMN outcome DROP DEFAULT;
ALTER TABLE tuban.rule_adoption DROP CONSTRAINT rule_adoption_kind_check;
ALTER TABLE tuban.rule_adoption ADD CONSTRAINT rule_adoption_kind_check CHECK (kind IN ('adopt', 'revert', 'file'));
CREATE INDEX rule_adoption_open ON tuban.rule_adoption (seq) WHERE outcome IS NULL;
DROP TRIGGER rule_adoption_stays ON tuban.rule_adoption;
CREATE TRIGGER rule_adoption_stays BEFORE DELETE OR TRUNCATE ON tuban.rule_adoption FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE FUNCTION tuban.close_adoption() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome IS NOT NULL OR NEW.outcome IS NULL OR (NEW.seq, NEW.at, NEW.person_id, NEW.kind, NEW.hash, NEW.before_hash, NEW.proposal_id, NEW.reason, NEW.by_name)
    IS DISTINCT FROM (OLD.seq, OLD.at, OLD.person_id, OLD.kind, OLD.hash, OLD.before_hash, OLD.proposal_id, OLD.reason, OLD.by_name)
  THEN
    RAISE EXCEPTION 'tuban.rule_adoption is append-only';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER rule_adoption_closes BEFORE UPDATE ON tuban.rule_adoption FOR EACH ROW EXECUTE FUNCTION tuban.close_adoption();
DROP POLICY app_adopts ON tuban.rule_adoption;
CREATE POLICY app_adopts ON tuban.rule_adoption FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND (SELECT tuban.administers())
  AND outcome IS NULL AND by_name IS NULL
  AND (kind IN ('revert', 'file') OR EXISTS (SELECT 1 FROM tuban.weight_proposal w WHERE w.id = proposal_id AND w.state = 'proposed'
    AND w.hash = rule_adoption.hash AND w.base_hash = before_hash)));
GRANT UPDATE (outcome) ON tuban.rule_adoption TO tuban_app;
CREATE POLICY app_closes ON tuban.rule_adoption FOR UPDATE TO tuban_app USING ((SELECT tuban.administers()) AND outcome IS NULL)
  WITH CHECK ((SELECT tuban.administers()) AND outcome IS NOT NULL);
