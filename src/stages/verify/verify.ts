/**
 * verify: a file and a step → the file as it is after it and the step as it goes on record, or a Fault. The table of transitions decides what may
 * be done; nothing else does. A step names the revision it is based on; one that is based on an earlier one is refused.
 * In:  the file as it stands (an ended lease already swept), who acts, when, what comes with the step; what changed under the file; the rules.
 * Out: next file, step, whom to tell.
 */
import { Fault } from '../../model/fault.js';
import { type FileStep, type TaskFile, waitingState } from '../../model/task-file.js';
import { type FlowAction, transitionOf } from '../../model/task-flow.js';
import { effectOf } from './effect.js';
import { refusal } from './may.js';
import { checkNeeds } from './needs.js';
import type { StepInput, Telling } from './step-input.js';

export interface StepOutcome {
  readonly file: TaskFile;
  readonly step: FileStep;
  readonly tell: readonly Telling[];
}

export function verify(input: StepInput): StepOutcome {
  const { file, action, by, device, at, details } = input;
  checkLease(input);
  checkRevision(input);
  const refused = refusal(file, action, by);
  if (refused) throw refused;
  checkNeeds(input);
  const { set, body, tell } = effectOf(input);
  const changed: TaskFile = { ...file, ...set, revision: file.revision + 1, changedAt: at };
  const state = stateAfter(changed, action);
  const next = { ...changed, state };
  const reason = details.reason === undefined ? {} : { reason: details.reason };
  return {
    file: next,
    step: {
      taskId: file.taskId,
      revision: next.revision,
      action,
      from: file.state,
      to: state,
      personId: by?.id ?? null,
      device,
      at,
      body: { ...reason, ...body },
    },
    tell,
  };
}

function stateAfter(file: TaskFile, action: FlowAction): TaskFile['state'] {
  const { to } = transitionOf(action);
  switch (to) {
    case 'same':
      return file.state;
    case 'waiting':
      return waitingState(file);
    case 'next-review':
      return file.reviewLevel === null ? 'verdict' : 'submitted';
    default:
      return to;
  }
}

/** A step that was made under a lease which is over, or under an earlier one. */
function checkLease({ file, by, details: { leaseNo } }: StepInput): void {
  if (leaseNo === undefined) return;
  if (file.holder !== null && file.holder === by?.id && file.leaseNo === leaseNo) return;
  throw new Fault(
    'flow.lease-ended',
    `任务 ${file.taskId} 的领取（第 ${leaseNo} 次）已到期或已放回，填写的内容不会丢失；请重新领取后再提交 (this lease is over; claim the task again)`,
    { details: { leaseNo: file.leaseNo, held: file.holder !== null } },
  );
}

function checkRevision({ file, revision, since }: StepInput): void {
  if (revision === null || revision === file.revision) return;
  throw new Fault(
    'flow.stale',
    `任务 ${file.taskId} 已有更新：您看到的是第 ${revision} 版，现为第 ${file.revision} 版；请查看后再操作 (stale revision: based on ${revision}, found ${file.revision})`,
    {
      details: {
        revision: file.revision,
        since: since.map(({ revision: no, action, to, at }) => ({ revision: no, action, to, at })),
      },
    },
  );
}
