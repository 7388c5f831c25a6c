-- Pits that people report, and the second look at closed tasks.

-- A suspected pit that a person reported, whatever the detector saw. Who reported it is in the audit alone. Ground of its place, like a patch.
CREATE TABLE tuban.reported_pit (
  id text PRIMARY KEY,            -- the patch's id in the queue: quarter and hash of the outline
  quarter text NOT NULL,
  site_id text NOT NULL REFERENCES tuban.site (id),
  detected_id text,               -- patch of the quarter's run that lies at the same place
  detected_task text,             -- its task, where it was on the list: then the report has none of its own
  seen_on date NOT NULL,
  geom geometry(MultiPolygon, 4490) NOT NULL,
  body jsonb NOT NULL,            -- ReportedOutline of the program, without geometry
  reported_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reported_pit_quarter ON tuban.reported_pit (quarter);
CREATE INDEX reported_pit_site ON tuban.reported_pit (site_id);
CREATE INDEX reported_pit_geom ON tuban.reported_pit USING gist (geom);
ALTER TABLE tuban.reported_pit ENABLE ROW LEVEL SECURITY;
ALTER TABLE tuban.reported_pit FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON tuban.reported_pit TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT ON tuban.reported_pit TO tuban_app;
CREATE POLICY app_reads ON tuban.reported_pit FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = 'T' || reported_pit.id));
CREATE TRIGGER reported_pit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.reported_pit
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();

-- Whether the one who asks may report a pit at this point: one of four roles, everywhere or for an area that holds it.
CREATE FUNCTION tuban.may_report(point geometry) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id LEFT JOIN tuban.area a ON a.id = g.area_id
    WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL
      AND g.role IN ('officer', 'analyst', 'reviewer', 'supervisor') AND (g.area_id IS NULL OR ST_Covers(a.geom, point)));
END
$$;
-- The only way a request adds a pit: its place, its ground and, unless a task of the list is there already, its task and the file of it. It can neither
-- change what is there nor name a state, an origin or an area. False: it was reported before.
CREATE FUNCTION tuban.report_pit(pit jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  outline geometry := ST_SetSRID(ST_GeomFromWKB(decode(pit->>'wkb', 'hex')), 4490);
  point geometry := ST_SetSRID(ST_MakePoint((pit->>'lon')::float8, (pit->>'lat')::float8), 4490);
  pit_id text := pit->>'id';
  task jsonb := pit->'task';
BEGIN
  IF NOT coalesce(tuban.may_report(point), false) THEN
    RAISE EXCEPTION 'row-level security: no pit of this person here' USING ERRCODE = '42501';
  END IF;
  IF pit_id IS DISTINCT FROM (pit->>'quarter') || '-r' || (pit->>'hash') OR NOT ST_Intersects(outline, point)
    OR (task->>'id' <> 'T' || pit_id OR task->>'origin' <> 'reported' OR task->>'state' <> 'new' OR task->>'quarter' <> pit->>'quarter'
      OR task->>'siteId' <> pit->>'siteId') THEN
    RAISE EXCEPTION 'row-level security: not a pit' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM tuban.reported_pit r WHERE r.id = pit_id) THEN RETURN false; END IF;
  INSERT INTO tuban.site (id, first_quarter, geom) SELECT pit_id, pit->>'quarter', outline WHERE pit->>'siteId' = pit_id ON CONFLICT (id) DO NOTHING;
  INSERT INTO tuban.reported_pit (id, quarter, site_id, detected_id, detected_task, seen_on, geom, body)
    VALUES (pit_id, pit->>'quarter', pit->>'siteId', pit->>'detectedId', pit->>'detectedTask', (pit->>'seenOn')::date, outline, pit->'body');
  IF task IS NULL OR task = 'null' THEN RETURN true; END IF;
  INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
    VALUES (task->>'id', pit->>'quarter', pit_id, pit->>'siteId', (task->>'rank')::integer, (pit->>'score')::float8, 'new', task);
  INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, key, areas)
    SELECT task->>'id', pit->>'quarter', 'new', (task->>'rank')::integer, (pit->>'score')::float8,
      ARRAY(SELECT jsonb_array_elements_text(pit->'violations')), (pit->>'areaM2')::float8, (pit->>'key')::boolean,
      coalesce((SELECT array_agg(a.id ORDER BY ST_Area(a.geom), a.id COLLATE "C") FROM tuban.area a WHERE ST_Covers(a.geom, point)), '{}');
  INSERT INTO tuban.task_opened (task_id, body) VALUES (task->>'id', task);
  RETURN true;
END
$$;

-- A second look (四不两直): closed tasks drawn at random, looked at again by somebody who does not know what was found: neither the one who drew
-- them nor anybody who reads the record.
CREATE TABLE tuban.second_look_draw (
  id text PRIMARY KEY,
  quarter text NOT NULL,
  seed text NOT NULL,
  population integer NOT NULL,    -- closed tasks that could be drawn
  drawn integer NOT NULL,
  digest text NOT NULL,           -- of those that could be drawn: the same list and seed draw the same
  drawer text NOT NULL REFERENCES tuban.person (id),
  looker text NOT NULL REFERENCES tuban.person (id),
  at timestamptz NOT NULL
);
CREATE TABLE tuban.second_look (
  id text PRIMARY KEY,
  draw_id text NOT NULL REFERENCES tuban.second_look_draw (id),
  place integer NOT NULL,         -- in the order drawn, from 1
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  drawer text NOT NULL REFERENCES tuban.person (id),
  looker text NOT NULL REFERENCES tuban.person (id),
  drawn_at timestamptz NOT NULL,
  answered_at timestamptz,
  code text,
  note text,
  codes_version integer,
  UNIQUE (task_id, looker),
  CHECK ((answered_at IS NULL) = (code IS NULL) AND (code IS NULL) = (note IS NULL))
);
CREATE INDEX second_look_looker ON tuban.second_look (looker) WHERE answered_at IS NULL;
CREATE INDEX second_look_drawer ON tuban.second_look (drawer);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['second_look_draw', 'second_look']
  LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

-- Tasks that a person had a hand in: whoever asks learns it of the tasks he sees only, because he joins it to those.
CREATE FUNCTION tuban.worked_on(who text) RETURNS TABLE (task_id text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.task_id FROM tuban.task_step s WHERE s.person_id = who AND tuban.my_roles() && ARRAY['supervisor']
  UNION SELECT f.task_id FROM tuban.finding f WHERE f.person_id = who AND tuban.my_roles() && ARRAY['supervisor']
  UNION SELECT v.task_id FROM tuban.verdict v WHERE who IN (v.person_id, v.second_person_id) AND tuban.my_roles() && ARRAY['supervisor']
  UNION SELECT o.task_id FROM tuban.opinion o WHERE o.person_id = who AND tuban.my_roles() && ARRAY['supervisor']
  UNION SELECT e.task_id FROM tuban.evidence_file e WHERE e.person_id = who AND tuban.my_roles() && ARRAY['supervisor'] $$;
-- Tasks, and their places, that the one who asks still has to look at blind.
CREATE FUNCTION tuban.my_looks() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(l.task_id), '{}') FROM tuban.second_look l
  WHERE l.looker = current_setting('tuban.person', true) AND l.answered_at IS NULL $$;
CREATE FUNCTION tuban.my_look_sites() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(t.site_id), '{}') FROM tuban.second_look l JOIN tuban.task t ON t.id = l.task_id
  WHERE l.looker = current_setting('tuban.person', true) AND l.answered_at IS NULL $$;

GRANT SELECT, INSERT ON tuban.second_look_draw, tuban.second_look TO tuban_app;
GRANT UPDATE (answered_at, code, note, codes_version) ON tuban.second_look TO tuban_app;
CREATE POLICY app_reads ON tuban.second_look_draw FOR SELECT TO tuban_app USING (drawer = (SELECT tuban.me()));
CREATE POLICY app_draws ON tuban.second_look_draw FOR INSERT TO tuban_app
  WITH CHECK (drawer = (SELECT tuban.me()) AND (SELECT tuban.my_roles()) && ARRAY['supervisor']);
CREATE POLICY app_reads ON tuban.second_look FOR SELECT TO tuban_app USING (drawer = (SELECT tuban.me()) OR looker = (SELECT tuban.me()));
CREATE POLICY app_draws ON tuban.second_look FOR INSERT TO tuban_app
  WITH CHECK (drawer = (SELECT tuban.me()) AND answered_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM tuban.grant_of g WHERE g.person_id = looker AND g.role IN ('supervisor', 'administrator'))
    AND EXISTS (SELECT 1 FROM tuban.second_look_draw d WHERE d.id = draw_id AND d.looker = second_look.looker)
    AND EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = second_look.task_id AND f.state = 'closed')
    AND NOT EXISTS (SELECT 1 FROM tuban.worked_on(looker) w WHERE w.task_id = second_look.task_id));
CREATE POLICY app_answers ON tuban.second_look FOR UPDATE TO tuban_app
  USING (looker = (SELECT tuban.me()) AND answered_at IS NULL) WITH CHECK (looker = (SELECT tuban.me()) AND answered_at IS NOT NULL);

-- What the file was opened with is shown to the one who looks, wherever it lies; what anybody found there is hidden from him until he answers.
CREATE POLICY app_looks ON tuban.task_opened FOR SELECT TO tuban_app USING (task_id = ANY ((SELECT tuban.my_looks())::text[]));
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['finding', 'opinion', 'verdict', 'task_step', 'evidence_file', 'offender']
  LOOP
    EXECUTE format('CREATE POLICY app_blind ON tuban.%I AS RESTRICTIVE FOR SELECT TO tuban_app
      USING (NOT task_id = ANY ((SELECT tuban.my_looks())::text[]))', t);
  END LOOP;
END
$$;
CREATE POLICY app_blind ON tuban.decision AS RESTRICTIVE FOR SELECT TO tuban_app
  USING (NOT site_id = ANY ((SELECT tuban.my_look_sites())::text[]));
