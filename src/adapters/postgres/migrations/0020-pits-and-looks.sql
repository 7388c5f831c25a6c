-- Reports of one quarter come one after the other: who reports waits for whoever is at it, and learns how many there are now. Ends with the transaction.
CREATE FUNCTION tuban.lock_pits(wanted text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1953853812, hashtext(wanted));
  RETURN (SELECT count(*) FROM tuban.reported_pit r WHERE r.quarter = wanted);
END
$$;

-- A report is seen with its task: its own, or that of the list that was there before.
DROP POLICY app_reads ON tuban.reported_pit;
CREATE POLICY app_reads ON tuban.reported_pit FOR SELECT TO tuban_app USING (
  EXISTS (SELECT 1 FROM tuban.task t WHERE t.id IN ('T' || reported_pit.id, reported_pit.detected_task)));

-- Other tasks of a place that the one who asks still has to look at blind: what was found there stands in their reasons and their score.
CREATE FUNCTION tuban.my_look_neighbours() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH RECURSIVE place (id) AS (
    SELECT t.site_id FROM tuban.second_look l JOIN tuban.task t ON t.id = l.task_id
      WHERE l.looker = current_setting('tuban.person', true) AND l.answered_at IS NULL
    UNION SELECT CASE m.site_id WHEN p.id THEN m.into_id ELSE m.site_id END FROM place p JOIN tuban.site_merge m ON p.id IN (m.site_id, m.into_id))
  SELECT coalesce(array_agg(t.id), '{}') FROM place p JOIN tuban.task t ON t.site_id = p.id
  WHERE NOT t.id = ANY (tuban.my_looks()) $$;
CREATE POLICY app_blind_place ON tuban.task_file AS RESTRICTIVE FOR SELECT TO tuban_app
  USING (NOT task_id = ANY ((SELECT tuban.my_look_neighbours())::text[]));
CREATE POLICY app_blind_place ON tuban.task AS RESTRICTIVE FOR SELECT TO tuban_app
  USING (NOT id = ANY ((SELECT tuban.my_look_neighbours())::text[]));
CREATE POLICY app_blind_place ON tuban.task_opened AS RESTRICTIVE FOR SELECT TO tuban_app
  USING (NOT task_id = ANY ((SELECT tuban.my_look_neighbours())::text[]));
-- Decisions about a place that became one with it, too.
CREATE OR REPLACE FUNCTION tuban.my_look_sites() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH RECURSIVE place (id) AS (
    SELECT t.site_id FROM tuban.second_look l JOIN tuban.task t ON t.id = l.task_id
      WHERE l.looker = current_setting('tuban.person', true) AND l.answered_at IS NULL
    UNION SELECT CASE m.site_id WHEN p.id THEN m.into_id ELSE m.site_id END FROM place p JOIN tuban.site_merge m ON p.id IN (m.site_id, m.into_id))
  SELECT coalesce(array_agg(p.id), '{}') FROM place p $$;

-- Who had a hand in a place is not blind there: also by another task of it, or because one was given to him.
CREATE FUNCTION tuban.has_hand_in(who text, task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT tuban.my_roles() && ARRAY['supervisor'] AND EXISTS (
    SELECT 1 FROM tuban.task t JOIN tuban.task o ON o.site_id = t.site_id LEFT JOIN tuban.task_file f ON f.task_id = o.id
    WHERE t.id = task AND (who IN (f.holder, f.assignee, f.submitter) OR who = ANY (f.authors || f.reviewers)
      OR EXISTS (SELECT 1 FROM tuban.task_step s WHERE s.task_id = o.id AND s.person_id = who)
      OR EXISTS (SELECT 1 FROM tuban.opinion p WHERE p.task_id = o.id AND p.person_id = who)
      OR EXISTS (SELECT 1 FROM tuban.verdict v WHERE v.task_id = o.id AND who IN (v.person_id, v.second_person_id))
      OR EXISTS (SELECT 1 FROM tuban.evidence_file e WHERE e.task_id = o.id AND e.person_id = who))) $$;
DROP POLICY app_draws ON tuban.second_look;
CREATE POLICY app_draws ON tuban.second_look FOR INSERT TO tuban_app
  WITH CHECK (drawer = (SELECT tuban.me()) AND answered_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM tuban.grant_of g WHERE g.person_id = looker AND g.role IN ('supervisor', 'administrator'))
    AND EXISTS (SELECT 1 FROM tuban.second_look_draw d WHERE d.id = draw_id AND d.looker = second_look.looker)
    AND EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.task_id = second_look.task_id AND f.state = 'closed')
    AND NOT EXISTS (SELECT 1 FROM tuban.worked_on(looker) w WHERE w.task_id = second_look.task_id)
    AND NOT tuban.has_hand_in(looker, task_id));
