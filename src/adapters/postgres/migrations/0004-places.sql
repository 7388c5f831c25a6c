-- Places through time: which became one, what they looked like each quarter, what people decided; and more states of a task.
-- One row per quarter that saw it, so that a quarter worked again replaces what it said and nothing else.
CREATE TABLE tuban.site_merge (
  site_id text NOT NULL REFERENCES tuban.site (id),
  into_id text NOT NULL REFERENCES tuban.site (id),
  quarter text NOT NULL,
  patch_id text NOT NULL,
  PRIMARY KEY (site_id, quarter)
);

CREATE TABLE tuban.site_state (
  site_id text NOT NULL REFERENCES tuban.site (id),
  quarter text NOT NULL,
  state text NOT NULL CHECK (state IN ('changed', 'unchanged', 'recovering', 'recovered', 'not-seen')),
  body jsonb NOT NULL,            -- SiteState of the program
  PRIMARY KEY (site_id, quarter)
);

-- seq is the order of recording, which settles the order of what was decided on one day.
CREATE TABLE tuban.decision (
  seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  id text PRIMARY KEY,
  site_id text NOT NULL REFERENCES tuban.site (id),
  task_id text REFERENCES tuban.task (id),
  kind text NOT NULL CHECK (kind IN
    ('visited', 'dismissed', 'confirmed', 'penalty', 'closed', 'written-off', 'reopened')),
  decided_on date NOT NULL,
  body jsonb NOT NULL,            -- Decision of the program
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX decision_site ON tuban.decision (site_id);
CREATE INDEX decision_task ON tuban.decision (task_id);

-- Append-only: a wrong decision is answered by another one.
CREATE FUNCTION tuban.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'tuban.decision is append-only';
END
$$;
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.decision
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_change();

ALTER TABLE tuban.task DROP CONSTRAINT task_state_check;
ALTER TABLE tuban.task ADD CONSTRAINT task_state_check
  CHECK (state IN ('new', 'decided', 'reserve', 'quiet', 'withdrawn'));
CREATE INDEX patch_site ON tuban.patch (site_id);
