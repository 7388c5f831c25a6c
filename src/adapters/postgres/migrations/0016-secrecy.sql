-- Secrecy: who was shown which places; which files left, and whose copy each is; who sees the record.
-- Has one of these roles everywhere. Runs as its owner: a request asks about itself only.
CREATE FUNCTION tuban.everywhere(wanted text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
    WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL AND g.area_id IS NULL AND g.role = ANY (wanted)) $$;

-- The record: whole for supervisors and administrators of everywhere; for those of an area what is about its tasks.
DROP POLICY app_reads ON tuban.audit;
CREATE POLICY app_reads ON tuban.audit FOR SELECT TO tuban_app USING (
  (SELECT tuban.everywhere(ARRAY['administrator', 'supervisor']))
  OR (SELECT tuban.my_roles() && ARRAY['administrator', 'supervisor']) AND (
    EXISTS (SELECT 1 FROM tuban.task_file f WHERE starts_with(subject, 'task:') AND f.task_id = substr(subject, 6))
    OR EXISTS (SELECT 1 FROM tuban.finding i WHERE starts_with(subject, 'finding:') AND i.id = substr(subject, 9))
    OR EXISTS (SELECT 1 FROM tuban.round r WHERE starts_with(subject, 'round:') AND r.id = substr(subject, 7))));
CREATE INDEX audit_person ON tuban.audit (person, seq);

-- A look at places: one row for a person, an hour and a set of tasks. Never a place: ids only. Never changed.
CREATE TABLE tuban.place_read (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id text NOT NULL REFERENCES tuban.person (id),
  at timestamptz NOT NULL,
  hour timestamptz NOT NULL,
  device text NOT NULL,
  means text NOT NULL CHECK (means IN ('file', 'picture', 'list', 'round', 'evidence', 'export')),
  digest text NOT NULL,                  -- of the ids: as the record names the set
  tasks text[] NOT NULL,
  own integer NOT NULL,                  -- how many of them the reader had to do with: assigned, held, handed in, reviewed, or his team's
  in_area integer NOT NULL,              -- how many of the others lie in an area of his grants
  UNIQUE (person_id, hour, means, digest)
);
CREATE INDEX place_read_at ON tuban.place_read (at);
CREATE INDEX place_read_tasks ON tuban.place_read USING gin (tasks);

-- Files that left. sha256 and bytes come when the file is whole, once.
CREATE TABLE tuban.export_log (
  id text PRIMARY KEY,
  at timestamptz NOT NULL,
  person_id text NOT NULL REFERENCES tuban.person (id),
  device text NOT NULL,
  kind text NOT NULL,
  format text NOT NULL,
  quarter text,
  rows integer NOT NULL,
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint
);
CREATE INDEX export_log_at ON tuban.export_log (at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['place_read', 'export_log'] LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;
CREATE TRIGGER place_read_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.place_read
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER export_log_stays BEFORE DELETE OR TRUNCATE ON tuban.export_log
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE FUNCTION tuban.close_export() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.sha256 IS NOT NULL OR (NEW.id, NEW.at, NEW.person_id, NEW.device, NEW.kind, NEW.format, NEW.quarter, NEW.rows)
    IS DISTINCT FROM (OLD.id, OLD.at, OLD.person_id, OLD.device, OLD.kind, OLD.format, OLD.quarter, OLD.rows)
  THEN
    RAISE EXCEPTION 'tuban.export_log is append-only';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER export_log_closes BEFORE UPDATE ON tuban.export_log FOR EACH ROW EXECUTE FUNCTION tuban.close_export();

-- The reader's request cannot read, change or make up rows: it calls this, which takes the person from the turn. True: a new row.
CREATE FUNCTION tuban.note_place_read(seen_at timestamptz, seen_from text, seen_by text, seen_digest text, seen text[]) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  me text := nullif(current_setting('tuban.person', true), '');
  my_teams text[] := tuban.my_teams();
  my_areas text[] := tuban.my_areas();
  added integer;
BEGIN
  INSERT INTO tuban.place_read (person_id, at, hour, device, means, digest, tasks, own, in_area)
  SELECT me, seen_at, date_trunc('hour', seen_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', seen_from, seen_by, seen_digest, seen,
    count(*) FILTER (WHERE mine), count(*) FILTER (WHERE near AND NOT mine)
  FROM (SELECT coalesce(f.assignee = me OR f.holder = me OR f.submitter = me OR f.team_id = ANY (my_teams), false)
      OR me = ANY (f.authors) OR me = ANY (f.reviewers) AS mine, f.areas && my_areas AS near
    FROM tuban.task_file f WHERE f.task_id = ANY (seen)) r
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN added > 0;
END
$$;

GRANT SELECT ON tuban.place_read TO tuban_app;
CREATE POLICY app_reads ON tuban.place_read FOR SELECT TO tuban_app USING (
  (SELECT tuban.everywhere(ARRAY['administrator', 'supervisor'])));
GRANT SELECT, INSERT ON tuban.export_log TO tuban_app;
GRANT UPDATE (sha256, bytes) ON tuban.export_log TO tuban_app;
CREATE POLICY app_reads ON tuban.export_log FOR SELECT TO tuban_app USING (
  person_id = (SELECT tuban.me()) OR (SELECT tuban.everywhere(ARRAY['administrator', 'supervisor'])));
CREATE POLICY app_begins ON tuban.export_log FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND sha256 IS NULL);
CREATE POLICY app_ends ON tuban.export_log FOR UPDATE TO tuban_app USING (person_id = (SELECT tuban.me()) AND sha256 IS NULL)
  WITH CHECK (person_id = (SELECT tuban.me()));
