-- The flow: what a file needs beside its state, parts of a task, who answers for an area, and what holds whatever the program does.
ALTER TABLE tuban.task_file
  ADD COLUMN listed text NOT NULL DEFAULT 'new',             -- what the newest run makes of the task
  ADD COLUMN lease_extensions integer NOT NULL DEFAULT 0,    -- of this lease
  ADD COLUMN authors text[] NOT NULL DEFAULT '{}',           -- everyone who ever submitted it: none of them reviews it
  ADD COLUMN reviewers text[] NOT NULL DEFAULT '{}',         -- who approved what was submitted last: none of them gives a second level's review
  ADD COLUMN extension_asked date,
  ADD COLUMN acknowledged text;                              -- hash of the change that a person took note of
ALTER TABLE tuban.task_file
  ADD CONSTRAINT task_file_state CHECK (state IN ('new', 'assigned', 'claimed', 'field', 'submitted', 'returned', 'verdict', 'case', 'closed',
    'bad-imagery', 'unreachable', 'merged', 'split')),
  ADD CONSTRAINT task_file_one_holder CHECK (
    (state IN ('claimed', 'field')) = (holder IS NOT NULL) AND (holder IS NULL) = (lease_until IS NULL)),
  ADD CONSTRAINT task_file_review CHECK ((state = 'submitted') = (review_level IS NOT NULL));

-- Pages of the list: by rank, by deadline; and what waits for review.
CREATE INDEX task_file_rank ON tuban.task_file (rank, task_id);
CREATE INDEX task_file_due ON tuban.task_file (deadline, task_id) WHERE deadline IS NOT NULL;
CREATE INDEX task_file_review_list ON tuban.task_file (deadline, task_id) WHERE state = 'submitted';
CREATE INDEX task_file_state ON tuban.task_file (state, rank, task_id);
CREATE INDEX task_file_submitter ON tuban.task_file (submitter) WHERE submitter IS NOT NULL;
CREATE INDEX task_file_team ON tuban.task_file (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX task_file_split ON tuban.task_file (split_from) WHERE split_from IS NOT NULL;
CREATE INDEX task_step_task ON tuban.task_step (task_id, revision);

-- What a request may write of a file: not whose area it is, nor what it was opened with.
REVOKE UPDATE ON tuban.task_file FROM tuban_app;
GRANT UPDATE (state, revision, key, team_id, assignee, holder, lease_until, lease_no, lease_extensions, round_id, sealed, submitter, authors, reviewers,
  review_level, returned, deadline, deadline_provisional, extension_asked, acknowledged, merged_into, changed_at) ON tuban.task_file TO tuban_app;

-- The file knows what a run or a decision makes of its task, whoever writes it.
CREATE FUNCTION tuban.list_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE tuban.task_file SET listed = NEW.state WHERE task_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER task_listed AFTER UPDATE OF state ON tuban.task FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tuban.list_again();

-- A part of a task that was split: a task of its own, that no run makes or withdraws.
ALTER TABLE tuban.task ADD COLUMN split_from text REFERENCES tuban.task (id);
-- Areas of a task that the one who asks may split; null = he may not. Its parts lie in the same areas.
CREATE FUNCTION tuban.may_split(whole text) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT f.areas FROM tuban.task_file f WHERE f.task_id = whole
    AND tuban.my_roles() && ARRAY['analyst', 'supervisor', 'administrator'] AND (tuban.sees_all() OR f.areas && tuban.my_areas()) $$;
GRANT INSERT ON tuban.task, tuban.task_file, tuban.task_opened TO tuban_app;
CREATE POLICY app_splits ON tuban.task FOR INSERT TO tuban_app WITH CHECK (
  state = 'new' AND tuban.may_split(split_from) IS NOT NULL);
CREATE POLICY app_splits ON tuban.task_file FOR INSERT TO tuban_app WITH CHECK (
  state = 'new' AND revision = 1 AND areas = tuban.may_split(split_from));
CREATE POLICY app_splits ON tuban.task_opened FOR INSERT TO tuban_app WITH CHECK (
  (SELECT tuban.my_roles()) && ARRAY['analyst', 'supervisor', 'administrator']
  AND EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = task_opened.task_id AND f.split_from IS NOT NULL));

-- Who answers for an area: teams, persons, or both.
CREATE TABLE tuban.responsible (
  area_id text NOT NULL REFERENCES tuban.area (id),
  team_id text REFERENCES tuban.team (id),
  person_id text REFERENCES tuban.person (id),
  CHECK ((team_id IS NULL) <> (person_id IS NULL)),
  UNIQUE NULLS NOT DISTINCT (area_id, team_id, person_id)
);
ALTER TABLE tuban.responsible ENABLE ROW LEVEL SECURITY;
ALTER TABLE tuban.responsible FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON tuban.responsible TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON tuban.responsible TO tuban_app;
CREATE POLICY app_reads ON tuban.responsible FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_admits ON tuban.responsible FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_removes ON tuban.responsible FOR DELETE TO tuban_app USING ((SELECT tuban.my_roles()) && ARRAY['administrator']);

-- Ids of those who have a role for an area that holds a task: whom to tell. Nothing else of their rights.
CREATE FUNCTION tuban.people_for(wanted text, at_level text, holding text[]) RETURNS TABLE (id text) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT DISTINCT p.id FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
  WHERE g.role = wanted AND (at_level IS NULL OR g.level = at_level) AND p.disabled_at IS NULL AND p.kind = 'person'
    AND (g.area_id IS NULL OR g.area_id = ANY (holding))
    AND current_setting('tuban.person', true) <> '' $$;
-- How many files each person has in hand, wherever they lie: whom to give the next one.
CREATE FUNCTION tuban.work_load() RETURNS TABLE (person_id text, open integer) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT coalesce(f.holder, f.assignee), count(*)::integer FROM tuban.task_file f
  WHERE f.state IN ('assigned', 'claimed', 'field', 'returned') AND coalesce(f.holder, f.assignee) IS NOT NULL
    AND tuban.my_roles() && ARRAY['analyst', 'supervisor', 'administrator']
  GROUP BY 1 $$;
