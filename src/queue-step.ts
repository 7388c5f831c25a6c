/**
 * queue-step: one step with one file (and with those it takes in, divides into, or that follow from it), in one turn: lock, sweep an ended lease,
 * verify, store, record, tell. A finding whose submission is refused because the lease or the revision went by stays as its author's draft.
 */
import { listedFiles, shownTo } from './adapters/postgres/file-list.js';
import { hasDraft } from './adapters/postgres/findings.js';
import { addParts, bothTasks } from './adapters/postgres/opened-tasks.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import { notToBeGiven } from './adapters/postgres/second-looks.js';
import {
  heldBy,
  holdTask,
  keptForOthers,
  lockFiles,
  membersOf,
  peopleFor,
  saveSteps,
  stepsOf,
} from './adapters/postgres/task-files.js';
import { mayReview, tookPart } from './adapters/postgres/took-part.js';
import { Fault } from './model/fault.js';
import type { FlowRules } from './model/flow-rules.js';
import type { StepDetails } from './model/step-details.js';
import { type FileChange, leaseOver, type TaskFile } from './model/task-file.js';
import { FLOW_ACTION_WORDS, type FlowAction } from './model/task-flow.js';
import type { PartVerdict } from './model/verdict.js';
import type { Turn } from './ports/desk.js';
import type { FileAnswer, FlowParts, Step } from './ports/task-queue.js';
import { changeOf } from './queue-change.js';
import { tellPeople } from './queue-tell.js';
import { divide } from './stages/divide/divide.js';
import { allowedSteps, CONSEQUENCES, ownWorkFault } from './stages/verify/may.js';
import { NO_CONTEXT, type StepContext } from './stages/verify/step-input.js';
import { type StepOutcome, verify } from './stages/verify/verify.js';

export interface FlowContext {
  readonly parts: FlowParts;
  readonly rules: FlowRules;
}

/** Refusals after which what was filled in is worth keeping. */
const KEPT_AFTER = ['flow.lease-ended', 'flow.stale', 'flow.holder', 'flow.state', 'flow.changed'];

export type Acted = { readonly answer: FileAnswer } | { readonly refused: Fault };

export async function stepIn(turn: Turn, flow: FlowContext, taskId: string, step: Step): Promise<Acted> {
  const { action, revision, details = {} } = step;
  if (CONSEQUENCES.includes(action)) {
    throw new Fault(
      'flow.state',
      `“${FLOW_ACTION_WORDS[action].zh}”由系统进行，不能直接操作 (this step only follows from others)`,
    );
  }
  const joining = action === 'merge' ? (details.tasks ?? []) : [];
  // Before any file, as claims of several do: two of a person never wait for each other.
  const held = action === 'claim' ? await heldBy(turn) : 0;
  // A verdict, or taking it back, changes the task: tasks come before files, as where a list is published.
  if (['approve', 'reopen'].includes(action)) await holdTask(turn, taskId);
  const locked = await lockFiles(turn, [taskId, ...joining.map((one) => one.taskId)]);
  const found = locked.find((file) => file.taskId === taskId);
  if (!found) throw noTask(taskId);
  if (action === 'submit' && (await isRepeated(turn, flow, taskId, details))) {
    return { answer: await fileAnswer(turn, taskId) };
  }
  const file = await swept(turn, flow, found);
  const change = await changeUnder(turn, file);
  const since = revision === file.revision ? [] : await stepsOf(turn, taskId, revision);
  const common = { by: turn.member, device: turn.device, at: turn.at, rules: flow.rules };
  let outcome: StepOutcome;
  try {
    const context = { ...(await contextOf(turn, file, action, details)), held };
    outcome = verify({ ...common, file, action, revision, since, details, change, context });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { refused: await keepDraft(turn, flow, taskId, step, error) };
  }
  if (['approve', 'return'].includes(action) && !(await mayReview(turn, taskId))) throw ownWorkFault(taskId);
  if (joining.length > 0) {
    await refuseToLookers(
      turn,
      file,
      joining.map((one) => one.taskId),
    );
  }
  const joined = joining.map(({ taskId: id, revision: seen }) => {
    const other = locked.find((one) => one.taskId === id);
    if (!other) throw noTask(id);
    const context = { ...NO_CONTEXT, into: taskId };
    return verify({
      ...common,
      file: other,
      action: 'join',
      revision: seen,
      since: [],
      details,
      change: null,
      context,
    });
  });
  await carryOut(turn, flow, file, outcome, details);
  await saveSteps(turn, joined);
  await tellPeople(turn, flow.parts.notify, file, outcome, details.assignee ?? null);
  await afterwards(turn, flow, outcome, details);
  return { answer: await fileAnswer(turn, taskId) };
}

async function carryOut(
  turn: Turn,
  { parts }: FlowContext,
  file: TaskFile,
  outcome: StepOutcome,
  details: StepDetails,
): Promise<void> {
  const { taskId } = file;
  const { action, revision } = outcome.step;
  if (action === 'submit') {
    const finding = await parts.checkFinding(turn, taskId, details.finding);
    await parts.storeFinding(turn, details.findingId ?? '', revision, finding);
  }
  if (action === 'split' && details.parts !== undefined) {
    const both = await bothTasks(turn, taskId);
    if (!both) throw noTask(taskId);
    await addParts(turn, file, divide(both.opened, details.parts));
  }
  if (action === 'hand-over' && details.assignee) await parts.handDrafts(turn, taskId, details.assignee);
  await saveSteps(turn, [outcome]);
}

/** What comes of a review or of reopening: the verdict, a case, a verdict that is taken back. */
async function afterwards(turn: Turn, flow: FlowContext, outcome: StepOutcome, details: StepDetails): Promise<void> {
  const { file, step } = outcome;
  const { parts, rules } = flow;
  if (step.action === 'reopen') await parts.takeBack(turn, file.taskId, details.reason ?? '');
  if (step.action !== 'approve') return;
  const last = file.reviewLevel === null;
  const given = await parts.giveVerdict(
    turn,
    file.taskId,
    (details.verdict as PartVerdict[] | undefined) ?? null,
    last,
  );
  if (!last || !given.leadsToCase) return;
  const opened = verify({
    file,
    action: 'open-case',
    revision: null,
    since: [],
    by: turn.member,
    device: turn.device,
    at: turn.at,
    details: {},
    change: null,
    context: NO_CONTEXT,
    rules,
  });
  await saveSteps(turn, [opened]);
}

/** The file without a lease that is over; the end of the lease is a step of its own, the system's. */
export async function swept(turn: Turn, { parts, rules }: FlowContext, file: TaskFile): Promise<TaskFile> {
  if (!leaseOver(file, turn.at)) return file;
  const outcome = verify({
    file,
    action: 'lapse',
    revision: null,
    since: [],
    by: null,
    device: 'system',
    at: turn.at,
    details: {},
    change: null,
    context: NO_CONTEXT,
    rules,
  });
  await saveSteps(turn, [outcome]);
  await tellPeople(turn, parts.notify, file, outcome);
  return outcome.file;
}

export async function fileAnswer(turn: Turn, taskId: string): Promise<FileAnswer> {
  const [file] = await listedFiles(turn, [taskId]);
  if (!file) throw noTask(taskId);
  const both = await bothTasks(turn, taskId);
  // Both are null where the place is withheld.
  if (both) await sawPlaces(turn, 'file', [taskId]);
  return {
    file: shownTo(turn.member, file),
    opened: both?.opened ?? null,
    newest: both?.newest ?? null,
    keyWhy: both?.keyWhy ?? null,
    change: await changeUnder(turn, file),
    may: allowedSteps(file, turn.member, await hasDraft(turn, taskId)),
  };
}

/** A part of a split task rests on what the whole rests on. */
async function changeUnder(turn: Turn, { taskId, splitFrom, acknowledged }: TaskFile): Promise<FileChange | null> {
  const both = await bothTasks(turn, splitFrom ?? taskId);
  return both ? changeOf(both.opened, both.newest, acknowledged, both.successors) : null;
}

async function contextOf(
  turn: Turn,
  file: TaskFile,
  action: FlowAction,
  { teamId, assignee, finding }: StepDetails,
): Promise<StepContext> {
  if (action === 'claim') {
    const me = turn.member.id;
    const owesLook = (await notToBeGiven(turn, [file.taskId], [me])).get(file.taskId)?.has(me) ?? false;
    return { ...NO_CONTEXT, keptForOthers: await keptForOthers(turn, file.taskId), owesLook };
  }
  if (action === 'submit') return { ...NO_CONTEXT, tookPart: await tookPart(turn, file.taskId, finding) };
  if (action !== 'assign' && action !== 'hand-over') return NO_CONTEXT;
  const officers = await peopleFor(turn, 'officer', null, file.areas);
  const left = (await notToBeGiven(turn, [file.taskId], assignee ? [assignee] : [])).get(file.taskId);
  return {
    ...NO_CONTEXT,
    draft: action === 'hand-over' && (await hasDraft(turn, file.taskId)),
    officers: officers.filter((id) => !left?.has(id)),
    team: teamId ? await membersOf(turn, teamId) : [],
  };
}

/** Whoever has a task, or had it, and still has to look at a place blind, does not get that place by merging; why is not said. */
async function refuseToLookers(turn: Turn, into: TaskFile, taken: readonly string[]): Promise<void> {
  const { assignee, holder, submitter, authors } = into;
  const people = [assignee, holder, submitter, ...authors].flatMap((id) => id ?? []);
  const owed = await notToBeGiven(turn, taken, people);
  if (!taken.some((id) => people.some((one) => owed.get(id)?.has(one)))) return;
  throw new Fault(
    'flow.tasks',
    '指明的任务不能并入此任务，请分别办理 (these tasks are not taken in by this one: handle them apart)',
  );
}

/** The same finding once more: it is stored, so the answer is the same. Fault finding.differs where it says something else. */
async function isRepeated(
  turn: Turn,
  { parts }: FlowContext,
  taskId: string,
  { findingId, finding }: StepDetails,
): Promise<boolean> {
  if (findingId === undefined) return false;
  const [known] = await turn.sql.query<{ revision: number }>(
    'SELECT revision FROM tuban.finding WHERE id = $1 AND task_id = $2 AND person_id = $3',
    [findingId, taskId, turn.member.id],
  );
  if (!known) return false;
  await parts.storeFinding(turn, findingId, known.revision, await parts.checkFinding(turn, taskId, finding));
  return true;
}

async function keepDraft(
  turn: Turn,
  { parts }: FlowContext,
  taskId: string,
  { action, details = {} }: Step,
  fault: Fault,
): Promise<Fault> {
  const { findingId, finding } = details;
  if (action !== 'submit' || findingId === undefined || finding === undefined || !KEPT_AFTER.includes(fault.code)) {
    return fault;
  }
  await parts.keepDraft(turn, { id: findingId, taskId, form: finding });
  return new Fault(fault.code, `${fault.message}\n填写的内容已存为草稿 ${findingId} (kept as a draft)`, {
    details: { ...fault.details, draftId: findingId },
  });
}

export function noTask(taskId: string): Fault {
  return new Fault('task.none', `没有编号为 ${taskId} 的任务，或您无权查看 (no such task, or not yours to see)`);
}
