/** may: whether the table lets a person take a step with a file as it stands; null = yes. */
import { Fault } from '../../model/fault.js';
import { hasRole, type Member, REVIEW_LEVEL_WORDS, ROLE_WORDS } from '../../model/person.js';
import type { TaskFile } from '../../model/task-file.js';
import {
  FILE_STATE_WORDS,
  FLOW_ACTION_WORDS,
  FLOW_ACTIONS,
  type FlowAction,
  type Transition,
  transitionOf,
  type Who,
} from '../../model/task-flow.js';

/** Steps that only follow from another one in the same transaction: nobody takes them by themselves. */
export const CONSEQUENCES: readonly FlowAction[] = ['lapse', 'join', 'enter-round', 'leave-round', 'unseal'];

/** `by` null: the system. */
export function refusal(file: TaskFile, action: FlowAction, by: Member | null): Fault | null {
  const transition = transitionOf(action);
  if (!transition.from.includes(file.state)) {
    const from = transition.from.map((state) => FILE_STATE_WORDS[state].zh).join('、');
    return new Fault(
      'flow.state',
      `任务 ${file.taskId} 现为“${FILE_STATE_WORDS[file.state].zh}”，“${FLOW_ACTION_WORDS[action].zh}”只能用于：${from} (found state ${file.state}, expected one of ${transition.from.join(', ')})`,
      { details: { state: file.state, allowed: transition.from } },
    );
  }
  if (by === null) return transition.by.some(({ who }) => who === 'system') ? null : lacksRole(file, transition);
  const ways = transition.by.flatMap(({ role, who }) =>
    role === null || who === 'system' || !hasRole(by, role, file.areas) ? [] : [asWho(file, action, by, who)],
  );
  if (ways.includes(null)) return null;
  // What is nearest to being allowed is told: a role is there, but not the rest.
  const near = ways.filter((fault) => fault !== null);
  return near.find(({ code }) => code !== 'flow.role') ?? near[0] ?? lacksRole(file, transition);
}

/** `draft`: the person has one of this task. */
export function allowedSteps(file: TaskFile, by: Member, draft = false): FlowAction[] {
  return FLOW_ACTIONS.filter((action) => {
    if (CONSEQUENCES.includes(action) || (action === 'take-off' && file.listed === 'new')) return false;
    if (action === 'hand-over' && !draft) return false;
    if (file.sealed && transitionOf(action).needs.includes('unsealed')) return false;
    return refusal(file, action, by) === null;
  });
}

function lacksRole({ taskId }: TaskFile, { action, by }: Transition): Fault {
  const roles = [...new Set(by.flatMap(({ role }) => (role === null ? [] : [role])))];
  return new Fault(
    'flow.role',
    `您没有对任务 ${taskId} “${FLOW_ACTION_WORDS[action].zh}”的权限，须为其所在区域的：${roles.map((role) => ROLE_WORDS[role].zh).join('、') || '系统'} (needs a role for the task's area: ${roles.join(', ') || 'the system'})`,
    { details: { roles } },
  );
}

function asWho(file: TaskFile, action: FlowAction, by: Member, who: Exclude<Who, 'system'>): Fault | null {
  switch (who) {
    case 'anyone':
      return null;
    case 'holder':
      return file.holder === by.id
        ? null
        : new Fault(
            'flow.holder',
            `任务 ${file.taskId} 不在您名下，请先领取 (you do not hold this task: claim it first)`,
            { details: { held: file.holder !== null } },
          );
    case 'assignee':
      return isGivenTo(file, by)
        ? null
        : new Fault(
            'flow.assignee',
            `任务 ${file.taskId} 已分派给其他人或其他队伍 (this task was given to another person or team)`,
          );
    case 'other':
      return ownWork(file, by, action);
    case 'reviewer':
      return reviewer(file, by);
  }
}

function isGivenTo({ assignee, teamId }: TaskFile, { id, teams }: Member): boolean {
  if (assignee !== null) return assignee === id;
  return teamId === null || teams.includes(teamId);
}

function ownWork(file: TaskFile, { id }: Member, action: FlowAction): Fault | null {
  const own = file.authors.includes(id) || (action === 'grant-extension' && [file.holder, file.assignee].includes(id));
  return own ? ownWorkFault(file.taskId) : null;
}

export function ownWorkFault(taskId: string): Fault {
  return new Fault('flow.own-work', `任务 ${taskId} 是您本人办理或提交过的，不能由本人审核 (nobody reviews own work)`);
}

function reviewer(file: TaskFile, by: Member): Fault | null {
  const level = file.reviewLevel;
  if (level === null || !hasRole(by, 'reviewer', file.areas, level)) {
    const wanted = level === null ? '审核' : REVIEW_LEVEL_WORDS[level].zh;
    return new Fault(
      'flow.role',
      `任务 ${file.taskId} 待${wanted}审核，您没有该区域的${wanted}审核权限 (waits for the review of another level or area: ${level ?? 'none'})`,
      { details: { level } },
    );
  }
  const own = ownWork(file, by, 'approve');
  if (own) return own;
  if (!file.reviewers.includes(by.id)) return null;
  return new Fault(
    'flow.same-reviewer',
    `您已在上一级审核过任务 ${file.taskId}，同一人不能审核两级 (one person does not review at two levels)`,
  );
}
