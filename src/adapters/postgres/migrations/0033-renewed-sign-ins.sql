-- A sign-in is renewed by proving once more who it is (password, and the one-time code where there is one); the session stays the same. A column of its
-- own: when the session was made is still told. Requests reach neither column: the table is not theirs (migration 0008).
ALTER TABLE tuban.sign_in_session ADD COLUMN proved_at timestamptz;

-- console, fresh (signed in, or proved again, within half an hour), old, token.
CREATE OR REPLACE FUNCTION tuban.signed_in() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE split_part(c, ':', 1)
    WHEN '' THEN 'console'
    WHEN 'session' THEN CASE WHEN EXISTS (SELECT 1 FROM tuban.sign_in_session s WHERE s.id = split_part(c, ':', 2)
      AND s.person_id = tuban.me() AND s.ended_at IS NULL AND greatest(s.made_at, s.proved_at) > now() - interval '30 minutes') THEN 'fresh' ELSE 'old' END
    ELSE 'token' END
  FROM (SELECT coalesce(current_setting('tuban.credential', true), '')) AS of (c) $$;
