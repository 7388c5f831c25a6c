/** needs: what the table asks to come with a step: reason, deadline, finding, tasks, parts, person, lease, acknowledgement. */
import { Fault } from '../../model/fault.js';
import { FLOW_ACTION_WORDS, type Need, transitionOf } from '../../model/task-flow.js';
import { chinaDay, dayAfter } from '../../model/working-days.js';
import type { StepInput } from './step-input.js';

/** A deadline further away than this is a slip of the keyboard. */
const FARTHEST_DAYS = 366;

export function checkNeeds(input: StepInput): void {
  for (const need of transitionOf(input.action).needs) CHECKS[need](input);
}

const CHECKS: Readonly<Record<Need, (input: StepInput) => void>> = {
  reason: ({ details, action }) => {
    if (details.reason === undefined || details.reason.trim() === '') {
      throw new Fault('flow.reason', `“${FLOW_ACTION_WORDS[action].zh}”须写明理由 (a reason is needed)`);
    }
  },
  deadline: ({ details: { deadline }, action, at }) => {
    if (deadline === undefined) {
      if (action === 'return') return;
      throw new Fault('flow.deadline', `“${FLOW_ACTION_WORDS[action].zh}”须给出期限 (a deadline is needed)`);
    }
    const today = chinaDay(at);
    if (deadline > today && deadline <= dayAfter(today, FARTHEST_DAYS)) return;
    throw new Fault(
      'flow.deadline',
      `期限 ${deadline} 不合适，应晚于今天 ${today}，且在一年以内 (the deadline must be after today and within a year)`,
    );
  },
  finding: ({ details }) => {
    if (details.finding === undefined || details.findingId === undefined) {
      throw new Fault('flow.finding', '提交时须带核查结果及其编号 (a finding and its id are needed)');
    }
  },
  tasks: ({ details: { tasks }, file }) => {
    const ids = (tasks ?? []).map(({ taskId }) => taskId);
    if (ids.length === 0) {
      throw new Fault('flow.tasks', '须指明要并入的任务 (name the tasks that are taken in)');
    }
    if (ids.includes(file.taskId) || new Set(ids).size !== ids.length) {
      throw new Fault(
        'flow.tasks',
        '任务不能并入自身，也不能重复列出 (a task is not merged with itself, nor named twice)',
      );
    }
  },
  parts: ({ details }) => {
    if (details.parts === undefined) {
      throw new Fault('flow.parts', '须给出各部分的轮廓，或写明按地块 (outlines of the parts are needed, or `pieces`)');
    }
  },
  person: ({ action, by, details: { assignee = null, teamId = null }, context: { officers, team }, file }) => {
    if (action === 'hand-over' && (assignee === null || teamId !== null || assignee === by?.id)) {
      throw new Fault(
        'flow.person',
        '草稿移交给一位同事，须指明人员 (a draft is handed to one colleague: name the person)',
      );
    }
    if (assignee === null && teamId === null) {
      throw new Fault('flow.person', '须指明分派给谁：人员或队伍 (name a person or a team)');
    }
    if (assignee !== null && !officers.includes(assignee)) {
      throw new Fault(
        'flow.person',
        `被分派的人不是任务 ${file.taskId} 所在区域的执法人员，或不宜承办该任务 (that person is no officer for the task's area, or is not to be given it)`,
        { details: { assignee } },
      );
    }
    if (teamId === null) return;
    if (!team.some((id) => officers.includes(id))) {
      throw new Fault(
        'flow.person',
        `该队伍没有任务 ${file.taskId} 所在区域可承办的执法人员 (that team has no officer for the task's area who may be given it)`,
        { details: { teamId } },
      );
    }
    if (assignee !== null && !team.includes(assignee)) {
      throw new Fault('flow.person', '被分派的人不在该队伍中 (that person is not of that team)');
    }
  },
  lease: ({ action, details, context, file, rules: { settings } }) => {
    const { lease } = settings;
    const most = context.roundId === null && file.roundId === null ? lease.hours : lease.roundHours;
    if ((details.hours ?? most) > most) {
      throw new Fault('flow.lease', `领取时长最多 ${most} 小时 (a lease lasts at most ${most} hours)`);
    }
    if (action === 'claim' && context.owesLook) {
      throw new Fault(
        'flow.look',
        `任务 ${file.taskId} 处您还有复核未答复，答复前不能领取 (you still have a second look to answer there: answer it first)`,
      );
    }
    if (action === 'claim' && context.keptForOthers) {
      throw new Fault(
        'flow.round',
        `任务 ${file.taskId} 已排入他人的巡查，巡查取消或出发前不能领取 (a round for somebody else keeps this task)`,
      );
    }
    if (action === 'claim' && context.held >= lease.most) {
      throw new Fault(
        'flow.most',
        `您已持有 ${context.held} 个任务，上限为 ${lease.most} 个；请先提交或放回 (you hold as many tasks as one person may)`,
      );
    }
    if (action === 'extend-lease' && file.leaseExtensions >= lease.extensions) {
      throw new Fault(
        'flow.lease',
        `此次领取已续领 ${file.leaseExtensions} 次，不能再续 (this lease was extended as often as it may be)`,
      );
    }
  },
  acknowledged: ({ change, details }) => {
    if (change === null || change.acknowledged || change.hash === details.acknowledged) return;
    throw new Fault(
      'flow.changed',
      `任务打开之后，影像运行或登记资料使其有变化，请查看并确认已阅：\n${change.sentences.map((line) => `  · ${line}`).join('\n')}\n(what this task rests on has changed since it was opened: look at it and acknowledge)`,
      { details: { hash: change.hash, sentences: change.sentences } },
    );
  },
  draft: ({ file, context: { draft } }) => {
    if (draft) return;
    throw new Fault(
      'flow.draft',
      `您没有任务 ${file.taskId} 的草稿，没有可移交的 (no draft of this task to hand over)`,
    );
  },
  unsealed: ({ file, action }) => {
    if (!file.sealed) return;
    throw new Fault(
      'flow.sealed',
      `任务 ${file.taskId} 在尚未出发的封存巡查${file.roundId === null ? '' : ` ${file.roundId} `}中，地点还没有显示，现在不能“${FLOW_ACTION_WORDS[action].zh}”；请让整个巡查出发，或由安排的人取消它 (its place is withheld until the sealed round departs: let the round depart, or call it off)`,
    );
  },
  unlisted: ({ file }) => {
    if (file.listed !== 'new') return;
    throw new Fault(
      'flow.listed',
      `最新运行仍将任务 ${file.taskId} 列入清单，不能撤出 (the newest run still lists this task)`,
    );
  },
};
