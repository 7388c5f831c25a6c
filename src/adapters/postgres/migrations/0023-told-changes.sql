-- Tasks that a run, judging again or a decision made otherwise while a file was open: whom it concerns is told at the next look at the clocks.
CREATE TABLE tuban.changed_task (
  task_id text PRIMARY KEY REFERENCES tuban.task_file (task_id)
);
ALTER TABLE tuban.changed_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE tuban.changed_task FORCE ROW LEVEL SECURITY;
CREATE POLICY engine ON tuban.changed_task TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE FUNCTION tuban.note_changed_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO tuban.changed_task (task_id) SELECT f.task_id FROM tuban.task_file f WHERE f.task_id = NEW.id ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER task_changed AFTER UPDATE OF body, state ON tuban.task FOR EACH ROW
  WHEN (OLD.body IS DISTINCT FROM NEW.body OR OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tuban.note_changed_task();
