/**
 * queue-verdicts: what reviewers say of a finding's parts. On the way it is an opinion; after the last review a verdict, which enters the place's
 * record in the same transaction. 伪变化 and 合法 need that another reviewer had said the same of the same finding.
 */

import { z } from 'zod';
import { useCodes } from './adapters/postgres/codes.js';
import { findingsOf } from './adapters/postgres/findings.js';
import { mayReview } from './adapters/postgres/took-part.js';
import {
  fileGround,
  insertOpinions,
  insertVerdicts,
  opinionsOn,
  recordDecision,
  verdictsOf,
} from './adapters/postgres/verdicts.js';
import { Fault } from './model/fault.js';
import type { Finding } from './model/finding-form.js';
import { hasRole } from './model/person.js';
import type { EvidenceSettings } from './model/queue-settings.js';
import type { SitesRecipe } from './model/recipe.js';
import { type PartVerdict, partVerdictSchema, type Remark, type Verdict } from './model/verdict.js';
import type { Desk, Turn } from './ports/desk.js';
import type { GivenVerdict, VerdictSteps, Verdicts } from './ports/verdicts.js';
import { taskGround, verdictGround, visibleTask } from './queue-ground.js';
import { type DecisionSubject, decide } from './stages/decide/decide.js';
import type { VerdictGround } from './stages/decide-verdict/context.js';
import {
  decisionsOf,
  effectOf,
  leadsToCase,
  proposedVerdicts,
  refuseIncomplete,
  remarksOn,
  STRONG_EFFECTS,
} from './stages/decide-verdict/decide-verdict.js';
import { dayInChina } from './stages/decide-verdict/photos.js';

export interface VerdictSettings {
  readonly evidence: EvidenceSettings;
  readonly sites: Pick<SitesRecipe, 'quietQuarters' | 'quietGrowthM2'>;
}

interface Weighed {
  readonly finding: Finding;
  readonly ground: VerdictGround;
  readonly parts: readonly PartVerdict[];
  readonly remarks: readonly Remark[];
}

export function createVerdicts(
  desk: Desk,
  settings: VerdictSettings,
): { readonly verdicts: Verdicts; readonly steps: VerdictSteps } {
  const giveVerdict: VerdictSteps['giveVerdict'] = async (turn, taskId, asked, last) => {
    const subject = await refuseOthers(turn, taskId);
    const { finding, ground, parts, remarks } = await weigh(turn, taskId, asked, settings);
    refuseUnproven(remarks);
    await useCodes(turn.sql, codesIn(parts));
    if (last) await enter(turn, subject, { finding, ground, parts, remarks }, settings);
    else await insertOpinions(turn, { taskId, findingId: finding.id }, parts);
    turn.record({
      action: last ? 'verdict.give' : 'verdict.opinion',
      subject: `task:${taskId}`,
      body: { findingId: finding.id, parts: parts.map(({ part, code, handling }) => ({ part, code, handling })) },
    });
    return { parts, remarks, leadsToCase: leadsToCase(ground, parts) } satisfies GivenVerdict;
  };
  return {
    verdicts: {
      of: (actor, taskId) =>
        desk.as(actor, async (turn) => {
          await visibleTask(turn.sql, taskId);
          const finding = (await findingsOf(turn.sql, taskId)).at(-1);
          const proposed = finding ? proposedVerdicts(finding.form) : [];
          const ground = finding && verdictGround(await taskGround(turn.sql, taskId), finding.form, settings.evidence);
          return {
            proposed,
            opinions: finding ? await opinionsOn(turn.sql, finding.id) : [],
            verdicts: await verdictsOf(turn.sql, taskId),
            remarks: ground ? remarksOn(ground, proposed) : [],
          };
        }),
      check: (actor, taskId, parts) =>
        desk.as(actor, async (turn) => (await weigh(turn, taskId, parts, settings)).remarks),
      opine: (actor, taskId, parts) =>
        desk.as(actor, async (turn) => {
          await giveVerdict(turn, taskId, parts, false);
        }),
    },
    steps: {
      giveVerdict,
      async takeBack(turn, taskId, reason) {
        const { subject } = await groundOf(turn, taskId);
        const given = await verdictsOf(turn.sql, taskId);
        if (given.length === 0) return;
        const wish = { kind: 'reopened', by: turn.member.name, on: null, note: reason, until: null, limitM2: null };
        await recordDecision(turn.sql, decide(wish, subject, settings.sites, dayInChina(turn.at)));
      },
    },
  };
}

interface Subject extends DecisionSubject {
  readonly taskId: string;
}

async function groundOf(
  { sql }: Turn,
  taskId: string,
): Promise<{ subject: Subject; areas: readonly string[]; authors: readonly string[] }> {
  const found = await fileGround(sql, taskId);
  if (!found)
    throw new Fault('task.none', `没有编号为 ${taskId} 的任务，或无权查看 (no task of that id, or not for you)`);
  const { areas, authors, siteId, quarter, sampledGround } = found;
  return { subject: { siteId, taskId, quarter, sampledGround }, areas, authors };
}

/** A reviewer of the area, who has no part in what was submitted of it. The database asks the same again (tuban.reviews). */
async function refuseOthers(turn: Turn, taskId: string): Promise<Subject> {
  const { subject, areas, authors } = await groundOf(turn, taskId);
  const submitters = (await findingsOf(turn.sql, taskId)).map(({ personId }) => personId);
  if ([...authors, ...submitters].includes(turn.member.id)) throw ownWork();
  if (!hasRole(turn.member, 'reviewer', areas)) {
    throw new Fault('verdict.role', '只有本区域的审核人员可以认定 (only reviewers of the area give verdicts)');
  }
  if (!(await mayReview(turn, taskId))) throw ownWork();
  return subject;
}

const ownWork = () => new Fault('verdict.own-work', '不能认定自己提交的核查 (nobody gives a verdict on own work)');

async function weigh(
  turn: Turn,
  taskId: string,
  asked: readonly PartVerdict[] | null,
  settings: VerdictSettings,
): Promise<Weighed> {
  const task = await taskGround(turn.sql, taskId);
  const finding = (await findingsOf(turn.sql, taskId)).at(-1);
  if (!finding) throw new Fault('verdict.finding', '该任务还没有提交核查记录 (no finding was submitted)');
  const ground = verdictGround(task, finding.form, settings.evidence);
  const parts = asked === null ? proposedVerdicts(finding.form) : parsed(asked);
  refuseIncomplete(ground, parts);
  return { finding, ground, parts, remarks: remarksOn(ground, parts) };
}

/** It may come from outside as it is. */
function parsed(asked: unknown): PartVerdict[] {
  const result = z.array(partVerdictSchema).max(50).safeParse(asked);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const where = errors.map(({ path }) => path || '全文').join('、');
  throw new Fault(
    'verdict.form',
    `认定意见的写法不对（${where}）；每个地块应有 part、code，可有 handling、reason、attachments (not as expected)`,
    { details: { errors } },
  );
}

function refuseUnproven(remarks: readonly Remark[]): void {
  const blocking = remarks.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return;
  const lines = blocking.map(
    ({ part, rule, text, field, value }) => `  地块 ${part ?? ''} ${rule} ${text}（${field}=${value ?? '空'}）`,
  );
  throw new Fault(
    'verdict.evidence',
    `认定所需的材料不全 (what the verdict needs is not there):\n${lines.join('\n')}`,
    {
      details: { remarks: blocking },
    },
  );
}

async function enter(
  turn: Turn,
  subject: Subject,
  { finding, ground, parts }: Weighed,
  settings: VerdictSettings,
): Promise<void> {
  const opinions = await opinionsOn(turn.sql, finding.id);
  const verdicts = parts.map((verdict): Verdict => {
    // The last word of each other reviewer about this part.
    const others = new Map(
      opinions
        .filter(({ part, personId }) => part === verdict.part && personId !== turn.member.id)
        .map((one) => [one.personId, one]),
    );
    const second = [...others.values()].find(({ code }) => code === verdict.code);
    if (!second && STRONG_EFFECTS.includes(effectOf(ground, verdict))) {
      throw new Fault(
        'verdict.second-person',
        `地块 ${verdict.part}：合法、伪变化须有另一名审核人员先给出相同意见 (another reviewer must have said the same before)`,
      );
    }
    return {
      ...verdict,
      taskId: subject.taskId,
      personId: turn.member.id,
      secondPersonId: second?.personId ?? null,
      at: turn.at,
      findingId: finding.id,
      codesVersion: ground.codes.version,
    };
  });
  await insertVerdicts(turn, verdicts);
  const today = dayInChina(turn.at);
  const visitedOn = dayInChina(finding.form.leftAt);
  const note = noteOf(ground, parts);
  for (const kind of ['visited', ...decisionsOf(ground, parts)]) {
    const on = kind === 'visited' && visitedOn < today ? visitedOn : today;
    const wish = { kind, by: turn.member.name, on, note, until: null, limitM2: null };
    await recordDecision(turn.sql, decide(wish, subject, settings.sites, today));
  }
}

function noteOf({ codes }: VerdictGround, parts: readonly PartVerdict[]): string {
  const name = (kind: 'verdict' | 'handling', code: string) =>
    codes.codes.find((one) => one.kind === kind && one.code === code)?.zh ?? code;
  const said = parts.map(
    ({ part, code, handling, reason }) =>
      `地块 ${part}：${name('verdict', code)}${handling === null ? '' : `，${name('handling', handling)}`}${reason ? `（${reason.slice(0, 200)}）` : ''}`,
  );
  return said.join('；').slice(0, 2000);
}

function codesIn(parts: readonly PartVerdict[]): { kind: string; code: string }[] {
  return parts.flatMap(({ code, handling }) => [
    { kind: 'verdict', code },
    ...(handling === null ? [] : [{ kind: 'handling', code: handling }]),
  ]);
}
