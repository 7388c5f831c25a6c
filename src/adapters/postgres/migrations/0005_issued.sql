-- Patches issued from above, what the comparison with the newest imagery said of each, and the task that carries it.
CREATE TABLE tuban.issued_batch (
  id text PRIMARY KEY,            -- hash of contents, origin and reading options
  seq bigint GENERATED ALWAYS AS IDENTITY,
  source text NOT NULL,
  quarter text NOT NULL,
  name text NOT NULL,             -- file name without folder
  sha256 text NOT NULL,
  report jsonb NOT NULL,          -- fields as declared, encoding, CRS, counts, refused rows, notes
  imported_at timestamptz NOT NULL DEFAULT now()
);

-- Append-only: the version that came last counts, the others stay.
CREATE TABLE tuban.issued_version (
  content_id text NOT NULL,       -- hash of key and content
  batch_id text NOT NULL REFERENCES tuban.issued_batch (id),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  key_id text NOT NULL,           -- hash of source, quarter, county and number
  source text NOT NULL,
  quarter text NOT NULL,
  county text,
  number text NOT NULL,
  geom geometry(MultiPolygon, 4490), -- null: refused
  body jsonb NOT NULL,            -- the whole IssuedPatch, without geometry
  PRIMARY KEY (content_id, batch_id)
);
CREATE INDEX issued_version_key ON tuban.issued_version (key_id, seq DESC);
CREATE INDEX issued_version_quarter ON tuban.issued_version (quarter, source);
CREATE INDEX issued_version_geom ON tuban.issued_version USING gist (geom);

-- Every row of every file, repetitions included.
CREATE TABLE tuban.issued_row (
  batch_id text NOT NULL REFERENCES tuban.issued_batch (id),
  row_no integer NOT NULL,
  key_id text NOT NULL,
  content_id text NOT NULL,
  PRIMARY KEY (batch_id, row_no)
);

-- Append-only. id = hash of everything that decided the result: the same inputs again add nothing.
CREATE TABLE tuban.issued_result (
  id text PRIMARY KEY,
  key_id text NOT NULL,
  content_id text NOT NULL,
  result text NOT NULL CHECK (result IN ('grown', 'no-visible-change', 'recovered', 'not-seen', 'no-outline')),
  body jsonb NOT NULL,            -- answer and judgement
  compared_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX issued_result_key ON tuban.issued_result (key_id);

-- What stands: one row per key.
CREATE TABLE tuban.issued_answer (
  key_id text PRIMARY KEY,
  result_id text NOT NULL REFERENCES tuban.issued_result (id),
  site_id text,
  task_id text
);
CREATE INDEX issued_answer_task ON tuban.issued_answer (task_id);
