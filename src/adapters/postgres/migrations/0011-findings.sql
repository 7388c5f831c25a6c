-- Findings, files, verdicts: code tables, offenders (encrypted by the program, never in the form), drafts, opinions on the way to a verdict; and the
-- one way in which a person's verdict enters the place's record.

-- The workspace's codes: each version whole, never changed. body: [{kind, code, zh, en, effect, retired}] (src/model/codes.ts).
CREATE TABLE tuban.code_version (
  version integer PRIMARY KEY CHECK (version > 0),
  at timestamptz NOT NULL DEFAULT now(),
  person_id text NOT NULL REFERENCES tuban.person (id),
  note text NOT NULL,
  body jsonb NOT NULL
);
-- What findings and verdicts named: such a code can be retired, not left out.
CREATE TABLE tuban.code_use (
  kind text NOT NULL,
  code text NOT NULL,
  PRIMARY KEY (kind, code)
);

-- Who was met on site. sealed: AES-256-GCM by the workspace's key; its SHA-256 stands in the finding.
CREATE TABLE tuban.offender (
  finding_id text PRIMARY KEY REFERENCES tuban.finding (id),
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  person_id text NOT NULL REFERENCES tuban.person (id),
  sealed text NOT NULL,
  sealed_sha256 text NOT NULL
);

-- A form that is not submitted yet, encrypted as a whole: for its author alone, also when the task went to somebody else.
CREATE TABLE tuban.finding_draft (
  person_id text NOT NULL REFERENCES tuban.person (id),
  id text NOT NULL,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  at timestamptz NOT NULL,
  sealed text NOT NULL,
  PRIMARY KEY (person_id, id)
);

-- What a reviewer said of a part before the last review.
CREATE TABLE tuban.opinion (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id text NOT NULL REFERENCES tuban.task_file (task_id),
  finding_id text NOT NULL REFERENCES tuban.finding (id),
  part text NOT NULL,
  code text NOT NULL,
  handling text,
  person_id text NOT NULL REFERENCES tuban.person (id),
  at timestamptz NOT NULL,
  body jsonb NOT NULL
);
CREATE INDEX opinion_task ON tuban.opinion (task_id);

CREATE TRIGGER code_version_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.code_version
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER offender_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.offender
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER opinion_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.opinion
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();
CREATE TRIGGER evidence_file_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tuban.evidence_file
  FOR EACH STATEMENT EXECUTE FUNCTION tuban.refuse_rewriting();

-- A reviewer whose area holds the task, and who never submitted a finding of it.
CREATE FUNCTION tuban.reviews(task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (
    SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.area_id IS NULL OR g.area_id = ANY (f.areas)
      JOIN tuban.person p ON p.id = g.person_id
    WHERE f.task_id = task AND g.role = 'reviewer' AND p.id = current_setting('tuban.person', true) AND p.disabled_at IS NULL
      AND f.submitter IS DISTINCT FROM p.id
      AND NOT EXISTS (SELECT 1 FROM tuban.finding n WHERE n.task_id = task AND n.person_id = p.id)) $$;
-- Reviewers and supervisors of the task's area.
CREATE FUNCTION tuban.oversees(task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (
    SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.area_id IS NULL OR g.area_id = ANY (f.areas)
      JOIN tuban.person p ON p.id = g.person_id
    WHERE f.task_id = task AND g.role IN ('reviewer', 'supervisor') AND p.id = current_setting('tuban.person', true)
      AND p.disabled_at IS NULL) $$;
-- Whether a file was attached to another task, without saying which.
CREATE FUNCTION tuban.attached_elsewhere(hash text, task text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM tuban.evidence_file e WHERE e.sha256 = hash AND e.task_id <> task) $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['code_version', 'code_use', 'offender', 'finding_draft', 'opinion']
  LOOP
    EXECUTE format('ALTER TABLE tuban.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE tuban.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY engine ON tuban.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

GRANT SELECT, INSERT ON tuban.code_version, tuban.code_use, tuban.offender, tuban.opinion TO tuban_app;
CREATE POLICY app_reads ON tuban.code_version FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_adds ON tuban.code_version FOR INSERT TO tuban_app
  WITH CHECK (person_id = (SELECT tuban.me()) AND (SELECT tuban.my_roles()) && ARRAY['administrator']);
CREATE POLICY app_reads ON tuban.code_use FOR SELECT TO tuban_app USING ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_adds ON tuban.code_use FOR INSERT TO tuban_app WITH CHECK ((SELECT tuban.me()) IS NOT NULL);
CREATE POLICY app_reads ON tuban.offender FOR SELECT TO tuban_app USING (person_id = (SELECT tuban.me()) OR tuban.oversees(task_id));
CREATE POLICY app_adds ON tuban.offender FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me())
  AND EXISTS (SELECT 1 FROM tuban.finding f WHERE f.id = finding_id AND f.task_id = offender.task_id AND f.person_id = (SELECT tuban.me())));
CREATE POLICY app_reads ON tuban.opinion FOR SELECT TO tuban_app USING (EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = opinion.task_id));
CREATE POLICY app_adds ON tuban.opinion FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND tuban.reviews(task_id)
  AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = opinion.task_id)
  AND EXISTS (SELECT 1 FROM tuban.finding f WHERE f.id = finding_id AND f.task_id = opinion.task_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON tuban.finding_draft TO tuban_app;
CREATE POLICY app_owns ON tuban.finding_draft TO tuban_app USING (person_id = (SELECT tuban.me())) WITH CHECK (person_id = (SELECT tuban.me()));

-- A verdict: as before, and of an area that the reviewer reviews, and never of own work.
DROP POLICY app_adds ON tuban.verdict;
CREATE POLICY app_adds ON tuban.verdict FOR INSERT TO tuban_app WITH CHECK (person_id = (SELECT tuban.me()) AND tuban.reviews(task_id)
  AND second_person_id IS DISTINCT FROM person_id AND EXISTS (SELECT 1 FROM tuban.task t WHERE t.id = verdict.task_id));

-- The place's record hears a verdict by this function alone: of a verdict that the person gave in this very transaction, of the kind that the codes
-- say; a dismissal only where another reviewer had said the same of the same finding. `reopened`: by whoever may open the file again.
CREATE FUNCTION tuban.record_decision(decision jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  asks text := nullif(current_setting('tuban.person', true), '');
  kind text := decision->>'kind';
  site text;
  quarter text;
  effects text[];
  alone boolean;
  added integer;
BEGIN
  SELECT t.site_id, t.quarter INTO site, quarter FROM tuban.task t WHERE t.id = decision->>'taskId';
  IF site IS NULL OR site IS DISTINCT FROM decision->>'siteId' OR quarter IS DISTINCT FROM decision->>'quarter'
    OR decision->>'by' IS DISTINCT FROM (SELECT p.name FROM tuban.person p WHERE p.id = asks AND p.disabled_at IS NULL) THEN
    RAISE EXCEPTION 'tuban.record_decision: not this person''s, or of another place' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF kind = 'reopened' THEN
    IF NOT EXISTS (SELECT 1 FROM tuban.task_file f JOIN tuban.grant_of g ON g.area_id IS NULL OR g.area_id = ANY (f.areas)
        WHERE f.task_id = decision->>'taskId' AND g.person_id = asks AND g.role IN ('supervisor', 'administrator'))
      OR NOT EXISTS (SELECT 1 FROM tuban.verdict v WHERE v.task_id = decision->>'taskId') THEN
      RAISE EXCEPTION 'tuban.record_decision: nothing to reopen for this person' USING ERRCODE = 'insufficient_privilege';
    END IF;
  ELSE
    SELECT array_agg(c.one->>'effect'),
      bool_or(c.one->>'effect' IN ('legal', 'pseudo') AND NOT EXISTS (
        SELECT 1 FROM tuban.opinion o WHERE o.task_id = v.task_id AND o.part = v.part AND o.code = v.code
          AND o.person_id = v.second_person_id AND o.person_id <> asks AND o.finding_id = v.body->>'findingId'))
      INTO effects, alone
      FROM tuban.verdict v JOIN tuban.code_version cv ON cv.version = (v.body->>'codesVersion')::integer
        CROSS JOIN LATERAL jsonb_array_elements(cv.body) AS c (one)
      WHERE v.task_id = decision->>'taskId' AND v.person_id = asks AND v.xmin = pg_current_xact_id()::xid
        AND c.one->>'kind' = 'verdict' AND c.one->>'code' = v.code;
    IF effects IS NULL OR alone
      OR NOT (CASE kind
        WHEN 'visited' THEN true
        WHEN 'confirmed' THEN 'illegal' = ANY (effects)
        WHEN 'closed' THEN 'illegal' = ANY (effects)
        WHEN 'dismissed' THEN NOT 'illegal' = ANY (effects) AND effects && ARRAY['legal', 'pseudo']
        ELSE false END) THEN
      RAISE EXCEPTION 'tuban.record_decision: no verdict of this person in this transaction says so' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  INSERT INTO tuban.decision (id, site_id, task_id, kind, decided_on, body)
    VALUES (decision->>'id', site, decision->>'taskId', kind, (decision->>'on')::date, decision) ON CONFLICT (id) DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  UPDATE tuban.task SET state = CASE kind WHEN 'reopened' THEN 'new' ELSE 'decided' END,
      body = jsonb_set(body, '{state}', to_jsonb(CASE kind WHEN 'reopened' THEN 'new'::text ELSE 'decided' END))
    WHERE id = decision->>'taskId';
  RETURN added > 0;
END
$$;

INSERT INTO tuban.code_version (version, person_id, note, body)
SELECT 1, 'system', '初始代码表', jsonb_agg(jsonb_build_object('kind', kind, 'code', code, 'zh', zh, 'en', en, 'effect', effect, 'retired', false))
FROM (VALUES
  ('verdict', 'illegal', '违法', 'illegal', 'illegal'),
  ('verdict', 'legal', '合法', 'legal', 'legal'),
  ('verdict', 'pseudo-change', '伪变化', 'no real change', 'pseudo'),
  ('verdict', 'historic', '历史遗留', 'historic trace', 'other'),
  ('verdict', 'own-works', '工程建设自用', 'construction, own use', 'other'),
  ('verdict', 'restoration', '生态修复', 'ecological restoration', 'other'),
  ('verdict', 'disaster', '自然灾害', 'natural disaster', 'other'),
  ('verdict', 'farming', '农业活动', 'farming', 'other'),
  ('verdict', 'other', '其他', 'other', 'other'),
  ('handling', 'case', '立案', 'case opened', 'case'),
  ('handling', 'no-case', '非立案处理', 'handled without a case', 'explained'),
  ('handling', 'none', '不处理', 'not handled', 'explained'),
  ('violation', 'no-licence', '无证开采', 'mining without a licence', NULL),
  ('violation', 'expired', '许可证过期开采', 'mining under an expired licence', NULL),
  ('violation', 'right-no-licence', '有矿业权未取得许可证', 'mining right without a licence', NULL),
  ('violation', 'closed-again', '关闭后复采', 'mining again after closure', NULL),
  ('violation', 'off-plan', '不按方案开采', 'mining against the plan', NULL),
  ('violation', 'method-changed', '擅自改变开采方式', 'method changed without approval', NULL),
  ('violation', 'beyond-boundary', '越界开采', 'mining beyond the boundary', NULL),
  ('violation', 'other-holder', '进入他人矿区开采', 'mining in another holder’s area', NULL),
  ('violation', 'exploration-no-licence', '无证勘查', 'exploration without a licence', NULL),
  ('violation', 'mining-as-exploration', '以采代探', 'mining under exploration', NULL),
  ('violation', 'under-cover', '假借工程名义采矿', 'mining under cover of works', NULL),
  ('violation', 'destructive', '破坏性开采', 'destructive mining', NULL),
  ('violation', 'transfer', '非法转让矿业权', 'unlawful transfer of a right', NULL),
  ('violation', 'other', '其他违法', 'other violation', NULL),
  ('mineral', 'building-stone', '建筑石料', 'building stone', NULL),
  ('mineral', 'limestone', '石灰岩', 'limestone', NULL),
  ('mineral', 'granite', '花岗岩', 'granite', NULL),
  ('mineral', 'marble', '大理岩', 'marble', NULL),
  ('mineral', 'sandstone', '砂岩', 'sandstone', NULL),
  ('mineral', 'sand-gravel', '砂石', 'sand and gravel', NULL),
  ('mineral', 'river-sand', '河砂', 'river sand', NULL),
  ('mineral', 'clay', '黏土', 'clay', NULL),
  ('mineral', 'shale', '页岩', 'shale', NULL),
  ('mineral', 'gypsum', '石膏', 'gypsum', NULL),
  ('mineral', 'kaolin', '高岭土', 'kaolin', NULL),
  ('mineral', 'coal', '煤', 'coal', NULL),
  ('mineral', 'iron', '铁', 'iron', NULL),
  ('mineral', 'bauxite', '铝土矿', 'bauxite', NULL),
  ('mineral', 'manganese', '锰', 'manganese', NULL),
  ('mineral', 'copper', '铜', 'copper', NULL),
  ('mineral', 'lead-zinc', '铅锌', 'lead and zinc', NULL),
  ('mineral', 'gold', '金', 'gold', NULL),
  ('mineral', 'tungsten', '钨', 'tungsten', NULL),
  ('mineral', 'antimony', '锑', 'antimony', NULL),
  ('mineral', 'fluorite', '萤石', 'fluorite', NULL),
  ('mineral', 'barite', '重晶石', 'barite', NULL),
  ('mineral', 'phosphate', '磷', 'phosphate', NULL),
  ('mineral', 'rare-earth', '稀土', 'rare earths', NULL),
  ('mineral', 'lithium', '锂', 'lithium', NULL),
  ('mineral', 'soil', '土方', 'earth', NULL),
  ('mineral', 'other', '其他矿种', 'other mineral', NULL),
  ('method', 'open-pit', '露天开采', 'open pit', NULL),
  ('method', 'underground', '地下开采', 'underground', NULL),
  ('method', 'hillside', '山坡露天开采', 'hillside quarry', NULL),
  ('method', 'adit', '硐采', 'adit', NULL),
  ('method', 'dredging', '采砂船采挖', 'dredging', NULL),
  ('method', 'leaching', '原地浸矿', 'in-situ leaching', NULL),
  ('method', 'other', '其他方式', 'other method', NULL),
  ('equipment', 'excavator', '挖掘机', 'excavator', NULL),
  ('equipment', 'loader', '装载机', 'loader', NULL),
  ('equipment', 'bulldozer', '推土机', 'bulldozer', NULL),
  ('equipment', 'truck', '运输车', 'truck', NULL),
  ('equipment', 'drill', '钻机', 'drill', NULL),
  ('equipment', 'breaker', '破碎机', 'crusher', NULL),
  ('equipment', 'screen', '筛分机', 'screen', NULL),
  ('equipment', 'conveyor', '输送带', 'conveyor', NULL),
  ('equipment', 'saw', '切割机', 'stone saw', NULL),
  ('equipment', 'pump', '水泵', 'pump', NULL),
  ('equipment', 'generator', '发电机', 'generator', NULL),
  ('equipment', 'dredger', '采砂船', 'dredger', NULL),
  ('equipment', 'weighbridge', '地磅', 'weighbridge', NULL),
  ('equipment', 'shed', '工棚', 'workers’ shed', NULL),
  ('equipment', 'other', '其他设备', 'other equipment', NULL),
  ('measure', 'stop-notice', '下达停止违法行为通知书', 'stop notice served', NULL),
  ('measure', 'investigated', '查处', 'investigated', NULL),
  ('measure', 'shut-down', '取缔', 'shut down', 'closed'),
  ('measure', 'water-cut', '断水', 'water cut', NULL),
  ('measure', 'power-cut', '断电', 'power cut', NULL),
  ('measure', 'road-blocked', '堵路', 'road blocked', NULL),
  ('measure', 'blasted-shut', '炸封', 'blasted shut', 'closed'),
  ('measure', 'backfilled', '填埋封堵', 'backfilled and sealed', 'closed'),
  ('measure', 'seized', '扣押设备', 'equipment seized', NULL),
  ('measure', 'removed', '拆除设备', 'equipment removed', NULL),
  ('measure', 'sealed', '查封', 'sealed off', NULL),
  ('measure', 'guarded', '派人值守', 'guarded', NULL),
  ('measure', 'handed-over', '移送', 'handed over', NULL),
  ('measure', 'other', '其他措施', 'other measure', NULL),
  ('offender', 'person', '个人', 'private person', NULL),
  ('offender', 'company', '企业', 'company', NULL),
  ('offender', 'collective', '集体', 'collective', NULL),
  ('offender', 'public-body', '机关事业单位', 'public body', NULL),
  ('offender', 'unknown', '不明', 'unknown', NULL),
  ('role', 'far', '远景照片', 'far view', NULL),
  ('role', 'near', '近景照片', 'near view', NULL),
  ('role', 'inside', '坑内照片', 'inside view', NULL),
  ('role', 'corner', '拐点照片', 'corner', NULL),
  ('role', 'drone', '无人机影像', 'drone picture', 'image'),
  ('role', 'newer-image', '后时相之后的卫星影像', 'satellite image after the change', 'image'),
  ('role', 'video', '视频', 'video', NULL),
  ('role', 'track', '航迹', 'track', NULL),
  ('role', 'survey', '测量成果', 'survey', NULL),
  ('role', 'licence', '许可证', 'licence', 'licence'),
  ('role', 'project', '项目批准文件', 'approval of a project', 'project'),
  ('role', 'handling', '处理情况说明', 'explanation of the handling', 'handling'),
  ('role', 'record', '笔录', 'record of questioning', NULL),
  ('role', 'other', '其他附件', 'other', NULL),
  ('flag', 'no-exif', '无EXIF', 'no EXIF', NULL),
  ('flag', 'no-time', '无拍摄时间', 'no time', NULL),
  ('flag', 'no-position', '无定位信息', 'no position', NULL),
  ('flag', 'before-image', '时间早于影像', 'taken before the image', NULL),
  ('flag', 'future', '时间在未来', 'taken in the future', NULL),
  ('flag', 'far', '距图斑过远', 'far from the patch', NULL),
  ('flag', 'turned-away', '未朝向图斑', 'turned away from the patch', NULL),
  ('flag', 'shifted-datum', '坐标系为GCJ-02，距离为近似值', 'GCJ-02: the distance is approximate', NULL),
  ('flag', 'repeated', '重复使用的文件', 'used for another task, too', NULL),
  ('flag', 'edited', '经软件修改', 'edited by software', NULL),
  ('flag', 'name-differs', '扩展名与内容不符', 'name and content differ', NULL),
  ('flag', 'truncated', '图像不完整', 'picture ends early', NULL)
) AS v (kind, code, zh, en, effect);
