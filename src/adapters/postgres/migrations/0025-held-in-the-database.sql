-- What only the program held so far is held by the database, too: who takes which step, that no file changes without one, that the record is one
-- chain. And sealed places: per area, with what was merged or split, and without what people wrote about the place.

-- Functions with their owner's rights look for names in the catalogue (and where PostGIS is), and in a session's temporary objects last of all.
DO $$
DECLARE
  one record;
  home text;
BEGIN
  SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis';
  FOR one IN SELECT p.oid::regprocedure AS signature, p.proconfig FROM pg_proc p WHERE p.pronamespace = 'tuban'::regnamespace AND p.prosecdef
  LOOP
    IF one.proconfig @> ARRAY['search_path=pg_catalog'] THEN
      EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp', one.signature);
    ELSE
      EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', one.signature, coalesce(home, 'public'));
    END IF;
  END LOOP;
END
$$;

-- Plans in one of these areas: sees what is sealed there. A planner of one area who is an officer of another sees nothing sealed in that other one.
CREATE FUNCTION tuban.plans_in(holding text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
    WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL AND g.role IN ('analyst', 'supervisor', 'administrator')
      AND (g.area_id IS NULL OR g.area_id = ANY (holding))) $$;
-- What a sealed task was merged from or split from lies where the sealed one lies.
CREATE FUNCTION tuban.kin_withheld(task text, target text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.task_file k
    WHERE (k.task_id = target OR k.split_from = task) AND k.sealed AND NOT tuban.plans_in(k.areas)) $$;
DROP POLICY app_reads ON tuban.task;
CREATE POLICY app_reads ON tuban.task FOR SELECT TO tuban_app USING (EXISTS (
  SELECT 1 FROM tuban.task_file f WHERE f.task_id = id AND (NOT f.sealed OR tuban.plans_in(f.areas))
    AND (f.merged_into IS NULL AND f.state <> 'split' OR NOT tuban.kin_withheld(f.task_id, f.merged_into))));
DROP POLICY app_reads ON tuban.task_opened;
CREATE POLICY app_reads ON tuban.task_opened FOR SELECT TO tuban_app USING (EXISTS (
  SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_opened.task_id AND (NOT f.sealed OR tuban.plans_in(f.areas))
    AND (f.merged_into IS NULL AND f.state <> 'split' OR NOT tuban.kin_withheld(f.task_id, f.merged_into))));
-- A reason that somebody gave may name the place.
DROP POLICY app_reads ON tuban.task_step;
CREATE POLICY app_reads ON tuban.task_step FOR SELECT TO tuban_app USING (EXISTS (
  SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_step.task_id AND (NOT f.sealed OR tuban.plans_in(f.areas))));
DROP POLICY app_reads ON tuban.observation;
CREATE POLICY app_reads ON tuban.observation FOR SELECT TO tuban_app USING (
  (SELECT tuban.sees_sealed()) AND EXISTS (
    SELECT 1 FROM tuban.boundary b WHERE b.id = observation.boundary_id AND ((SELECT tuban.plans_in('{}')) OR EXISTS (
      SELECT 1 FROM tuban.area a WHERE a.id = ANY ((SELECT tuban.my_areas())::text[]) AND tuban.plans_in(ARRAY[a.id])
        AND ST_Intersects(a.geom, b.geom)))));
CREATE OR REPLACE FUNCTION tuban.keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'tuban_app' AND NOT tuban.plans_in(OLD.areas)
    AND (tuban.sealed_round_waits(OLD.task_id)
      OR NOT EXISTS (SELECT 1 FROM tuban.round_stop s JOIN tuban.round r ON r.id = s.round_id
        WHERE s.task_id = OLD.task_id AND r.sealed AND r.state = 'departed'))
  THEN
    RAISE EXCEPTION 'tuban.task_file % stays sealed until its round departs (row-level security)', OLD.task_id;
  END IF;
  RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION tuban.may_split(whole text) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.areas FROM tuban.task_file f WHERE f.task_id = whole AND tuban.plans_in(f.areas) $$;
-- A round that has yet to depart keeps its tasks for those it is for.
CREATE FUNCTION tuban.kept_for_others(task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.task_file f JOIN tuban.round r ON r.id = f.round_id
    WHERE f.task_id = task AND r.state = 'planned' AND (r.person_id IS NOT NULL OR r.team_id IS NOT NULL)
      AND r.person_id IS DISTINCT FROM current_setting('tuban.person', true)
      AND (r.team_id IS NULL OR r.person_id IS NOT NULL OR NOT r.team_id = ANY (tuban.my_teams()))) $$;

-- Nobody reviews what he has a part in: also as the officer beside the one who submitted, or with a photo of his (the program fills `authors`).
CREATE OR REPLACE FUNCTION tuban.reviews(task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.area_id IS NULL OR g.area_id = ANY (f.areas)
      JOIN tuban.person p ON p.id = g.person_id
    WHERE f.task_id = task AND g.role = 'reviewer' AND p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL
      AND f.submitter IS DISTINCT FROM p.id AND NOT p.id = ANY (f.authors)
      AND NOT EXISTS (SELECT 1 FROM tuban.finding n WHERE n.task_id = task AND n.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM tuban.finding n CROSS JOIN LATERAL jsonb_array_elements(coalesce(n.body->'form'->'officers', '[]')) o (one)
        WHERE n.task_id = task AND o.one->>'name' = p.name)) $$;

-- Which role takes which step: the table of transitions (src/model/task-flow.ts; a test holds them together).
CREATE TABLE tuban.step_right (
  action text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (action, role)
);
ALTER TABLE tuban.step_right ENABLE ROW LEVEL SECURITY;
ALTER TABLE tuban.step_right FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON tuban.step_right TO CURRENT_USER USING (true) WITH CHECK (true);
INSERT INTO tuban.step_right (action, role)
SELECT a.action, unnest(a.roles) FROM (VALUES
  ('assign', ARRAY['analyst', 'supervisor', 'administrator']), ('claim', ARRAY['officer']), ('extend-lease', ARRAY['officer']),
  ('release', ARRAY['officer', 'supervisor', 'administrator']), ('depart', ARRAY['officer']), ('submit', ARRAY['officer']),
  ('approve', ARRAY['reviewer']), ('return', ARRAY['reviewer']), ('ask-extension', ARRAY['officer']),
  ('grant-extension', ARRAY['supervisor', 'administrator', 'reviewer']), ('bad-imagery', ARRAY['officer', 'analyst']),
  ('unreachable', ARRAY['officer']), ('reopen', ARRAY['supervisor', 'administrator']), ('open-case', ARRAY['reviewer']),
  ('close', ARRAY['reviewer']), ('merge', ARRAY['analyst', 'supervisor', 'administrator']), ('join', ARRAY['analyst', 'supervisor', 'administrator']),
  ('split', ARRAY['analyst', 'supervisor', 'administrator']), ('take-off', ARRAY['analyst', 'supervisor', 'administrator']),
  ('hand-over', ARRAY['officer']), ('enter-round', ARRAY['analyst', 'supervisor', 'administrator'])) AS a (action, roles);
CREATE FUNCTION tuban.may_step(task text, wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.area_id IS NULL OR g.area_id = ANY (f.areas)
      JOIN tuban.person p ON p.id = g.person_id JOIN tuban.step_right s ON s.role = g.role AND s.action = wanted
    WHERE f.task_id = task AND p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL)
  AND (wanted NOT IN ('approve', 'return') OR tuban.reviews(task)) $$;
DROP POLICY app_adds ON tuban.task_step;
CREATE POLICY app_adds ON tuban.task_step FOR INSERT TO tuban_app WITH CHECK (
  (person_id = (SELECT tuban.me()) AND tuban.may_step(task_id, action) OR person_id IS NULL AND action = 'lapse' AND to_state IN ('new', 'assigned', 'returned'))
  AND EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_step.task_id));

-- No file changes but by a step, which the rule above let in: asked when the transaction ends.
CREATE FUNCTION tuban.refuse_without_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('role') = 'tuban_app' AND NOT EXISTS (
    SELECT 1 FROM tuban.task_step s WHERE s.task_id = NEW.task_id AND s.revision = NEW.revision AND s.to_state = NEW.state
      AND NEW.revision = OLD.revision + 1)
  THEN
    RAISE EXCEPTION 'tuban.task_file % changes by a step only (row-level security)', NEW.task_id USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER task_file_by_step AFTER UPDATE OF state, revision, key, team_id, assignee, holder, lease_until, lease_no, lease_extensions,
  submitter, authors, reviewers, review_level, returned, deadline, deadline_provisional, extension_asked, acknowledged, merged_into
  ON tuban.task_file DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tuban.refuse_without_step();

-- The record is one chain: an entry follows the last one, and its hash is of what it says (as auditHash of the program takes it).
CREATE FUNCTION tuban.refuse_fork() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last record;
BEGIN
  SELECT a.seq, a.hash INTO last FROM tuban.audit a ORDER BY a.seq DESC LIMIT 1;
  IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.previous <> coalesce(last.hash, repeat('0', 64))
    OR NEW.hash <> encode(sha256(convert_to('[' || NEW.seq || ',' || concat_ws(',', to_json(NEW.at)::text, to_json(NEW.person)::text,
      to_json(NEW.device)::text, to_json(NEW.action)::text, to_json(NEW.subject)::text, to_json(NEW.body)::text, to_json(NEW.previous)::text)
      || ']', 'UTF8')), 'hex')
  THEN
    RAISE EXCEPTION 'tuban.audit: entry % does not follow the last one', NEW.seq USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER audit_follows BEFORE INSERT ON tuban.audit FOR EACH ROW EXECUTE FUNCTION tuban.refuse_fork();
