-- The official calendar as a bureau keeps it, and what people are told. A notice says what kind of thing waits and until when, never where.
CREATE TABLE tuban.calendar_year (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- of a year the last one counts
  year integer NOT NULL,
  body jsonb NOT NULL,            -- CalendarYear of the program
  person_id text REFERENCES tuban.person (id),
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER calendar_year_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.calendar_year
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();

CREATE TABLE tuban.notice (
  id text PRIMARY KEY,            -- hash of person, kind, task and day: told once
  person_id text NOT NULL REFERENCES tuban.person (id),
  kind text NOT NULL,
  task_id text REFERENCES tuban.task_file (task_id),
  due_on date,
  made_at timestamptz NOT NULL,
  seen_at timestamptz,
  delivery_id text                -- the message that carried it; null: not sent yet
);
CREATE INDEX notice_person ON tuban.notice (person_id, made_at DESC);
CREATE INDEX notice_unsent ON tuban.notice (made_at) WHERE delivery_id IS NULL;

-- Messages that leave the system: kept until they were taken, tried again with growing waits.
CREATE TABLE tuban.delivery (
  id text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('mail', 'webhook')),
  person_id text NOT NULL REFERENCES tuban.person (id),
  counts jsonb NOT NULL,          -- kind → number of notices
  earliest_due date,
  made_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL,
  sent_at timestamptz,
  error text,
  PRIMARY KEY (id, channel)
);
CREATE INDEX delivery_open ON tuban.delivery (next_try_at) WHERE sent_at IS NULL;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['calendar_year', 'notice', 'delivery']
  LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;
GRANT SELECT, INSERT ON tuban.calendar_year TO tuban_app;
CREATE POLICY app_reads ON tuban.calendar_year FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_adds ON tuban.calendar_year FOR INSERT TO tuban_app
  WITH CHECK (person_id = (SELECT tuban.me()) AND (SELECT tuban.my_roles()) && ARRAY['administrator']);
GRANT SELECT, INSERT, UPDATE (seen_at) ON tuban.notice TO tuban_app;
CREATE POLICY app_reads ON tuban.notice FOR SELECT TO tuban_app USING (person_id = (SELECT tuban.me()));
CREATE POLICY app_marks ON tuban.notice FOR UPDATE TO tuban_app USING (person_id = (SELECT tuban.me()));
-- Who acts on a file may have others told of it; what a notice says is fixed by its kind.
CREATE POLICY app_tells ON tuban.notice FOR INSERT TO tuban_app WITH CHECK (
  delivery_id IS NULL AND seen_at IS NULL AND EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = notice.task_id));
