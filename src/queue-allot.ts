/** queue-allot: everything new that nobody has, to those who answer for its area; and who answers for which area. */
import {
  knownIds,
  lockUnassigned,
  replaceResponsible,
  responsibilitiesOf,
  teamsOf,
  workLoad,
} from './adapters/postgres/allot-rows.js';
import { notToBeGiven } from './adapters/postgres/second-looks.js';
import { peopleFor, saveSteps } from './adapters/postgres/task-files.js';
import { Fault } from './model/fault.js';
import { hasRole, ROLE_WORDS } from './model/person.js';
import type { TaskFile } from './model/task-file.js';
import { transitionOf } from './model/task-flow.js';
import type { Turn } from './ports/desk.js';
import type { AllotAnswer, AllotQuery, Responsibility } from './ports/task-queue.js';
import type { FlowContext } from './queue-step.js';
import { tellPeople } from './queue-tell.js';
import { allot } from './stages/allot/allot.js';
import { refusal } from './stages/verify/may.js';
import { NO_CONTEXT } from './stages/verify/step-input.js';
import { verify } from './stages/verify/verify.js';

export async function allotIn(turn: Turn, { parts, rules }: FlowContext, query: AllotQuery): Promise<AllotAnswer> {
  const { by } = transitionOf('assign');
  if (!by.some(({ role }) => turn.member.grants.some((grant) => grant.role === role))) {
    const roles = by.flatMap(({ role }) => (role === null ? [] : [ROLE_WORDS[role].zh]));
    throw new Fault(
      'flow.role',
      `您没有分派任务的权限，须为：${roles.join('、')}；没有分派任何任务 (only analysts, supervisors and administrators assign; nothing was assigned)`,
    );
  }
  const { teamId: onlyTeam } = query;
  if (onlyTeam !== undefined && !(await knownIds(turn, 'team', [onlyTeam])).has(onlyTeam)) {
    throw new Fault('flow.person', `没有编号为 ${onlyTeam} 的队伍 (no such team)`);
  }
  const files = await lockUnassigned(turn, query);
  const mine = files.filter((file) => refusal(file, 'assign', turn.member) === null);
  const officers = new Map<string, string[]>();
  for (const { areas } of mine) {
    const key = JSON.stringify(areas);
    if (!officers.has(key)) officers.set(key, await peopleFor(turn, 'officer', null, areas));
  }
  const teams = await teamsOf(turn);
  const owed = await notToBeGiven(
    turn,
    mine.map(({ taskId }) => taskId),
    [...officers.values(), ...teams.values()].flat(),
  );
  const officersOf = ({ taskId, areas }: Pick<TaskFile, 'taskId' | 'areas'>) => {
    const left = owed.get(taskId);
    const all = officers.get(JSON.stringify(areas)) ?? [];
    return left ? all.filter((id) => !left.has(id)) : all;
  };
  const { assigned, left } = allot({
    files: mine.map((file) => ({ taskId: file.taskId, areas: file.areas, officers: officersOf(file) })),
    responsible: await responsibilitiesOf(turn),
    teams,
    load: await workLoad(turn),
    among: onlyTeam !== undefined ? { teamId: onlyTeam } : query.role === undefined ? 'responsible' : 'officers',
    toTeam: query.toTeam ?? false,
  });
  const byId = new Map(mine.map((file) => [file.taskId, file]));
  for (const { taskId, teamId, assignee } of assigned) {
    const file = byId.get(taskId);
    if (!file) continue;
    const team = teamId === null ? [] : (teams.get(teamId) ?? []);
    const outcome = verify({
      file,
      action: 'assign',
      revision: null,
      since: [],
      by: turn.member,
      device: turn.device,
      at: turn.at,
      details: { teamId, assignee },
      change: null,
      context: { ...NO_CONTEXT, officers: officersOf(file), team },
      rules,
    });
    await saveSteps(turn, [outcome]);
    await tellPeople(turn, parts.notify, file, outcome);
  }
  const foreign = files.filter((file) => !mine.includes(file));
  const found = new Set(files.map(({ taskId }) => taskId));
  const elsewhere = (query.ids ?? []).filter((id) => !found.has(id));
  return {
    assigned,
    left: [
      ...left,
      ...foreign.map(({ taskId }) => ({ taskId, why: '您无权在其所在区域分派' })),
      ...elsewhere.map((taskId) => ({ taskId, why: '没有此任务、无权查看，或不在待分派、已分派、退回的状态' })),
    ],
  };
}

export async function setResponsibleIn(
  turn: Turn,
  areaId: string,
  responsible: readonly Omit<Responsibility, 'areaId'>[],
): Promise<void> {
  if (!hasRole(turn.member, 'administrator', [areaId])) {
    throw new Fault('flow.role', '只有管理员可以设定责任区 (only administrators say who answers for an area)');
  }
  const areas = await knownIds(turn, 'area', [areaId]);
  const teams = responsible.flatMap(({ teamId }) => teamId ?? []);
  const persons = responsible.flatMap(({ personId }) => personId ?? []);
  const [knownTeams, knownPersons] = [await knownIds(turn, 'team', teams), await knownIds(turn, 'person', persons)];
  const unknown = [
    ...(areas.has(areaId) ? [] : [areaId]),
    ...teams.filter((id) => !knownTeams.has(id)),
    ...persons.filter((id) => !knownPersons.has(id)),
  ];
  if (unknown.length > 0 || responsible.some(({ teamId, personId }) => (teamId === null) === (personId === null))) {
    throw new Fault(
      'flow.responsible',
      `没有这些区域、队伍或人员，或一行中未恰好指明一个：${unknown.join('、')} (unknown area, team or person, or not exactly one of team and person)`,
    );
  }
  await replaceResponsible(turn, areaId, responsible);
  turn.record({ action: 'area.responsible', subject: `area:${areaId}`, body: { responsible } });
}
