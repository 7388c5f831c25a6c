-- Code tables and the working calendar count for the whole workspace: who administers one area does not change them for the others.
DROP POLICY app_adds ON tuban.code_version;
CREATE POLICY app_adds ON tuban.code_version FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND (SELECT tuban.administers()));
DROP POLICY app_adds ON tuban.calendar_year;
CREATE POLICY app_adds ON tuban.calendar_year FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND (SELECT tuban.administers()));
