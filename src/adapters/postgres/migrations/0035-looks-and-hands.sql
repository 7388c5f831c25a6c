-- A draw of second looks and whatever gives a task to somebody come one after the other, per person: a draw holds the looker ('tuban.look', his id)
-- alone, who gives him something holds him with others; each asks again when it has him. And a place is also what became one with it by merging tasks.
CREATE INDEX task_file_merged_into ON tuban.task_file (merged_into) WHERE merged_into IS NOT NULL;

-- Tasks of the place of a task: those there, at places that became one with it, and tasks that took one of them in or were taken in by one.
CREATE FUNCTION tuban.place_tasks(asked text) RETURNS TABLE (id text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE kin (site, task) AS (
    SELECT t.site_id, t.id FROM tuban.task t WHERE t.id = asked
    UNION SELECT n.site, n.task FROM kin k CROSS JOIN LATERAL (
      SELECT CASE m.site_id WHEN k.site THEN m.into_id ELSE m.site_id END, NULL::text FROM tuban.site_merge m WHERE k.site IN (m.site_id, m.into_id)
      UNION ALL SELECT o.site_id, o.id FROM tuban.task o WHERE o.site_id = k.site
      UNION ALL SELECT o.site_id, o.id FROM tuban.task_file f JOIN tuban.task o ON o.id = f.merged_into WHERE f.task_id = k.task
      UNION ALL SELECT o.site_id, o.id FROM tuban.task_file f JOIN tuban.task o ON o.id = f.task_id WHERE f.merged_into = k.task) n (site, task))
  SELECT DISTINCT k.task FROM kin k WHERE k.task IS NOT NULL $$;
REVOKE ALL ON FUNCTION tuban.place_tasks(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION tuban.owes_look(who text, task text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM tuban.second_look l WHERE l.looker = who AND l.answered_at IS NULL) THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT 1 FROM tuban.place_tasks(task) p JOIN tuban.second_look l ON l.task_id = p.id WHERE l.looker = who AND l.answered_at IS NULL);
END
$$;
CREATE OR REPLACE FUNCTION tuban.not_to_be_given(asked text[]) RETURNS TABLE (task_id text, person_id text) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE kin (looker, site, task) AS (
    SELECT l.looker, t.site_id, t.id FROM tuban.second_look l JOIN tuban.task t ON t.id = l.task_id WHERE l.answered_at IS NULL
    UNION SELECT k.looker, n.site, n.task FROM kin k CROSS JOIN LATERAL (
      SELECT CASE m.site_id WHEN k.site THEN m.into_id ELSE m.site_id END, NULL::text FROM tuban.site_merge m WHERE k.site IN (m.site_id, m.into_id)
      UNION ALL SELECT o.site_id, o.id FROM tuban.task o WHERE o.site_id = k.site
      UNION ALL SELECT o.site_id, o.id FROM tuban.task_file f JOIN tuban.task o ON o.id = f.merged_into WHERE f.task_id = k.task
      UNION ALL SELECT o.site_id, o.id FROM tuban.task_file f JOIN tuban.task o ON o.id = f.task_id WHERE f.merged_into = k.task) n (site, task))
  SELECT DISTINCT k.task, k.looker FROM kin k JOIN tuban.task_file f ON f.task_id = k.task
  WHERE k.task = ANY (asked) AND (k.looker = current_setting('tuban.person', true) OR tuban.plans_in(f.areas)) $$;
-- Hidden from the looker are the same tasks that are not given to him.
CREATE OR REPLACE FUNCTION tuban.my_look_neighbours() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT p.id), '{}') FROM tuban.second_look l CROSS JOIN LATERAL tuban.place_tasks(l.task_id) p
  WHERE l.looker = current_setting('tuban.person', true) AND l.answered_at IS NULL AND NOT p.id = ANY (tuban.my_looks()) $$;
CREATE OR REPLACE FUNCTION tuban.has_hand_in(who text, task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT tuban.my_roles() && ARRAY['supervisor'] AND EXISTS (
    SELECT 1 FROM tuban.place_tasks(task) o LEFT JOIN tuban.task_file f ON f.task_id = o.id
    WHERE who IN (f.holder, f.assignee, f.submitter) OR who = ANY (f.authors || f.reviewers)
      OR EXISTS (SELECT 1 FROM tuban.task_step s WHERE s.task_id = o.id
        AND (s.person_id = who OR s.action = 'hand-over' AND s.body->>'to' = who))
      OR EXISTS (SELECT 1 FROM tuban.finding_draft d WHERE d.person_id = who AND d.task_id = o.id)
      OR EXISTS (SELECT 1 FROM tuban.opinion p WHERE p.task_id = o.id AND p.person_id = who)
      OR EXISTS (SELECT 1 FROM tuban.verdict v WHERE v.task_id = o.id AND who IN (v.person_id, v.second_person_id))
      OR EXISTS (SELECT 1 FROM tuban.evidence_file e WHERE e.task_id = o.id AND e.person_id = who)) $$;

-- Held where the program forgets to ask. What follows a lock in a function of its own is asked of what stands when the lock is there.
CREATE OR REPLACE FUNCTION tuban.refuse_to_looker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text;
BEGIN
  IF current_setting('role') <> 'tuban_app' THEN
    RETURN NEW;
  END IF;
  FOR who IN
    SELECT DISTINCT p FROM unnest(ARRAY[
      CASE WHEN NEW.assignee IS DISTINCT FROM OLD.assignee THEN NEW.assignee END,
      CASE WHEN NEW.holder IS DISTINCT FROM OLD.holder THEN NEW.holder END]) p WHERE p IS NOT NULL ORDER BY p
  LOOP
    PERFORM pg_advisory_xact_lock_shared(hashtext('tuban.look'), hashtext(who));
    IF tuban.owes_look(who, NEW.task_id) THEN
      RAISE EXCEPTION 'tuban.task_file % is not for this person (row-level security)', NEW.task_id USING ERRCODE = '42501';
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION tuban.refuse_stop_to_looker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text;
BEGIN
  IF current_setting('role') <> 'tuban_app' THEN
    RETURN NEW;
  END IF;
  FOR who IN
    SELECT coalesce(r.person_id, m.person_id, r.made_by) FROM tuban.round r
      LEFT JOIN tuban.team_member m ON m.team_id = r.team_id AND r.person_id IS NULL WHERE r.id = NEW.round_id ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock_shared(hashtext('tuban.look'), hashtext(who));
    IF tuban.owes_look(who, NEW.task_id) THEN
      RAISE EXCEPTION 'tuban.round_stop % is not for this person (row-level security)', NEW.task_id USING ERRCODE = '42501';
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;
-- A task is not brought under one that somebody has, or had, who still has to look at its place blind.
CREATE FUNCTION tuban.refuse_merge_for_looker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text;
BEGIN
  IF current_setting('role') <> 'tuban_app' THEN
    RETURN NEW;
  END IF;
  FOR who IN
    SELECT DISTINCT p FROM tuban.task_file f CROSS JOIN LATERAL unnest(ARRAY[f.assignee, f.holder, f.submitter] || f.authors) p
    WHERE f.task_id = NEW.merged_into AND p IS NOT NULL ORDER BY p
  LOOP
    PERFORM pg_advisory_xact_lock_shared(hashtext('tuban.look'), hashtext(who));
    IF tuban.owes_look(who, NEW.task_id) THEN
      RAISE EXCEPTION 'tuban.task_file % is not for whom it would go to (row-level security)', NEW.task_id USING ERRCODE = '42501';
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;
CREATE TRIGGER task_file_merge_not_to_looker BEFORE UPDATE OF merged_into ON tuban.task_file FOR EACH ROW
  WHEN (NEW.merged_into IS NOT NULL AND NEW.merged_into IS DISTINCT FROM OLD.merged_into) EXECUTE FUNCTION tuban.refuse_merge_for_looker();
CREATE FUNCTION tuban.refuse_look_to_hand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('tuban.look'), hashtext(NEW.looker));
  IF current_setting('role') = 'tuban_app' AND tuban.has_hand_in(NEW.looker, NEW.task_id) THEN
    RAISE EXCEPTION 'tuban.second_look % is not for this person (row-level security)', NEW.task_id USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER second_look_not_to_hand BEFORE INSERT ON tuban.second_look FOR EACH ROW EXECUTE FUNCTION tuban.refuse_look_to_hand();
