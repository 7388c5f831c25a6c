-- The foundation: scenes, register layers, runs with their stage results, patches, observations, tasks.
-- Geometry is lon/lat EPSG:4490, written by the program; SQL only narrows candidates and never computes an exported number.
CREATE SCHEMA IF NOT EXISTS tuban;

CREATE TABLE tuban.scene (
  id text PRIMARY KEY,
  sha256 text NOT NULL,
  path text NOT NULL,
  acquired_on date NOT NULL,
  quarter text NOT NULL,
  sensor text NOT NULL,
  gsd_m double precision NOT NULL,
  valid_share double precision NOT NULL,
  footprint geometry(MultiPolygon, 4490) NOT NULL,
  -- the whole Scene of the program (grid, bands, masks, file facts)
  body jsonb NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scene_quarter ON tuban.scene (quarter);
CREATE INDEX scene_footprint ON tuban.scene USING gist (footprint);

CREATE TABLE tuban.layer_file (
  id text PRIMARY KEY,            -- kind + hash of content and reading options
  kind text NOT NULL,
  name text NOT NULL,             -- file name without folder
  sha256 text NOT NULL,
  valid_from date,
  report jsonb NOT NULL,          -- encoding, CRS, assumptions, repaired and refused rows
  imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tuban.boundary (
  id text PRIMARY KEY,
  layer_file_id text NOT NULL REFERENCES tuban.layer_file (id),
  kind text NOT NULL,
  row_no integer NOT NULL,
  number text,
  valid_from date,
  valid_to date,
  geom geometry(MultiPolygon, 4490) NOT NULL,
  body jsonb NOT NULL             -- the whole Boundary of the program, without geometry
);
CREATE INDEX boundary_kind ON tuban.boundary (kind);
CREATE INDEX boundary_geom ON tuban.boundary USING gist (geom);

CREATE TABLE tuban.run (
  id text PRIMARY KEY,            -- quarter + hash(scenes, layers, recipe)
  quarter text NOT NULL,
  input_hash text NOT NULL,
  recipe jsonb NOT NULL,
  recipe_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'running', 'done', 'failed')),
  plan jsonb NOT NULL,            -- pairs, blocks, stages: what is to be done
  summary jsonb,
  fault jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX run_quarter ON tuban.run (quarter, created_at);

-- Result and done-mark of a stage in one row: written in one transaction, never changed.
-- key = hash of everything that decides the result, so that a later run with the same inputs finds it again.
CREATE TABLE tuban.stage_result (
  stage text NOT NULL,
  key text NOT NULL,
  body jsonb NOT NULL,
  payload bytea,
  done_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stage, key)
);

CREATE TABLE tuban.site (
  id text PRIMARY KEY,            -- id of its first patch
  first_quarter text NOT NULL,
  geom geometry(MultiPolygon, 4490) NOT NULL
);
CREATE INDEX site_geom ON tuban.site USING gist (geom);

CREATE TABLE tuban.patch (
  id text PRIMARY KEY,
  quarter text NOT NULL,
  run_id text NOT NULL REFERENCES tuban.run (id),
  site_id text NOT NULL REFERENCES tuban.site (id),
  geom geometry(MultiPolygon, 4490) NOT NULL,
  score double precision NOT NULL,
  body jsonb NOT NULL             -- JudgedPatch without geometry
);
CREATE INDEX patch_quarter ON tuban.patch (quarter, score DESC);
CREATE INDEX patch_geom ON tuban.patch USING gist (geom);

CREATE TABLE tuban.observation (
  boundary_id text NOT NULL REFERENCES tuban.boundary (id),
  quarter text NOT NULL,
  run_id text NOT NULL REFERENCES tuban.run (id),
  result text NOT NULL CHECK (result IN ('changed', 'unchanged', 'not-seen')),
  body jsonb NOT NULL,
  PRIMARY KEY (boundary_id, quarter)
);

CREATE TABLE tuban.task (
  id text PRIMARY KEY,
  quarter text NOT NULL,
  patch_id text NOT NULL,
  site_id text NOT NULL REFERENCES tuban.site (id),
  rank integer NOT NULL,
  score double precision NOT NULL,
  state text NOT NULL CHECK (state IN ('new', 'withdrawn')),
  body jsonb NOT NULL,            -- frozen score, reasons and inputs
  published_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_quarter ON tuban.task (quarter, rank);
