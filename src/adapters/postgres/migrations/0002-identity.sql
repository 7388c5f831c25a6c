-- Who this database is: names its queue, so that two bureaus can share one Redis.
CREATE TABLE tuban.identity (
  id text PRIMARY KEY DEFAULT replace(gen_random_uuid()::text, '-', ''),
  made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO tuban.identity DEFAULT VALUES;
