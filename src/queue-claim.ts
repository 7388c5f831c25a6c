/** queue-claim: leases: one file, a day's round, or the best that waits. What another turn is about to take is passed over, never taken twice. */
import { lockClaimable } from './adapters/postgres/claimable-files.js';
import { listedFiles, shownTo } from './adapters/postgres/file-list.js';
import { notToBeGiven } from './adapters/postgres/second-looks.js';
import { heldBy, keptForOthers, lapsedFiles, lockFiles, saveSteps } from './adapters/postgres/task-files.js';
import { Fault } from './model/fault.js';
import type { TaskFile } from './model/task-file.js';
import type { Turn } from './ports/desk.js';
import type { Claim, ClaimAnswer } from './ports/task-queue.js';
import { type FlowContext, noTask, swept } from './queue-step.js';
import { NO_CONTEXT, type StepContext } from './stages/verify/step-input.js';
import { verify } from './stages/verify/verify.js';

const SWEEP_BATCH = 200;

export async function claimIn(turn: Turn, flow: FlowContext, claim: Claim): Promise<ClaimAnswer> {
  const held = await heldBy(turn);
  const { ids } = claim;
  const room = flow.rules.settings.lease.most - held;
  if (ids === undefined && room <= 0) throw full(held);
  const files = ids
    ? await lockFiles(turn, ids)
    : await lockClaimable(turn, { ...claim, count: Math.min(claim.count, room) });
  const refused: { taskId: string; code: string; message: string }[] = [];
  for (const id of ids ?? []) {
    if (files.some(({ taskId }) => taskId === id)) continue;
    const { code, message } = noTask(id);
    refused.push({ taskId: id, code, message });
  }
  const taken: string[] = [];
  const owed = await notToBeGiven(
    turn,
    files.map(({ taskId }) => taskId),
    [turn.member.id],
  );
  for (const file of inOrder(files, ids)) {
    try {
      const standing = await swept(turn, flow, file);
      const keptFor = standing.roundId !== null && (await keptForOthers(turn, standing.taskId));
      const outcome = claimed(turn, flow, claim, standing, {
        held: held + taken.length,
        keptForOthers: keptFor,
        owesLook: owed.get(file.taskId)?.has(turn.member.id) ?? false,
      });
      await saveSteps(turn, [outcome]);
      taken.push(file.taskId);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push({ taskId: file.taskId, code: error.code, message: error.message });
    }
  }
  if (ids === undefined && taken.length === 0) {
    throw new Fault(
      'flow.none',
      '没有可领取的任务：您的区域和队伍内暂无待领取的任务 (nothing that you may claim is waiting)',
    );
  }
  const answer = (await listedFiles(turn, taken)).map((file) => shownTo(turn.member, file));
  return { files: inOrder(answer, ids), refused };
}

function claimed(
  turn: Turn,
  { rules }: FlowContext,
  { hours, roundId }: Claim,
  file: TaskFile,
  known: Pick<StepContext, 'held' | 'keptForOthers' | 'owesLook'>,
) {
  return verify({
    file,
    action: 'claim',
    revision: null,
    since: [],
    by: turn.member,
    device: turn.device,
    at: turn.at,
    details: hours === undefined ? {} : { hours },
    change: null,
    context: { ...NO_CONTEXT, ...known, roundId: roundId ?? null },
    rules,
  });
}

/** As they were named. */
function inOrder<T extends { readonly taskId: string }>(
  files: readonly T[],
  ids: readonly string[] | undefined,
): readonly T[] {
  return ids ? [...files].sort((a, b) => ids.indexOf(a.taskId) - ids.indexOf(b.taskId)) : files;
}

function full(held: number): Fault {
  return new Fault(
    'flow.most',
    `您已持有 ${held} 个任务，达到上限；请先提交或放回 (you hold as many tasks as one person may)`,
    { details: { held } },
  );
}

/** Number of leases that were over. */
export async function sweepIn(turn: Turn, flow: FlowContext): Promise<number> {
  const files = await lapsedFiles(turn, SWEEP_BATCH);
  for (const file of files) await swept(turn, flow, file);
  return files.length;
}

export { SWEEP_BATCH };
