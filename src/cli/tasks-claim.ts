/** tuban tasks claim | assign | responsible: who gets what. */
import type { Command } from 'commander';
import { Fault } from '../model/fault.js';
import { ROLE_WORDS } from '../model/person.js';
import { parseQuarter } from '../model/quarter.js';
import { WORK_ROLES, type WorkRole } from '../model/task-flow.js';
import type { Responsibility } from '../ports/task-queue.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';
import { filesTable } from './file-text.js';
import { areaId, namesOf, personId, teamId } from './named.js';
import { numberOf, wholeNumber } from './staying.js';
import { table } from './table.js';
import { eachTask } from './tasks-each.js';
import { queueOf } from './tasks-steps.js';
import { faultText } from './told.js';

interface ClaimOptions {
  readonly batch?: string;
  readonly area?: string;
  readonly team?: string;
  readonly quarter?: string;
  readonly hours?: string;
  readonly json?: boolean;
}

interface AssignOptions {
  readonly to?: string;
  readonly team?: string;
  readonly auto?: boolean;
  readonly toTeam?: boolean;
  readonly role?: string;
  readonly count?: string;
  readonly quarter?: string;
  readonly area?: string;
  readonly json?: boolean;
}

interface ResponsibleOptions {
  readonly team?: readonly string[];
  readonly person?: readonly string[];
  readonly none?: boolean;
  readonly json?: boolean;
}

export function registerClaims(tasks: Command, context: CommandContext): void {
  tasks
    .command('claim')
    .description('领取：指定的任务，或本人区域内排名最前的若干个 (claim these tasks, or the best of my areas)')
    .argument('[ID...]', '任务编号 (ids)')
    .option('--batch <N>', '领取几个 (how many)')
    .option('--area <AREA>', '区域编号或名称 (area, by id or name)')
    .option('--team <NAME>', '队伍 (team)')
    .option('--quarter <QUARTER>', '只在某季度，缺省不限 (of one quarter; default: any)')
    .option('--hours <N>', '领取多少小时，缺省按设置 queue.lease (hours of the lease; default: the settings)')
    .option('--json', '输出 JSON (print JSON)')
    .action((ids: string[], options: ClaimOptions) => claim(ids, options, context));
  tasks
    .command('assign')
    .description(
      '分派给人员或队伍；--auto 按责任区、--role 按角色，给手上最少的人 (assign; --auto by who answers for the area, --role by role, and by work load)',
    )
    .argument('[ID...]', '任务编号 (ids)')
    .option('--to <LOGIN>', '人员 (person)')
    .option('--team <NAME>', '队伍 (team)')
    .option(
      '--auto',
      '自动分派：指定的任务，或全部待分派的；可加 --team (share out: these, or everything that nobody has)',
    )
    .option(
      '--role <ROLE>',
      `不看责任区，分给所在区域此角色中手上最少的人：${WORK_ROLES.join(' ')} (whoever of this role has the fewest in hand)`,
    )
    .option('--to-team', '与 --auto 一起：只分到队伍 (with --auto: leave it to the team)')
    .option('--count <N>', '与 --auto 一起：最多几个，缺省 1000 (with --auto: at most; default: 1000)')
    .option('--quarter <QUARTER>', '只在某季度，缺省不限 (of one quarter; default: any)')
    .option('--area <AREA>', '区域编号或名称 (area, by id or name)')
    .option('--json', '输出 JSON (print JSON)')
    .action((ids: string[], options: AssignOptions) => assign(ids, options, context));
  tasks
    .command('responsible')
    .description('责任区：列出，或设定一个区域由谁负责 (who answers for an area: list or set)')
    .argument('[AREA]', '区域编号或名称 (area, by id or name)')
    .option('--team <NAME...>', '队伍 (teams)')
    .option('--person <LOGIN...>', '人员 (persons)')
    .option('--none', '无人负责 (nobody)')
    .option('--json', '输出 JSON (print JSON)')
    .action((area: string | undefined, options: ResponsibleOptions) => responsible(area, options, context));
}

async function claim(ids: readonly string[], options: ClaimOptions, context: CommandContext): Promise<void> {
  const { session } = context;
  const batch = wholeNumber('--batch', options.batch, 1, 500);
  if (ids.length === 0 && batch === null) {
    throw new Fault('tasks.claim', '请指明任务编号，或用 --batch 说明领取几个 (name tasks, or how many with --batch)');
  }
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  const team = options.team === undefined ? undefined : await teamId(options.team, context);
  const answer = await queue.claimBatch(actor, {
    ...(ids.length > 0 ? { ids } : {}),
    count: batch ?? Math.max(1, ids.length),
    ...(options.area === undefined ? {} : { areaId: await areaId(options.area, context) }),
    ...(team === undefined ? {} : { teamId: team }),
    ...(options.quarter === undefined ? {} : { quarter: parseQuarter(options.quarter) }),
    ...(options.hours === undefined ? {} : { hours: numberOf('--hours', options.hours, 0.1, 1000) }),
  });
  if (options.json) session.out(`${JSON.stringify(answer)}\n`);
  else {
    if (answer.files.length > 0) session.out(filesTable(answer.files));
    for (const one of answer.refused) session.err(`未领取 ${one.taskId}：${faultText(one)}\n`);
  }
  if (answer.refused.length > 0) session.status = 2;
}

async function assign(ids: readonly string[], options: AssignOptions, context: CommandContext): Promise<void> {
  const { session } = context;
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  if (options.auto || options.role !== undefined) {
    if (options.to !== undefined) {
      throw new Fault(
        'tasks.assign',
        '--to 已指明人员，不与 --auto、--role 同用 (--to names the person: not with --auto or --role)',
      );
    }
    const answer = await queue.allot(actor, {
      count: wholeNumber('--count', options.count, 1, 100_000) ?? 1000,
      toTeam: options.toTeam ?? false,
      ...(ids.length === 0 ? {} : { ids }),
      ...(options.role === undefined ? {} : { role: workRole(options.role) }),
      ...(options.team === undefined ? {} : { teamId: await teamId(options.team, context) }),
      ...(options.quarter === undefined ? {} : { quarter: parseQuarter(options.quarter) }),
      ...(options.area === undefined ? {} : { areaId: await areaId(options.area, context) }),
    });
    if (options.json) session.out(`${JSON.stringify(answer)}\n`);
    else {
      session.out(`已分派 ${answer.assigned.length} 个任务 (assigned)\n`);
      for (const { taskId, why } of answer.left) session.err(`未分派 ${taskId}：${why} (not assigned)\n`);
    }
    if (answer.left.length > 0) session.status = 2;
    return;
  }
  if (ids.length === 0) throw new Fault('tasks.assign', '请指明任务编号，或用 --auto (name tasks, or use --auto)');
  const assignee = options.to === undefined ? null : await personId(options.to, context);
  const team = options.team === undefined ? null : await teamId(options.team, context);
  await eachTask(ids, options.json ?? false, context, async (id) => {
    const { revision } = (await queue.file(actor, id)).file;
    return queue.act(actor, id, { action: 'assign', revision, details: { assignee, teamId: team } });
  });
}

function workRole(text: string): WorkRole {
  const found = WORK_ROLES.find((role) => role === text);
  if (found !== undefined) return found;
  throw new Fault(
    'tasks.role',
    `任务只能分派给：${WORK_ROLES.map((role) => `${ROLE_WORDS[role].zh} ${role}`).join('、')}，得到“${text}” (tasks are given to these roles only)`,
  );
}

async function responsible(
  area: string | undefined,
  options: ResponsibleOptions,
  context: CommandContext,
): Promise<void> {
  const { session } = context;
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  if (area !== undefined) {
    const given: Omit<Responsibility, 'areaId'>[] = [];
    for (const name of options.team ?? []) given.push({ teamId: await teamId(name, context), personId: null });
    for (const login of options.person ?? []) given.push({ teamId: null, personId: await personId(login, context) });
    if (given.length === 0 && !options.none) {
      throw new Fault('tasks.responsible', '请用 --team、--person 或 --none 说明 (say who, or --none)');
    }
    await queue.setResponsible(actor, await areaId(area, context), given);
  }
  const list = await queue.responsibilities(actor);
  if (options.json) session.out(`${JSON.stringify({ responsibilities: list })}\n`);
  else if (list.length === 0) {
    session.err(
      '还没有设定责任区：任务按所在区域的全部执法人员分派 (nobody answers for an area yet: all officers of it do)\n',
    );
  } else {
    const names = await namesOf(context);
    const named = (id: string | null) => (id === null ? '' : (names.get(id) ?? id));
    session.out(
      table(list, [
        { head: '区域 (area)', cell: (one) => `${named(one.areaId)}（${one.areaId}）` },
        { head: '队伍 (team)', cell: (one) => named(one.teamId) },
        { head: '人员 (person)', cell: (one) => named(one.personId) },
      ]),
    );
  }
}
