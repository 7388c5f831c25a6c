-- A turn knows by which sign-in it came (`tuban.credential`: `session:ID`, `token:ID`; empty: the console of the workspace's owner). One that was ended
-- meanwhile changes nothing any more; and what opens other doors (passwords, one-time codes, tokens, the role of administrators) is for a person who
-- signed in a short while ago, never for a token.
CREATE FUNCTION tuban.credential_holds() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE split_part(c, ':', 1)
    WHEN '' THEN true
    WHEN 'session' THEN EXISTS (SELECT 1 FROM tuban.sign_in_session s WHERE s.id = split_part(c, ':', 2)
      AND s.person_id = tuban.me() AND s.ended_at IS NULL AND s.expires_at > now())
    WHEN 'token' THEN EXISTS (SELECT 1 FROM tuban.access_token t WHERE t.id = split_part(c, ':', 2)
      AND t.person_id = tuban.me() AND t.revoked_at IS NULL AND t.expires_at > now())
    ELSE false END
  FROM (SELECT coalesce(current_setting('tuban.credential', true), '')) AS of (c) $$;

-- console, fresh (signed in within half an hour), old, token.
CREATE FUNCTION tuban.signed_in() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE split_part(c, ':', 1)
    WHEN '' THEN 'console'
    WHEN 'session' THEN CASE WHEN EXISTS (SELECT 1 FROM tuban.sign_in_session s WHERE s.id = split_part(c, ':', 2)
      AND s.person_id = tuban.me() AND s.ended_at IS NULL AND s.made_at > now() - interval '30 minutes') THEN 'fresh' ELSE 'old' END
    ELSE 'token' END
  FROM (SELECT coalesce(current_setting('tuban.credential', true), '')) AS of (c) $$;

CREATE FUNCTION tuban.refuse_unfresh() RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tuban.signed_in() NOT IN ('console', 'fresh') THEN
    RAISE EXCEPTION 'row-level security: not without a fresh sign-in' USING ERRCODE = '42501';
  END IF;
END
$$;

-- One's own password is changed by whoever knows the old one; by a token never.
CREATE OR REPLACE FUNCTION tuban.set_password(who text, fresh text, by_other boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who);
  IF who <> tuban.me() OR tuban.signed_in() = 'token' THEN PERFORM tuban.refuse_unfresh(); END IF;
  INSERT INTO tuban.password (person_id, hash, must_change) VALUES (who, fresh, by_other)
    ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, must_change = excluded.must_change, set_at = now();
END
$$;
CREATE OR REPLACE FUNCTION tuban.begin_second_factor(who text, encrypted text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who), tuban.refuse_unfresh();
  INSERT INTO tuban.second_factor (person_id, secret) VALUES (who, encrypted)
    ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE second_factor.confirmed_at IS NULL;
END
$$;
CREATE OR REPLACE FUNCTION tuban.confirm_second_factor(who text, step bigint, codes jsonb) RETURNS boolean LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who), tuban.refuse_unfresh();
  UPDATE tuban.second_factor SET confirmed_at = now(), last_step = step
    WHERE person_id = who AND confirmed_at IS NULL AND last_step < step;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM tuban.recovery_code WHERE person_id = who;
  INSERT INTO tuban.recovery_code (person_id, hash) SELECT who, jsonb_array_elements_text(codes);
  RETURN true;
END
$$;
CREATE OR REPLACE FUNCTION tuban.end_second_factor(who text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who), tuban.refuse_unfresh();
  DELETE FROM tuban.recovery_code WHERE person_id = who;
  DELETE FROM tuban.second_factor WHERE person_id = who;
  RETURN FOUND;
END
$$;
CREATE OR REPLACE FUNCTION tuban.add_token(who text, token_id text, token_hash text, called text, rights jsonb, days integer) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM tuban.refuse_insecure(who), tuban.refuse_unfresh();
  INSERT INTO tuban.access_token (hash, id, person_id, name, scope, expires_at)
    SELECT token_hash, token_id, who, called, ARRAY(SELECT jsonb_array_elements_text(rights)), now() + make_interval(days => days);
END
$$;

-- The role of an administrator is given and taken, and an administrator changed, disabled or enabled, after a fresh sign-in only.
CREATE FUNCTION tuban.is_administrator(who text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.grant_of g WHERE g.person_id = who AND g.role = 'administrator' AND tuban.administers()) $$;
DROP POLICY app_admits ON tuban.grant_of;
DROP POLICY app_removes ON tuban.grant_of;
CREATE POLICY app_admits ON tuban.grant_of FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.administers()) AND person_id <> 'system'
  AND (role <> 'administrator' OR (SELECT tuban.signed_in()) IN ('console', 'fresh')));
CREATE POLICY app_removes ON tuban.grant_of FOR DELETE TO tuban_app USING ((SELECT tuban.administers())
  AND (role <> 'administrator' OR (SELECT tuban.signed_in()) IN ('console', 'fresh')));
DROP POLICY app_changes ON tuban.person;
CREATE POLICY app_changes ON tuban.person FOR UPDATE TO tuban_app USING ((SELECT tuban.administers()) AND id <> 'system'
  AND ((SELECT tuban.signed_in()) IN ('console', 'fresh') OR NOT tuban.is_administrator(id)));
