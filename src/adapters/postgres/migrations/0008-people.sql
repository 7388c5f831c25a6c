-- People sign in; only administrators of everywhere change who may do what. The tables of secrets belong to the engine alone: a request
-- reaches them through the functions below, each of which asks who it is.

-- An administrator whose grant holds everywhere. One of an area plans there, but gives no rights: he would give himself more.
CREATE FUNCTION tuban.administers() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
    WHERE p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL
      AND g.role = 'administrator' AND g.area_id IS NULL) $$;

REVOKE UPDATE ON tuban.person, tuban.team FROM tuban_app;
GRANT UPDATE (name, phone, email, disabled_at) ON tuban.person TO tuban_app;
GRANT UPDATE (name) ON tuban.team TO tuban_app;
DROP POLICY app_admits ON tuban.person;
DROP POLICY app_changes ON tuban.person;
DROP POLICY app_admits ON tuban.team;
DROP POLICY app_changes ON tuban.team;
DROP POLICY app_admits ON tuban.team_member;
DROP POLICY app_removes ON tuban.team_member;
DROP POLICY app_admits ON tuban.grant_of;
DROP POLICY app_removes ON tuban.grant_of;
CREATE POLICY app_admits ON tuban.person FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.administers()) AND id <> 'system');
CREATE POLICY app_changes ON tuban.person FOR UPDATE TO tuban_app USING ((SELECT tuban.administers()) AND id <> 'system');
CREATE POLICY app_admits ON tuban.team FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.administers()));
CREATE POLICY app_changes ON tuban.team FOR UPDATE TO tuban_app USING ((SELECT tuban.administers()));
CREATE POLICY app_admits ON tuban.team_member FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.administers()) AND person_id <> 'system');
CREATE POLICY app_removes ON tuban.team_member FOR DELETE TO tuban_app USING ((SELECT tuban.administers()));
CREATE POLICY app_admits ON tuban.grant_of FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.administers()) AND person_id <> 'system');
CREATE POLICY app_removes ON tuban.grant_of FOR DELETE TO tuban_app USING ((SELECT tuban.administers()));

CREATE TABLE tuban.password (
  person_id text PRIMARY KEY REFERENCES tuban.person (id),
  hash text NOT NULL,                    -- argon2id, PHC format
  must_change boolean NOT NULL,          -- made by somebody else
  set_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE tuban.second_factor (
  person_id text PRIMARY KEY REFERENCES tuban.person (id),
  secret text NOT NULL,                  -- encrypted with the workspace's key file
  confirmed_at timestamptz,              -- null: begun, not yet asked for
  last_step bigint NOT NULL DEFAULT 0    -- a code counts once
);
CREATE TABLE tuban.recovery_code (
  person_id text NOT NULL REFERENCES tuban.person (id),
  hash text NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (person_id, hash)
);
CREATE TABLE tuban.sign_in_session (
  hash text PRIMARY KEY,                 -- SHA-256 of the cookie's secret
  id text NOT NULL UNIQUE,
  person_id text NOT NULL REFERENCES tuban.person (id),
  device text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sign_in_session_person ON tuban.sign_in_session (person_id) WHERE ended_at IS NULL;
CREATE TABLE tuban.access_token (
  hash text PRIMARY KEY,
  id text NOT NULL UNIQUE,
  person_id text NOT NULL REFERENCES tuban.person (id),
  name text NOT NULL,
  scope text[] NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);
-- Failed tries, by login (its hash: people type passwords there) and by network address.
CREATE TABLE tuban.sign_in_try (
  subject text PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL
);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['password', 'second_factor', 'recovery_code', 'sign_in_session', 'access_token', 'sign_in_try']
  LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

-- Whether the turn may touch a person's secrets: the engine (it never took the role of requests), the person, an administrator.
CREATE FUNCTION tuban.may_secure(who text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT who <> 'system' AND (current_setting('role') <> 'tuban_app' OR who = tuban.me() OR tuban.administers()) $$;
CREATE FUNCTION tuban.refuse_insecure(who text) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
  IF NOT coalesce(tuban.may_secure(who), false) THEN
    RAISE EXCEPTION 'row-level security: not the secrets of another person' USING ERRCODE = '42501';
  END IF;
END
$$;

CREATE FUNCTION tuban.set_password(who text, fresh text, by_other boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who);
  INSERT INTO tuban.password (person_id, hash, must_change) VALUES (who, fresh, by_other)
    ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, must_change = excluded.must_change, set_at = now();
END
$$;
CREATE FUNCTION tuban.begin_second_factor(who text, encrypted text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who);
  INSERT INTO tuban.second_factor (person_id, secret) VALUES (who, encrypted)
    ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE second_factor.confirmed_at IS NULL;
END
$$;
-- False: nothing to confirm, or the code's step was used.
CREATE FUNCTION tuban.confirm_second_factor(who text, step bigint, codes jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who);
  UPDATE tuban.second_factor SET confirmed_at = now(), last_step = step
    WHERE person_id = who AND confirmed_at IS NULL AND last_step < step;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM tuban.recovery_code WHERE person_id = who;
  INSERT INTO tuban.recovery_code (person_id, hash) SELECT who, jsonb_array_elements_text(codes);
  RETURN true;
END
$$;
CREATE FUNCTION tuban.end_second_factor(who text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who);
  DELETE FROM tuban.recovery_code WHERE person_id = who;
  DELETE FROM tuban.second_factor WHERE person_id = who;
  RETURN FOUND;
END
$$;
CREATE FUNCTION tuban.end_sessions(who text, tokens boolean) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
DECLARE
  ended integer;
  revoked integer := 0;
BEGIN
  PERFORM tuban.refuse_insecure(who);
  UPDATE tuban.sign_in_session SET ended_at = now() WHERE person_id = who AND ended_at IS NULL AND expires_at > now();
  GET DIAGNOSTICS ended = ROW_COUNT;
  IF tokens THEN
    UPDATE tuban.access_token SET revoked_at = now() WHERE person_id = who AND revoked_at IS NULL AND expires_at > now();
    GET DIAGNOSTICS revoked = ROW_COUNT;
  END IF;
  RETURN ended + revoked;
END
$$;
CREATE FUNCTION tuban.add_token(who text, token_id text, token_hash text, called text, rights jsonb, days integer) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who);
  INSERT INTO tuban.access_token (hash, id, person_id, name, scope, expires_at)
    SELECT token_hash, token_id, who, called, ARRAY(SELECT jsonb_array_elements_text(rights)), now() + make_interval(days => days);
END
$$;
CREATE FUNCTION tuban.revoke_token(token_id text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE tuban.access_token SET revoked_at = now()
    WHERE id = token_id AND revoked_at IS NULL AND tuban.may_secure(person_id);
  RETURN FOUND;
END
$$;
CREATE FUNCTION tuban.secured(who text) RETURNS TABLE (password boolean, must_change boolean, totp boolean, recovery integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT p.person_id IS NOT NULL, coalesce(p.must_change, false), f.confirmed_at IS NOT NULL,
    (SELECT count(*)::int FROM tuban.recovery_code r WHERE r.person_id = who AND r.used_at IS NULL)
  FROM (SELECT who AS id) w LEFT JOIN tuban.password p ON p.person_id = w.id LEFT JOIN tuban.second_factor f ON f.person_id = w.id
  WHERE tuban.may_secure(who) $$;
CREATE FUNCTION tuban.sessions_of(who text)
  RETURNS TABLE (id text, device text, made_at timestamptz, seen_at timestamptz, expires_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.id, s.device, s.made_at, s.seen_at, s.expires_at FROM tuban.sign_in_session s
  WHERE s.person_id = who AND s.ended_at IS NULL AND s.expires_at > now() AND tuban.may_secure(who)
  ORDER BY s.made_at, s.id $$;
-- who null: of everybody whose secrets the turn may touch.
CREATE FUNCTION tuban.tokens_of(who text) RETURNS TABLE (id text, person_id text, name text, scope text[], made_at timestamptz,
    expires_at timestamptz, last_used_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT t.id, t.person_id, t.name, t.scope, t.made_at, t.expires_at, t.last_used_at FROM tuban.access_token t
  WHERE (who IS NULL OR t.person_id = who) AND t.revoked_at IS NULL AND t.expires_at > now() AND tuban.may_secure(t.person_id)
  ORDER BY t.made_at, t.id $$;
