/**
 * queue-findings: forms are checked, submitted ones stored, drafts kept. The offender never enters the finding: he is encrypted by the workspace's
 * key, kept in a table of his own, and bound to the finding by the hash of what was encrypted.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { useCodes } from './adapters/postgres/codes.js';
import {
  deleteDraft,
  draftsOf,
  findingById,
  findingsOf,
  handDraft,
  insertFinding,
  insertOffender,
  putDraft,
  sealedOffender,
} from './adapters/postgres/findings.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import type { CodeKind } from './model/codes.js';
import { Fault } from './model/fault.js';
import {
  type Finding,
  type FindingForm,
  FORM_VERSION,
  findingFormSchema,
  offenderSchema,
} from './model/finding-form.js';
import { canonicalJson, contentHash } from './model/id.js';
import type { EvidenceSettings } from './model/queue-settings.js';
import type { Desk, Turn } from './ports/desk.js';
import type { CheckedFinding, FindingSteps, Findings } from './ports/findings.js';
import type { Cipher } from './ports/secrets.js';
import { codesOf, taskGround, verdictGround, visibleTask } from './queue-ground.js';
import { checkFinding } from './stages/check-finding/check-finding.js';
import { proposedVerdicts, remarksOn } from './stages/decide-verdict/decide-verdict.js';

/** A form with 50 parts and 500 files is far below. */
const MOST_DRAFT_CHARACTERS = 2_000_000;

export function createFindings(
  desk: Desk,
  cipher: Cipher,
  settings: EvidenceSettings,
): { readonly findings: Findings; readonly steps: FindingSteps } {
  const check = async (turn: Turn, taskId: string, input: unknown) => {
    const ground = await taskGround(turn.sql, taskId);
    const outline = ground.task.judged.patch.geometry;
    const result = checkFinding(input, { codes: ground.codes, files: ground.files, outline, at: turn.at });
    if (result.form === null) return { form: null, errors: result.errors, remarks: [] };
    const remarks = remarksOn(verdictGround(ground, result.form, settings), proposedVerdicts(result.form));
    return { form: result.form, errors: [], remarks };
  };
  const keepDraft: FindingSteps['keepDraft'] = async (turn, { id, taskId, form }) => {
    const text = JSON.stringify(form ?? null);
    if (text.length > MOST_DRAFT_CHARACTERS) throw new Fault('finding.draft', '草稿过大 (the draft is too large)');
    await putDraft(turn, { id, taskId, sealed: cipher.encrypt(text, draftOwner(turn.member.id, id)) });
  };
  return {
    findings: {
      form: (actor) =>
        desk.as(actor, async ({ sql }) => ({
          version: FORM_VERSION,
          schema: z.toJSONSchema(findingFormSchema, { io: 'input' }),
          codes: await codesOf(sql, null),
        })),
      check: (actor, taskId, form) =>
        desk.as(actor, async (turn) => {
          const { errors, remarks } = await check(turn, taskId, form);
          return { errors, remarks };
        }),
      of: (actor, taskId) =>
        desk.as(actor, async (turn) => {
          await visibleTask(turn.sql, taskId);
          const found = await findingsOf(turn.sql, taskId);
          if (found.length > 0) await sawPlaces(turn, 'evidence', [taskId]);
          return found;
        }),
      offender: (actor, findingId) =>
        desk.as(actor, async (turn) => {
          const finding = await findingById(turn.sql, findingId);
          if (!finding)
            throw new Fault('finding.none', '没有这份核查记录，或无权查看 (no such finding, or not for you)');
          if (finding.offender === null) return null;
          const sealed = await sealedOffender(turn.sql, findingId);
          if (sealed === null) {
            throw new Fault(
              'finding.offender-role',
              '违法主体信息只供填报人、审核人员和督查人员查看 (for its author, reviewers and supervisors)',
            );
          }
          turn.record({ action: 'offender.read', subject: `finding:${findingId}` });
          return offenderSchema.parse(JSON.parse(cipher.decrypt(sealed, offenderOwner(findingId))));
        }),
      keepDraft: (actor, draft) =>
        desk.as(actor, async (turn) => {
          await visibleTask(turn.sql, draft.taskId);
          await keepDraft(turn, draft);
        }),
      drafts: (actor) =>
        desk.as(actor, async (turn) =>
          (await draftsOf(turn)).map(({ sealed, ...draft }) => ({
            ...draft,
            form: JSON.parse(cipher.decrypt(sealed, draftOwner(turn.member.id, draft.id))) as unknown,
          })),
        ),
      dropDraft: (actor, id) => desk.as(actor, (turn) => deleteDraft(turn, id)),
    },
    steps: {
      async checkFinding(turn, taskId, input) {
        const { form, errors, remarks } = await check(turn, taskId, input);
        if (form !== null) return { taskId, form, remarks };
        const lines = errors.map(({ path, message }) => `  ${path || '表单'}：${message}`);
        throw new Fault(
          'finding.invalid',
          `核查记录有 ${errors.length} 处需要改正 (fields to correct):\n${lines.join('\n')}`,
          {
            details: { errors },
          },
        );
      },
      storeFinding: (turn, id, revision, finding) => store(turn, id, revision, finding, cipher),
      keepDraft,
      async handDrafts(turn, taskId, to) {
        for (const draft of (await draftsOf(turn)).filter((one) => one.taskId === taskId)) {
          const text = cipher.decrypt(draft.sealed, draftOwner(turn.member.id, draft.id));
          if (!(await handDraft(turn, draft.id, to, cipher.encrypt(text, draftOwner(to, draft.id))))) {
            throw new Fault(
              'flow.person',
              `草稿只能移交给任务 ${taskId} 所在区域的其他执法人员；对方已有同一编号的草稿或不宜接收时不能移交 (only to another officer for the task's area, who has no draft of that id and may receive it)`,
            );
          }
        }
      },
    },
  };
}

async function store(
  turn: Turn,
  id: string,
  revision: number,
  { taskId, form: { offender, ...form } }: CheckedFinding,
  cipher: Cipher,
): Promise<boolean> {
  const known = await findingById(turn.sql, id);
  if (known) {
    const same =
      known.taskId === taskId && known.personId === turn.member.id && canonicalJson(known.form) === canonicalJson(form);
    if (same) return false;
    throw new Fault(
      'finding.differs',
      `编号 ${id} 的核查记录已提交，内容不同 (a finding of that id says something else)`,
    );
  }
  const sealed = offender && cipher.encrypt(JSON.stringify(offender), offenderOwner(id));
  const finding: Finding = {
    id,
    taskId,
    revision,
    personId: turn.member.id,
    at: turn.at,
    formVersion: FORM_VERSION,
    form,
    offender: offender && sealed !== null ? { kind: offender.kind, sealedSha256: sha256Of(sealed) } : null,
  };
  await insertFinding(turn.sql, finding);
  if (sealed !== null) await insertOffender(turn, finding, sealed);
  await useCodes(turn.sql, codesIn(form, offender?.kind ?? null));
  await deleteDraft(turn, id);
  turn.record({
    action: 'finding.store',
    subject: `task:${taskId}`,
    body: { findingId: id, revision, sha256: contentHash(finding, 64), files: filesIn(form) },
  });
  return true;
}

const offenderOwner = (findingId: string) => `offender:${findingId}`;
const draftOwner = (personId: string, id: string) => `draft:${personId}:${id}`;
const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

function filesIn({ files, parts }: Finding['form']): string[] {
  return [...new Set([...files, ...parts.flatMap((part) => part.files)].map(({ sha256 }) => sha256))].sort();
}

function codesIn(
  { files, parts, measures }: Omit<FindingForm, 'offender'>,
  offender: string | null,
): { kind: CodeKind; code: string }[] {
  const named: [CodeKind, string | null][] = [
    ['offender', offender],
    ...measures.map((code): [CodeKind, string] => ['measure', code]),
    ...[...files, ...parts.flatMap((part) => part.files)].map(({ role }): [CodeKind, string] => ['role', role]),
    ...parts.flatMap((part): [CodeKind, string | null][] => [
      ['verdict', part.verdict],
      ['handling', part.handling],
      ['violation', part.violation],
      ['mineral', part.mineral],
      ['method', part.method],
      ...part.equipment.map(({ code }): [CodeKind, string] => ['equipment', code]),
    ]),
  ];
  return named.flatMap(([kind, code]) => (code === null ? [] : [{ kind, code }]));
}
