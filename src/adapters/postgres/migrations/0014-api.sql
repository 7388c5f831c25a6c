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

-- A polygon that is never drawn (as isSecret of the program says; a test holds them together).
ALTER TABLE tuban.boundary ADD COLUMN secret boolean NOT NULL GENERATED ALWAYS AS (
  coalesce(normalize(body->>'zoneKind', NFKC) ~* '军事|涉密|保密|机密|military|secret', false)) STORED;

-- What pages read: the quarters' runs, the register without its secret areas, what became of each polygon. Of stage results nothing.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['run', 'boundary', 'layer_file', 'layer_row', 'observation'] LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;
GRANT SELECT (id, quarter, recipe_hash, state, plan, summary, created_at, finished_at) ON tuban.run TO tuban_app;
CREATE POLICY app_reads ON tuban.run FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
GRANT SELECT (id, kind, seq, valid_from, complete) ON tuban.layer_file TO tuban_app;
CREATE POLICY app_reads ON tuban.layer_file FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
GRANT SELECT ON tuban.layer_row TO tuban_app;
CREATE POLICY app_reads ON tuban.layer_row FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
GRANT SELECT ON tuban.boundary TO tuban_app;
CREATE POLICY app_reads ON tuban.boundary FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL AND NOT secret);
-- Which polygons changed tells where sealed tasks are: for those who plan rounds, in their areas.
GRANT SELECT ON tuban.observation TO tuban_app;
CREATE POLICY app_reads ON tuban.observation FOR SELECT TO tuban_app USING (
  (SELECT tuban.sees_sealed()) AND EXISTS (
    SELECT 1 FROM tuban.boundary b WHERE b.id = observation.boundary_id AND ((SELECT tuban.sees_all()) OR EXISTS (
      SELECT 1 FROM tuban.area a WHERE a.id = ANY ((SELECT tuban.my_areas())::text[]) AND ST_Intersects(a.geom, b.geom)))));
