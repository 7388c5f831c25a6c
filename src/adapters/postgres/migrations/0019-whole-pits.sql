-- A pit is put at no place far away, nor with a task that leaves out what it is.
CREATE OR REPLACE FUNCTION tuban.report_pit(pit jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  outline geometry := ST_SetSRID(ST_GeomFromWKB(decode(pit->>'wkb', 'hex')), 4490);
  point geometry := ST_SetSRID(ST_MakePoint((pit->>'lon')::float8, (pit->>'lat')::float8), 4490);
  pit_id text := pit->>'id';
  task jsonb := pit->'task';
BEGIN
  IF NOT coalesce(tuban.may_report(point), false) THEN
    RAISE EXCEPTION 'row-level security: no pit of this person here' USING ERRCODE = '42501';
  END IF;
  IF pit_id IS DISTINCT FROM (pit->>'quarter') || '-r' || (pit->>'hash') OR NOT ST_Intersects(outline, point)
    OR jsonb_typeof(task) = 'object' AND (task->>'id', task->>'origin', task->>'state', task->>'quarter', task->>'siteId')
      IS DISTINCT FROM ('T' || pit_id, 'reported', 'new', pit->>'quarter', pit->>'siteId') THEN
    RAISE EXCEPTION 'row-level security: not a pit' USING ERRCODE = '42501';
  END IF;
  -- Whoever may see a task of a place sees what was decided about it: no pit is put at a place far away.
  IF pit->>'siteId' <> pit_id AND NOT EXISTS (SELECT 1 FROM tuban.site s WHERE s.id = pit->>'siteId' AND ST_DWithin(s.geom, outline, 0.05)) THEN
    RAISE EXCEPTION 'row-level security: not the place of this pit' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM tuban.reported_pit r WHERE r.id = pit_id) THEN RETURN false; END IF;
  INSERT INTO tuban.site (id, first_quarter, geom) SELECT pit_id, pit->>'quarter', outline WHERE pit->>'siteId' = pit_id ON CONFLICT (id) DO NOTHING;
  INSERT INTO tuban.reported_pit (id, quarter, site_id, detected_id, detected_task, seen_on, geom, body)
    VALUES (pit_id, pit->>'quarter', pit->>'siteId', pit->>'detectedId', pit->>'detectedTask', (pit->>'seenOn')::date, outline, pit->'body');
  IF task IS NULL OR task = 'null' THEN RETURN true; END IF;
  INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
    VALUES (task->>'id', pit->>'quarter', pit_id, pit->>'siteId', (task->>'rank')::integer, (pit->>'score')::float8, 'new', task);
  INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, key, areas)
    SELECT task->>'id', pit->>'quarter', 'new', (task->>'rank')::integer, (pit->>'score')::float8,
      ARRAY(SELECT jsonb_array_elements_text(pit->'violations')), (pit->>'areaM2')::float8, (pit->>'key')::boolean,
      coalesce((SELECT array_agg(a.id ORDER BY ST_Area(a.geom), a.id COLLATE "C") FROM tuban.area a WHERE ST_Covers(a.geom, point)), '{}');
  INSERT INTO tuban.task_opened (task_id, body) VALUES (task->>'id', task);
  RETURN true;
END
$$;
