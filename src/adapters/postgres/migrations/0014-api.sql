-- The API: keys of unsafe requests with their answers, and what a person's pages read of runs and the register.
CREATE TABLE tuban.once_key (
  person_id text NOT NULL REFERENCES tuban.person (id),
  key text NOT NULL,
  request_hash text NOT NULL,
  request_id text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now(),
  answer jsonb,                          -- null: not answered yet, or the program ended in between
  PRIMARY KEY (person_id, key)
);
CREATE INDEX once_key_taken ON tuban.once_key (taken_at);
ALTER TABLE tuban.once_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE tuban.once_key FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON tuban.once_key TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY app_own ON tuban.once_key TO tuban_app
  USING (person_id = (SELECT tuban.me())) WITH CHECK (person_id = (SELECT tuban.me()));
GRANT SELECT, INSERT, DELETE ON tuban.once_key TO tuban_app;
GRANT UPDATE (answer) ON tuban.once_key TO tuban_app;
