-- Versions of register polygons: imports in the order of recording, which rows each of them held, and what a row is a version of.
ALTER TABLE tuban.layer_file ADD COLUMN seq bigint;
UPDATE tuban.layer_file f SET seq = o.n
FROM (SELECT id, row_number() OVER (ORDER BY imported_at, id COLLATE "C") AS n FROM tuban.layer_file) o WHERE o.id = f.id;
ALTER TABLE tuban.layer_file ALTER COLUMN seq SET NOT NULL;
ALTER TABLE tuban.layer_file ADD CONSTRAINT layer_file_seq UNIQUE (seq);
-- the complete list of its kind from valid_from on
ALTER TABLE tuban.layer_file ADD COLUMN complete boolean NOT NULL DEFAULT false;

CREATE TABLE tuban.layer_row (
  layer_file_id text NOT NULL REFERENCES tuban.layer_file (id),
  boundary_id text NOT NULL REFERENCES tuban.boundary (id),
  row_no integer NOT NULL,
  PRIMARY KEY (layer_file_id, boundary_id)
);
INSERT INTO tuban.layer_row (layer_file_id, boundary_id, row_no) SELECT layer_file_id, id, row_no FROM tuban.boundary;

ALTER TABLE tuban.boundary ADD COLUMN lineage text;
ALTER TABLE tuban.boundary ADD COLUMN meaning text;          -- hash of what the row says; rows of before this column: their id
ALTER TABLE tuban.boundary ADD COLUMN effective_from date;
UPDATE tuban.boundary SET meaning = id, lineage = CASE
  WHEN kind IN ('licences', 'exploration') AND number IS NOT NULL
    THEN kind || '|no|' || upper(regexp_replace(normalize(number, NFKC), '\s', '', 'g'))
  WHEN kind IN ('keyzones', 'admin') AND number IS NOT NULL
    THEN kind || '|' || upper(regexp_replace(normalize(concat_ws('|', number, coalesce(body->>'name', ''), coalesce(body->>'zoneKind', '')), NFKC), '\s', '', 'g'))
  WHEN kind NOT IN ('keyzones', 'admin') AND (number IS NOT NULL OR body->>'name' IS NOT NULL)
    THEN kind || '|' || upper(regexp_replace(normalize(concat_ws('|', coalesce(number, ''), coalesce(body->>'name', ''), coalesce(body->>'holder', '')), NFKC), '\s', '', 'g'))
  ELSE id END;
ALTER TABLE tuban.boundary ALTER COLUMN lineage SET NOT NULL;
ALTER TABLE tuban.boundary ALTER COLUMN meaning SET NOT NULL;
CREATE INDEX boundary_lineage ON tuban.boundary (lineage);
