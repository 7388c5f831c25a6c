-- Ranks alone move by the ten thousand with one new patch, and are told to nobody.
DROP TRIGGER task_changed ON tuban.task;
CREATE TRIGGER task_changed AFTER UPDATE OF body, state ON tuban.task FOR EACH ROW
  WHEN (OLD.body - 'rank' IS DISTINCT FROM NEW.body - 'rank' OR OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tuban.note_changed_task();
