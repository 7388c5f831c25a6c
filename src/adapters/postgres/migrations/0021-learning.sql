-- Learning: weights that were proposed from verdicts, and which rule set a person put in force, when and why. Analysts, supervisors and
-- administrators of everywhere read it; administrators of everywhere put a set in force.
CREATE TABLE tuban.weight_proposal (
  id text PRIMARY KEY,
  at timestamptz NOT NULL,
  person_id text NOT NULL REFERENCES tuban.person (id),
  k integer NOT NULL,
  base_hash text NOT NULL,        -- the rule set that it is held against
  state text NOT NULL CHECK (state IN ('fitting', 'proposed', 'refused', 'failed')),
  done_at timestamptz,
  report jsonb,                   -- LearnReport of the program
  rules jsonb,                    -- the JudgementRecipe with the proposed weights
  hash text,                      -- of it
  failure text,                   -- a fault's code
  CHECK ((state = 'fitting') = (done_at IS NULL)),
  CHECK ((state = 'proposed') = (rules IS NOT NULL AND hash IS NOT NULL)),
  CHECK ((state IN ('proposed', 'refused')) = (report IS NOT NULL))
);
CREATE TABLE tuban.rule_adoption (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  person_id text NOT NULL REFERENCES tuban.person (id),
  kind text NOT NULL CHECK (kind IN ('adopt', 'revert')),
  hash text NOT NULL REFERENCES tuban.rule_set (hash),
  before_hash text NOT NULL,
  proposal_id text REFERENCES tuban.weight_proposal (id),
  reason text NOT NULL CHECK (length(btrim(reason)) > 0),
  CHECK ((kind = 'adopt') = (proposal_id IS NOT NULL))
);
CREATE TRIGGER rule_adoption_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.rule_adoption
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER weight_proposal_stays BEFORE DELETE OR TRUNCATE ON tuban.weight_proposal
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE FUNCTION tuban.close_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'fitting' OR (NEW.id, NEW.at, NEW.person_id, NEW.k, NEW.base_hash)
    IS DISTINCT FROM (OLD.id, OLD.at, OLD.person_id, OLD.k, OLD.base_hash)
  THEN
    RAISE EXCEPTION 'tuban.weight_proposal is append-only';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER weight_proposal_closes BEFORE UPDATE ON tuban.weight_proposal FOR EACH ROW EXECUTE FUNCTION tuban.close_proposal();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['weight_proposal', 'rule_adoption', 'rule_set', 'site_state'] LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

GRANT SELECT, INSERT ON tuban.weight_proposal TO tuban_app;
GRANT UPDATE (state, done_at, report, rules, hash, failure) ON tuban.weight_proposal TO tuban_app;
CREATE POLICY app_reads ON tuban.weight_proposal FOR SELECT TO tuban_app USING (
  (SELECT tuban.everywhere(ARRAY['analyst', 'supervisor', 'administrator'])));
CREATE POLICY app_begins ON tuban.weight_proposal FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND state = 'fitting'
  AND (SELECT tuban.everywhere(ARRAY['analyst', 'supervisor', 'administrator'])));
CREATE POLICY app_ends ON tuban.weight_proposal FOR UPDATE TO tuban_app USING (person_id = (SELECT tuban.me()) AND state = 'fitting'
  AND (SELECT tuban.everywhere(ARRAY['analyst', 'supervisor', 'administrator']))) WITH CHECK (person_id = (SELECT tuban.me()));

-- An administrator adopts what was proposed, unchanged, or puts back what was in force before.
GRANT SELECT, INSERT ON tuban.rule_set TO tuban_app;
CREATE POLICY app_reads ON tuban.rule_set FOR SELECT TO tuban_app USING (
  (SELECT tuban.everywhere(ARRAY['analyst', 'supervisor', 'administrator'])));
CREATE POLICY app_adds ON tuban.rule_set FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.administers()));
GRANT SELECT, INSERT ON tuban.rule_adoption TO tuban_app;
CREATE POLICY app_reads ON tuban.rule_adoption FOR SELECT TO tuban_app USING (
  (SELECT tuban.everywhere(ARRAY['analyst', 'supervisor', 'administrator'])));
CREATE POLICY app_adopts ON tuban.rule_adoption FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND (SELECT tuban.administers())
  AND (kind = 'revert' OR EXISTS (SELECT 1 FROM tuban.weight_proposal w WHERE w.id = proposal_id AND w.state = 'proposed'
    AND w.hash = rule_adoption.hash AND w.base_hash = before_hash)));

-- What a place looked like in the next quarter's comparison: for the report of reading.
GRANT SELECT ON tuban.site_state TO tuban_app;
CREATE POLICY app_reads ON tuban.site_state FOR SELECT TO tuban_app USING (
  (SELECT tuban.everywhere(ARRAY['administrator', 'supervisor'])));
