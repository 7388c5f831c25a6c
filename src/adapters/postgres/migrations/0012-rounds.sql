-- Rounds: a day's tasks in their order. tuban.round and tuban.round_stop name no place; the way is in tuban.round_plan, withheld while a sealed
-- round has not departed. A round is seen by whoever made it, by those it is for, and by those who see everything.
CREATE TABLE tuban.round (
  id text PRIMARY KEY,
  quarter text NOT NULL,
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'departed', 'cancelled')),
  sealed boolean NOT NULL,
  made_by text NOT NULL REFERENCES tuban.person (id),
  made_at timestamptz NOT NULL,
  person_id text REFERENCES tuban.person (id),
  team_id text REFERENCES tuban.team (id),
  stops integer NOT NULL,
  hours double precision NOT NULL,
  departed_by text REFERENCES tuban.person (id),
  departed_at timestamptz,
  CHECK ((state = 'departed') = (departed_at IS NOT NULL))
);
CREATE INDEX round_made ON tuban.round (made_at DESC);
CREATE TABLE tuban.round_stop (
  round_id text NOT NULL REFERENCES tuban.round (id),
  position integer NOT NULL,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  PRIMARY KEY (round_id, position),
  UNIQUE (round_id, task_id)
);
CREATE INDEX round_stop_task ON tuban.round_stop (task_id);
CREATE TABLE tuban.round_plan (
  round_id text PRIMARY KEY REFERENCES tuban.round (id),
  body jsonb NOT NULL                    -- start, way, times, what was left out and why
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['round', 'round_stop', 'round_plan'] LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

GRANT SELECT, INSERT ON tuban.round, tuban.round_stop, tuban.round_plan TO tuban_app;
GRANT UPDATE (state, departed_by, departed_at) ON tuban.round TO tuban_app;
CREATE POLICY app_reads ON tuban.round FOR SELECT TO tuban_app USING (
  (SELECT tuban.sees_all()) OR made_by = (SELECT tuban.me()) OR person_id = (SELECT tuban.me())
  OR team_id = ANY ((SELECT tuban.my_teams())::text[]));
-- Sealed ones and those for others are made by planners.
CREATE POLICY app_plans ON tuban.round FOR INSERT TO tuban_app WITH CHECK (
  made_by = (SELECT tuban.me()) AND state = 'planned' AND departed_by IS NULL
  AND ((SELECT tuban.sees_sealed()) OR ((SELECT tuban.my_roles()) && ARRAY['officer']
    AND NOT sealed AND team_id IS NULL AND (person_id IS NULL OR person_id = (SELECT tuban.me())))));
-- Only a planned round goes on: departed by whoever it is for; called off by planners or whoever made it.
CREATE POLICY app_goes_on ON tuban.round FOR UPDATE TO tuban_app USING (
  state = 'planned' AND ((SELECT tuban.sees_all()) OR made_by = (SELECT tuban.me()) OR person_id = (SELECT tuban.me())
    OR team_id = ANY ((SELECT tuban.my_teams())::text[])))
  WITH CHECK ((state = 'departed' AND departed_by = (SELECT tuban.me())
      AND (SELECT tuban.my_roles()) && ARRAY['officer', 'analyst', 'supervisor', 'administrator'])
    OR (state = 'cancelled' AND departed_by IS NULL AND (made_by = (SELECT tuban.me()) OR (SELECT tuban.sees_sealed()))));

CREATE POLICY app_reads ON tuban.round_stop FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.round r WHERE r.id = round_stop.round_id));
CREATE POLICY app_plans ON tuban.round_stop FOR INSERT TO tuban_app WITH CHECK (
  EXISTS (SELECT 1 FROM tuban.round r WHERE r.id = round_stop.round_id AND r.state = 'planned' AND r.made_by = (SELECT tuban.me()))
  AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = round_stop.task_id));
CREATE POLICY app_reads ON tuban.round_plan FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.round r WHERE r.id = round_plan.round_id
    AND (NOT r.sealed OR r.state = 'departed' OR (SELECT tuban.sees_sealed()))
    -- The way names every place: only for those who may see all of them, or who made it.
    AND (r.made_by = (SELECT tuban.me()) OR r.stops = (SELECT count(*) FROM tuban.round_stop s JOIN tuban.task t ON t.id = s.task_id
      WHERE s.round_id = r.id))));
CREATE POLICY app_plans ON tuban.round_plan FOR INSERT TO tuban_app WITH CHECK (
  EXISTS (SELECT 1 FROM tuban.round r WHERE r.id = round_plan.round_id AND r.state = 'planned' AND r.made_by = (SELECT tuban.me())));

-- Whether a round keeps its tasks for itself, whoever asks.
CREATE FUNCTION tuban.round_waits(asked text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.round r WHERE r.id = asked AND r.state = 'planned') $$;

-- A file stays sealed as long as a sealed round that it is part of has not departed: whatever a request writes.
CREATE FUNCTION tuban.sealed_round_waits(asked text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.round_stop s JOIN tuban.round r ON r.id = s.round_id
    WHERE s.task_id = asked AND r.sealed AND r.state = 'planned') $$;
CREATE FUNCTION tuban.keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'tuban_app' AND NOT tuban.sees_sealed()
    AND (tuban.sealed_round_waits(OLD.task_id)
      OR NOT EXISTS (SELECT 1 FROM tuban.round_stop s JOIN tuban.round r ON r.id = s.round_id
        WHERE s.task_id = OLD.task_id AND r.sealed AND r.state = 'departed'))
  THEN
    RAISE EXCEPTION 'tuban.task_file % stays sealed until its round departs (row-level security)', OLD.task_id;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER task_file_sealed BEFORE UPDATE OF sealed ON tuban.task_file FOR EACH ROW
  WHEN (OLD.sealed AND NOT NEW.sealed) EXECUTE FUNCTION tuban.keep_sealed();
