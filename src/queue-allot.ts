/** queue-allot: everything new that nobody has, to those who answer for its area; and who answers for which area. */
import {
  knownIds,
  lockUnassigned,
  replaceResponsible,
  responsibilitiesOf,
  teamsOf,
  workLoad,
} from './adapters/postgres/allot-rows.js';
import { peopleFor, saveSteps } from './adapters/postgres/task-files.js';
import { Fault } from './model/fault.js';
import { hasRole } from './model/person.js';
import type { Turn } from './ports/desk.js';
import type { AllotAnswer, Responsibility, TaskQueue } from './ports/task-queue.js';
import type { FlowContext } from './queue-step.js';
import { tellPeople } from './queue-tell.js';
import { allot } from './stages/allot/allot.js';
import { refusal } from './stages/verify/may.js';
import { NO_CONTEXT } from './stages/verify/step-input.js';
import { verify } from './stages/verify/verify.js';

export async function allotIn(
  turn: Turn,
  { parts, rules }: FlowContext,
  query: Parameters<TaskQueue['allot']>[1],
): Promise<AllotAnswer> {
  const files = await lockUnassigned(turn, query);
  const mine = files.filter((file) => refusal(file, 'assign', turn.member) === null);
  const officers = new Map<string, string[]>();
  for (const { areas } of mine) {
    const key = JSON.stringify(areas);
    if (!officers.has(key)) officers.set(key, await peopleFor(turn, 'officer', null, areas));
  }
  const teams = await teamsOf(turn);
  const officersOf = (areas: readonly string[]) => officers.get(JSON.stringify(areas)) ?? [];
  const { assigned, left } = allot({
    files: mine.map(({ taskId, areas }) => ({ taskId, areas, officers: officersOf(areas) })),
    responsible: await responsibilitiesOf(turn),
    teams,
    load: await workLoad(turn),
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
      context: { ...NO_CONTEXT, officers: officersOf(file.areas), team },
      rules,
    });
    await saveSteps(turn, [outcome]);
    await tellPeople(turn, parts.notify, file, outcome);
  }
  const foreign = files.filter((file) => !mine.includes(file));
  return {
    assigned,
    left: [...left, ...foreign.map(({ taskId }) => ({ taskId, why: '您无权在其所在区域分派' }))],
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
      `没有这些行政区、队伍或人员，或一行中未恰好指明一个：${unknown.join('、')} (unknown area, team or person, or not exactly one of team and person)`,
    );
  }
  await replaceResponsible(turn, areaId, responsible);
  turn.record({ action: 'area.responsible', subject: `area:${areaId}`, body: { responsible } });
}
