-- Why a file was opened as one of a key patch, in sentences (they may name a title: withheld with the place). Null: opened before this was kept.
ALTER TABLE tuban.task_opened ADD COLUMN key_why jsonb;

-- A pit brings its own: as before, and then why.
ALTER FUNCTION tuban.report_pit(jsonb) RENAME TO put_pit;
REVOKE ALL ON FUNCTION tuban.put_pit(jsonb) FROM PUBLIC, tuban_app;
CREATE FUNCTION tuban.report_pit(pit jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT tuban.put_pit(pit) THEN
    RETURN false;
  END IF;
  UPDATE tuban.task_opened SET key_why = pit->'keyWhy' WHERE task_id = pit->'task'->>'id' AND jsonb_typeof(pit->'keyWhy') = 'array';
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION tuban.report_pit(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tuban.report_pit(jsonb) TO tuban_app;
