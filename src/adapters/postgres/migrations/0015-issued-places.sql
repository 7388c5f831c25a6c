-- The place of every issued patch with an outline: worked out from imports and earlier ground by runs and comparisons alike, so that it
-- is the same whichever comes first. One row per key.
CREATE TABLE tuban.issued_place (
  key_id text PRIMARY KEY,
  patch_id text NOT NULL,         -- the patch's id in the queue
  quarter text NOT NULL,          -- of issue
  site_id text NOT NULL REFERENCES tuban.site (id)
);
CREATE INDEX issued_place_site ON tuban.issued_place (site_id);
CREATE INDEX issued_place_quarter ON tuban.issued_place (quarter);

INSERT INTO tuban.issued_place (key_id, patch_id, quarter, site_id)
SELECT DISTINCT a.key_id, v.quarter || '-' || lower(a.key_id), v.quarter, s.id
FROM tuban.issued_answer a JOIN tuban.issued_version v ON v.key_id = a.key_id JOIN tuban.site s ON s.id = a.site_id;
