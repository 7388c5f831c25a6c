/** queue-flow: the verification queue over the desk: reading, steps, claims, sharing out. An ended lease never counts, whether or not it was swept. */

import { responsibilitiesOf } from './adapters/postgres/allot-rows.js';
import { fileCounts, filePage, heldFiles, reviewPage } from './adapters/postgres/file-list.js';
import { anyLapsed, stepsOf } from './adapters/postgres/task-files.js';
import { Fault } from './model/fault.js';
import type { Actor } from './model/person.js';
import type { QueueSettings } from './model/queue-settings.js';
import { stepDetailsSchema } from './model/step-details.js';
import type { EngineDesk, Turn } from './ports/desk.js';
import { type FlowParts, type LeaseSweep, MOST_FILES_A_PAGE, type TaskQueue } from './ports/task-queue.js';
import { allotIn, setResponsibleIn } from './queue-allot.js';
import { claimIn, SWEEP_BATCH, sweepIn } from './queue-claim.js';
import { type FlowContext, fileAnswer, stepIn } from './queue-step.js';
import { fieldErrors } from './stages/check-finding/field-errors.js';

/** Steps touch nothing but the database. */
const AGAIN = { again: true };

export function createTaskQueue(desk: EngineDesk, parts: FlowParts, settings: QueueSettings): TaskQueue & LeaseSweep {
  const flow = async (): Promise<FlowContext> => ({
    parts,
    rules: { settings, deadlineFor: await parts.deadlines() },
  });
  const lapse = async (): Promise<number> => {
    const context = await flow();
    let total = 0;
    for (;;) {
      const ended = await desk.engine('system', (turn) => sweepIn(turn, context), AGAIN);
      total += ended;
      if (ended < SWEEP_BATCH) return total;
    }
  };
  /** Reads after a sweep where one is due. */
  const reading = async <T>(actor: Actor, work: (turn: Turn) => Promise<T>): Promise<T> => {
    const first = await desk.as(actor, async (turn) =>
      (await anyLapsed(turn.sql, turn.at)) ? null : { result: await work(turn) },
    );
    if (first) return first.result;
    await lapse();
    return desk.as(actor, work);
  };
  return {
    lapse,
    list: (actor, query) => reading(actor, (turn) => filePage(turn, { ...query, limit: pageSize(query.limit) })),
    file: (actor, taskId) => reading(actor, (turn) => fileAnswer(turn, taskId)),
    steps: (actor, taskId) =>
      desk.as(actor, async (turn) => {
        const steps = await stepsOf(turn, taskId);
        // A file without steps is there or not: only its answer tells.
        if (steps.length === 0) await fileAnswer(turn, taskId);
        return steps;
      }),
    async act(actor, taskId, step) {
      const details = detailsOf(step.details);
      const context = await flow();
      const acted = await desk.as(actor, (turn) => stepIn(turn, context, taskId, { ...step, details }), AGAIN);
      if ('refused' in acted) throw acted.refused;
      return acted.answer;
    },
    async claimBatch(actor, claim) {
      if (!Number.isInteger(claim.count) || claim.count < 1) {
        throw new Fault('flow.count', '领取数量应为正整数 (expected a whole number of tasks)');
      }
      const context = await flow();
      return desk.as(actor, (turn) => claimIn(turn, context, claim), AGAIN);
    },
    mine: (actor) => reading(actor, heldFiles),
    reviewList: (actor, query) =>
      reading(actor, (turn) => reviewPage(turn, { ...query, limit: pageSize(query.limit) })),
    counts: (actor, filter) => reading(actor, (turn) => fileCounts(turn, filter)),
    async allot(actor, query) {
      const context = await flow();
      return desk.as(actor, (turn) => allotIn(turn, context, query), AGAIN);
    },
    responsibilities: (actor) => desk.as(actor, responsibilitiesOf),
    setResponsible: (actor, areaId, responsible) =>
      desk.as(actor, (turn) => setResponsibleIn(turn, areaId, responsible), AGAIN),
  };
}

function pageSize(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_FILES_A_PAGE) return limit;
  throw new Fault('flow.page', `每页应为 1 至 ${MOST_FILES_A_PAGE} 项 (a page has 1 to ${MOST_FILES_A_PAGE} files)`);
}

/** What comes with a step, as people call it. */
const DETAIL_WORDS: Readonly<Record<string, string>> = {
  reason: '理由',
  deadline: '期限',
  assignee: '人员',
  teamId: '队伍',
  hours: '领取小时数',
  leaseNo: '领取次数',
  finding: '核查记录',
  findingId: '核查记录编号',
  verdict: '认定',
  acknowledged: '已阅变化的编号',
  tasks: '要并入的任务',
  parts: '各部分',
};

function detailsOf(details: unknown) {
  const parsed = stepDetailsSchema.safeParse(details ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error.issues).map(({ path, message }) => ({ path, message }));
  const named = (path: string) => DETAIL_WORDS[path.split('.')[0] ?? ''] ?? path;
  throw new Fault(
    'flow.details',
    `附带的内容有误 (what comes with the step is wrong):\n${errors.map(({ path, message }) => `  ${named(path)}：${message}`).join('\n')}`,
    { details: { errors } },
  );
}
