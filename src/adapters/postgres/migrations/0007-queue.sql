-- The queue: people and what they may do where; each task's file (state, lease, deadline), every step of it; the record that cannot be changed.
-- The role tuban_app owns nothing. A request takes it for the length of its transaction and says who it is in tuban.person (see desk.ts); row-level
-- security asks tuban.grant_of for the rest. The login that runs migrations owns the tables and has policies of its own: runs and schedules use it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tuban_app') THEN
    CREATE ROLE tuban_app NOLOGIN NOINHERIT;
  END IF;
  IF NOT pg_has_role(current_user, 'tuban_app', 'MEMBER') THEN
    EXECUTE format('GRANT tuban_app TO %I', current_user);
  END IF;
END
$$;
GRANT USAGE ON SCHEMA tuban TO tuban_app;

-- An administrative area: one polygon of the admin layer (its number, else its name).
CREATE TABLE tuban.area (
  id text PRIMARY KEY,
  name text NOT NULL,
  boundary_id text REFERENCES tuban.boundary (id),
  geom geometry(MultiPolygon, 4490)
);
CREATE INDEX area_geom ON tuban.area USING gist (geom);

CREATE TABLE tuban.person (
  id text PRIMARY KEY,
  login text NOT NULL UNIQUE,
  name text NOT NULL,
  kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'cron')),
  phone text,
  email text,
  disabled_at timestamptz,
  made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO tuban.person (id, login, name, kind) VALUES ('system', 'system', '系统', 'cron');

CREATE TABLE tuban.team (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE
);
CREATE TABLE tuban.team_member (
  team_id text NOT NULL REFERENCES tuban.team (id),
  person_id text NOT NULL REFERENCES tuban.person (id),
  PRIMARY KEY (team_id, person_id)
);

-- What a person may do, and where: area_id null = everywhere. level: which review a reviewer gives.
CREATE TABLE tuban.grant_of (
  person_id text NOT NULL REFERENCES tuban.person (id),
  role text NOT NULL CHECK (role IN ('analyst', 'officer', 'reviewer', 'supervisor', 'administrator', 'cron')),
  level text CHECK (level IN ('station', 'county', 'city')),
  area_id text REFERENCES tuban.area (id),
  granted_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (person_id, role, level, area_id)
);
CREATE INDEX grant_of_person ON tuban.grant_of (person_id);

-- The file of a task: what people do with it. Made when a run or an import puts the task on the list; never deleted.
-- It holds no place: of a sealed task an officer sees this row and nothing else.
CREATE TABLE tuban.task_file (
  task_id text PRIMARY KEY REFERENCES tuban.task (id),
  quarter text NOT NULL,
  state text NOT NULL,
  revision integer NOT NULL DEFAULT 1,   -- goes up with every step: a stale one is refused
  rank integer NOT NULL,
  score double precision NOT NULL,
  violations text[] NOT NULL,
  area_m2 double precision NOT NULL,
  key boolean NOT NULL DEFAULT false,    -- key patch: shorter deadlines
  areas text[] NOT NULL DEFAULT '{}',    -- administrative areas that hold its point, smallest first
  team_id text REFERENCES tuban.team (id),
  assignee text REFERENCES tuban.person (id),
  -- the lease: who holds it until when; lease_no goes up with each claim, so that a late answer of an old lease is known
  holder text REFERENCES tuban.person (id),
  lease_until timestamptz,
  lease_no integer NOT NULL DEFAULT 0,
  round_id text,
  sealed boolean NOT NULL DEFAULT false,
  submitter text REFERENCES tuban.person (id),
  review_level text CHECK (review_level IN ('station', 'county', 'city')),
  returned boolean NOT NULL DEFAULT false,
  deadline date,
  deadline_provisional boolean NOT NULL DEFAULT false,
  merged_into text REFERENCES tuban.task (id),
  split_from text REFERENCES tuban.task (id),
  opened_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_file_list ON tuban.task_file (quarter, state, rank, task_id);
CREATE INDEX task_file_holder ON tuban.task_file (holder) WHERE holder IS NOT NULL;
CREATE INDEX task_file_assignee ON tuban.task_file (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX task_file_deadline ON tuban.task_file (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX task_file_lease ON tuban.task_file (lease_until) WHERE holder IS NOT NULL;
CREATE INDEX task_file_areas ON tuban.task_file USING gin (areas);

-- What the file was opened with. What a later run or licence says is shown beside it, never put in its place.
CREATE TABLE tuban.task_opened (
  task_id text PRIMARY KEY REFERENCES tuban.task_file (task_id),
  body jsonb NOT NULL
);

-- Every step of a file: who, when, from which device, what changed.
CREATE TABLE tuban.task_step (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  revision integer NOT NULL,             -- after the step
  action text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  person_id text REFERENCES tuban.person (id),  -- null: the system (a lease that ended)
  device text NOT NULL,
  at timestamptz NOT NULL,
  body jsonb NOT NULL,                   -- reason, deadline, lease, what changed
  UNIQUE (task_id, revision)
);

-- What an officer submitted. Never changed: a correction is a further revision.
CREATE TABLE tuban.finding (
  id text PRIMARY KEY,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  revision integer NOT NULL,
  person_id text NOT NULL REFERENCES tuban.person (id),
  at timestamptz NOT NULL,
  body jsonb NOT NULL,                   -- the form as submitted, with its schema's version and the SHA-256 of each file
  UNIQUE (task_id, revision)
);

CREATE TABLE tuban.evidence_file (
  id text PRIMARY KEY,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  content_type text NOT NULL,            -- by its content, not its name
  person_id text NOT NULL REFERENCES tuban.person (id),
  received_at timestamptz NOT NULL,
  body jsonb NOT NULL,                   -- EXIF, datum, distance, flags
  UNIQUE (task_id, sha256)
);
CREATE INDEX evidence_file_sha256 ON tuban.evidence_file (sha256);

-- A verdict of a task's part, after the last review. Never changed: a later one says otherwise.
CREATE TABLE tuban.verdict (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  part text NOT NULL,
  code text NOT NULL,
  handling text,
  person_id text NOT NULL REFERENCES tuban.person (id),
  second_person_id text REFERENCES tuban.person (id),
  at timestamptz NOT NULL,
  body jsonb NOT NULL
);
CREATE INDEX verdict_task ON tuban.verdict (task_id);

-- The record: each entry holds the hash of the one before. text, not jsonb: its bytes are what was hashed.
CREATE TABLE tuban.audit (
  seq bigint PRIMARY KEY,
  at text NOT NULL,
  person text NOT NULL,
  device text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL UNIQUE
);
CREATE INDEX audit_subject ON tuban.audit (subject, seq);

CREATE FUNCTION tuban.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'tuban.% is append-only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.audit
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER task_step_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.task_step
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER finding_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.finding
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER verdict_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.verdict
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();

-- Who is asking, for policies. They run as their owner, so that a request may ask about itself and nothing more.
CREATE FUNCTION tuban.me() RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT nullif(current_setting('tuban.person', true), '') $$;
CREATE FUNCTION tuban.my_roles() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT g.role), '{}') FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
  WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL $$;
-- Sees every area: has a role that is granted everywhere.
CREATE FUNCTION tuban.sees_all() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
    WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL AND g.area_id IS NULL AND g.role <> 'cron') $$;
CREATE FUNCTION tuban.my_areas() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(DISTINCT g.area_id), '{}') FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
  WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL AND g.area_id IS NOT NULL $$;
CREATE FUNCTION tuban.my_teams() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg(m.team_id), '{}') FROM tuban.team_member m JOIN tuban.person p ON p.id = m.person_id
  WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL $$;
-- Where the record stands; the entry itself may be hidden from the one who adds to it.
CREATE FUNCTION tuban.audit_head() RETURNS TABLE (seq bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$ SELECT a.seq, a.hash FROM tuban.audit a ORDER BY a.seq DESC LIMIT 1 $$;

-- Policies. Restrictive by default: what no policy of tuban_app names is invisible to it.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['area', 'person', 'team', 'team_member', 'grant_of', 'task_file', 'task_opened', 'task_step', 'finding',
    'evidence_file', 'verdict', 'audit', 'task', 'patch', 'site', 'decision', 'issued_answer', 'issued_result', 'issued_version']
  LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

GRANT SELECT ON tuban.area, tuban.team, tuban.team_member, tuban.person, tuban.grant_of TO tuban_app;
CREATE POLICY app_reads ON tuban.area FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_reads ON tuban.team FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_reads ON tuban.team_member FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_reads ON tuban.person FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_reads ON tuban.grant_of FOR SELECT TO tuban_app
  USING (person_id = (SELECT tuban.me()) OR (SELECT tuban.my_roles()) && ARRAY['administrator', 'supervisor']);
GRANT INSERT, UPDATE ON tuban.person, tuban.team TO tuban_app;
GRANT INSERT, DELETE ON tuban.team_member, tuban.grant_of TO tuban_app;
CREATE POLICY app_admits ON tuban.person FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_changes ON tuban.person FOR UPDATE TO tuban_app USING ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_admits ON tuban.team FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_changes ON tuban.team FOR UPDATE TO tuban_app USING ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_admits ON tuban.team_member FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_removes ON tuban.team_member FOR DELETE TO tuban_app USING ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_admits ON tuban.grant_of FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_removes ON tuban.grant_of FOR DELETE TO tuban_app USING ((SELECT tuban.my_roles()) && ARRAY['administrator']);

-- A file is seen by those whose areas hold it, and by those it was given to.
GRANT SELECT, UPDATE ON tuban.task_file TO tuban_app;
CREATE POLICY app_reads ON tuban.task_file FOR SELECT TO tuban_app USING (
  (SELECT tuban.sees_all()) OR areas && (SELECT tuban.my_areas())
  OR assignee = (SELECT tuban.me()) OR holder = (SELECT tuban.me()) OR submitter = (SELECT tuban.me())
  OR team_id = ANY ((SELECT tuban.my_teams())::text[]));
-- The same again: an UPDATE that reads no column does not ask the policy for reading.
CREATE POLICY app_changes ON tuban.task_file FOR UPDATE TO tuban_app USING (
  (SELECT tuban.sees_all()) OR areas && (SELECT tuban.my_areas())
  OR assignee = (SELECT tuban.me()) OR holder = (SELECT tuban.me()) OR submitter = (SELECT tuban.me())
  OR team_id = ANY ((SELECT tuban.my_teams())::text[])) WITH CHECK (true);
-- The place: with the file, unless it is sealed and the one who asks does not plan rounds.
CREATE FUNCTION tuban.sees_sealed() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT tuban.my_roles() && ARRAY['analyst', 'supervisor', 'administrator'] $$;
GRANT SELECT ON tuban.task, tuban.patch, tuban.site, tuban.task_opened, tuban.decision, tuban.issued_answer, tuban.issued_result,
  tuban.issued_version TO tuban_app;
CREATE POLICY app_reads ON tuban.task FOR SELECT TO tuban_app USING (EXISTS (
  SELECT 1 FROM tuban.task_file f WHERE f.task_id = id AND (NOT f.sealed OR (SELECT tuban.sees_sealed()))));
CREATE POLICY app_reads ON tuban.task_opened FOR SELECT TO tuban_app USING (EXISTS (
  SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_opened.task_id AND (NOT f.sealed OR (SELECT tuban.sees_sealed()))));
CREATE INDEX task_patch ON tuban.task (patch_id);
CREATE INDEX task_site ON tuban.task (site_id);
CREATE POLICY app_reads ON tuban.patch FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.task t WHERE t.patch_id = patch.id));
CREATE POLICY app_reads ON tuban.site FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.task t WHERE t.site_id = site.id));
CREATE POLICY app_reads ON tuban.decision FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.task t WHERE t.site_id = decision.site_id));
CREATE POLICY app_reads ON tuban.issued_answer FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = issued_answer.task_id));
CREATE POLICY app_reads ON tuban.issued_result FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.issued_answer a WHERE a.result_id = issued_result.id));
CREATE POLICY app_reads ON tuban.issued_version FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.issued_answer a WHERE a.key_id = issued_version.key_id));

-- What hangs on a file is seen with it and added by the one who acts, never changed.
GRANT SELECT, INSERT ON tuban.task_step, tuban.finding, tuban.evidence_file, tuban.verdict TO tuban_app;
CREATE POLICY app_reads ON tuban.task_step FOR SELECT TO tuban_app USING (EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_step.task_id));
CREATE POLICY app_adds ON tuban.task_step FOR INSERT TO tuban_app WITH CHECK (
  (person_id = (SELECT tuban.me()) OR person_id IS NULL) AND EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_step.task_id));
CREATE POLICY app_reads ON tuban.finding FOR SELECT TO tuban_app USING (EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = finding.task_id));
CREATE POLICY app_adds ON tuban.finding FOR INSERT TO tuban_app WITH CHECK (
  person_id = (SELECT tuban.me()) AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = finding.task_id));
CREATE POLICY app_reads ON tuban.evidence_file FOR SELECT TO tuban_app USING (EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = evidence_file.task_id));
CREATE POLICY app_adds ON tuban.evidence_file FOR INSERT TO tuban_app WITH CHECK (
  person_id = (SELECT tuban.me()) AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = evidence_file.task_id));
CREATE POLICY app_reads ON tuban.verdict FOR SELECT TO tuban_app USING (EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = verdict.task_id));
CREATE POLICY app_adds ON tuban.verdict FOR INSERT TO tuban_app WITH CHECK (
  person_id = (SELECT tuban.me()) AND (SELECT tuban.my_roles()) && ARRAY['reviewer']
  AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = verdict.task_id));

GRANT SELECT, INSERT ON tuban.audit TO tuban_app;
CREATE POLICY app_reads ON tuban.audit FOR SELECT TO tuban_app USING ((SELECT tuban.my_roles()) && ARRAY['administrator', 'supervisor']);
CREATE POLICY app_adds ON tuban.audit FOR INSERT TO tuban_app WITH CHECK (person = (SELECT tuban.me()));
