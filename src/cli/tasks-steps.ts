/** tuban tasks claim | extend | release | depart | submit | review | return | assign | merge | split | …: what people do with tasks. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readJson } from '../adapters/files/read-json.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { Fault } from '../model/fault.js';
import { contentHash } from '../model/id.js';
import type { StepDetails } from '../model/step-details.js';
import { FILE_STATE_WORDS, FLOW_ACTION_WORDS, type FlowAction } from '../model/task-flow.js';
import type { FileAnswer } from '../ports/task-queue.js';
import { openTaskQueue } from '../queue-open.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';
import { fileLines, filesTable } from './file-text.js';
import { namesOf, personId } from './named.js';
import { outlinesOf } from './part-outlines.js';
import { numberOf, wholeNumber } from './staying.js';
import { stepsTable } from './step-text.js';
import { eachTask } from './tasks-each.js';

export async function queueOf(context: CommandContext) {
  const workspace = await context.workspace();
  return openTaskQueue(workspace, createDesk(workspace.database));
}

interface StepOptions {
  readonly to?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly hours?: string;
  readonly lease?: string;
  readonly form?: string;
  readonly findingId?: string;
  readonly verdict?: string;
  readonly seen?: string;
  readonly parts?: string;
  readonly pieces?: boolean;
  readonly revision?: string;
  readonly json?: boolean;
}

const REASON = ['--reason <TEXT>', '理由 (reason)'] as const;
const UNTIL = [
  '--until <DAY>',
  '期限，如 2026-12-31；退回时缺省按规则 (day; for a return the default is by the rules)',
] as const;
const SEEN = [
  '--seen <HASH>',
  '已阅任务打开后的变化，编号见 tasks show (acknowledge what changed: its hash of tasks show)',
] as const;
const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;

interface StepCommand {
  readonly name: string;
  readonly action: FlowAction;
  readonly about: string;
  readonly options: readonly (readonly [flags: string, about: string])[];
}

const STEPS: readonly StepCommand[] = [
  {
    name: 'extend',
    action: 'extend-lease',
    about: '续领 (extend the lease)',
    options: [['--hours <N>', '小时，缺省按设置 queue.lease (hours; default: the settings)']],
  },
  { name: 'release', action: 'release', about: '放回 (give a claimed task back)', options: [REASON] },
  { name: 'depart', action: 'depart', about: '出发，进入现场核查 (leave for the place)', options: [] },
  {
    name: 'submit',
    action: 'submit',
    about: '提交核查记录 (submit a finding)',
    options: [
      ['--form <FILE>', '核查记录，JSON (the form)'],
      [
        '--finding-id <ID>',
        '核查记录编号，缺省由内容和领取次数得出；同一次领取内提交两次只算一次 (id of the finding; default: from its content and the claim)',
      ],
      ['--lease <N>', '填写时的领取次数 (number of the lease it was made under)'],
      SEEN,
    ],
  },
  { name: 'return', action: 'return', about: '退回补正 (return for correction)', options: [REASON, UNTIL] },
  {
    name: 'ask-extension',
    action: 'ask-extension',
    about: '申请延期 (ask for an extension)',
    options: [REASON, UNTIL],
  },
  {
    name: 'grant-extension',
    action: 'grant-extension',
    about: '同意延期 (grant an extension)',
    options: [REASON, UNTIL],
  },
  { name: 'bad-imagery', action: 'bad-imagery', about: '影像不可用 (imagery of no use)', options: [REASON] },
  { name: 'unreachable', action: 'unreachable', about: '无法到达 (cannot be reached)', options: [REASON] },
  { name: 'reopen', action: 'reopen', about: '重新打开 (open again)', options: [REASON] },
  { name: 'open-case', action: 'open-case', about: '立案 (open a case)', options: [REASON] },
  { name: 'close', action: 'close', about: '办结 (close)', options: [REASON] },
  {
    name: 'take-off',
    action: 'take-off',
    about: '撤出最新运行已不列入的任务 (take off what the newest run no longer lists)',
    options: [REASON],
  },
  {
    name: 'hand-over',
    action: 'hand-over',
    about: '把本人在此任务上的草稿移交给同事 (hand one’s draft to a colleague)',
    options: [['--to <LOGIN>', '人员 (person)']],
  },
  {
    name: 'split',
    action: 'split',
    about: '拆分 (split into tasks of their own)',
    options: [
      ['--pieces', '按判定的地块 (by the pieces of the judgement)'],
      ['--parts <FILE>', '各部分轮廓，GeoJSON (outlines of the parts)'],
      REASON,
    ],
  },
];

/** What comes with them is of one task. */
const SINGLE: readonly FlowAction[] = ['submit', 'split', 'hand-over'];

export function registerSteps(tasks: Command, context: CommandContext): void {
  for (const { name, action, about, options } of STEPS) {
    const one = SINGLE.includes(action);
    const command = tasks.command(name).description(about);
    if (one) command.argument('<ID>', '任务编号 (id of the task)');
    else command.argument('<ID...>', '任务编号，可以多个 (ids)');
    for (const option of options) command.option(...option);
    command
      .option('--revision <N>', '所依据的版本，缺省为最新 (revision it is based on; default: the newest)')
      .option(...JSON_OPTION)
      .action((ids: string | string[], given: StepOptions) => {
        const [first = '', ...others] = typeof ids === 'string' ? [ids] : ids;
        return others.length === 0
          ? step(first, action, given, context)
          : manySteps([first, ...others], action, given, context);
      });
  }
  tasks
    .command('review')
    .description('审核通过；不带编号则列出待我审核的 (approve; without an id: what waits for my review)')
    .argument('[ID]', '任务编号 (id of the task)')
    .option(
      '--verdict <FILE>',
      '各部分的认定，JSON；缺省按核查记录 (verdicts by part; default: as the finding proposes)',
    )
    .option(...SEEN)
    .option('--revision <N>', '所依据的版本，缺省为最新 (revision)')
    .option(...JSON_OPTION)
    .action((id: string | undefined, given: StepOptions) =>
      id === undefined ? reviewList(given, context) : step(id, 'approve', given, context),
    );
  tasks
    .command('merge')
    .description('将其他任务并入一个任务 (let one task carry others)')
    .argument('<INTO>', '并入哪个任务 (the task that carries)')
    .argument('<ID...>', '被并入的任务 (tasks that are carried)')
    .option(...REASON)
    .option(...JSON_OPTION)
    .action((into: string, ids: string[], given: StepOptions) => merge(into, ids, given, context));
  tasks
    .command('steps')
    .description('一个任务的全部经过 (every step of a task)')
    .argument('<ID>', '任务编号 (id of the task)')
    .option(...JSON_OPTION)
    .action((id: string, given: StepOptions) => steps(id, given, context));
}

async function step(id: string, action: FlowAction, given: StepOptions, context: CommandContext): Promise<void> {
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  const { file } = await queue.file(actor, id);
  const details = {
    ...(await detailsOf(id, action, given, context, { personId: actor.personId, leaseNo: file.leaseNo })),
    ...(given.to === undefined ? {} : { assignee: await personId(given.to, context) }),
  };
  const revision = wholeNumber('--revision', given.revision, 1, 1e9) ?? file.revision;
  tell(await queue.act(actor, id, { action, revision, details }), action, given, context);
}

async function manySteps(
  ids: readonly string[],
  action: FlowAction,
  given: StepOptions,
  context: CommandContext,
): Promise<void> {
  if (given.revision !== undefined) {
    throw new Fault('tasks.revision', '多个任务不能共用 --revision (--revision is of one task)');
  }
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  await eachTask(ids, given.json ?? false, context, async (id) => {
    const { revision, leaseNo } = (await queue.file(actor, id)).file;
    const { personId: by } = actor;
    const details = await detailsOf(id, action, given, context, { personId: by, leaseNo });
    return queue.act(actor, id, { action, revision, details });
  });
}

/** `claim`: the same form twice under one claim is one finding; after a return it is another, also where nothing was changed. */
async function detailsOf(
  id: string,
  action: FlowAction,
  given: StepOptions,
  context: CommandContext,
  claim: { readonly personId: string; readonly leaseNo: number },
): Promise<StepDetails> {
  const { reason, until: deadline, hours, lease, form, verdict, seen, parts, pieces } = given;
  if (action === 'submit' && form === undefined) {
    throw new Fault(
      'tasks.form',
      '请用 --form FILE.json 给出核查记录；字段见 tuban tasks finding ID --schema (say which form: --form FILE.json)',
    );
  }
  const finding = form === undefined ? undefined : await jsonOf(form, context);
  const findingId = given.findingId ?? (finding === undefined ? undefined : contentHash({ id, ...claim, finding }, 32));
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(hours === undefined ? {} : { hours: numberOf('--hours', hours, 0.1, 1000) }),
    ...(lease === undefined ? {} : { leaseNo: wholeNumber('--lease', lease, 1, 1e9) ?? 1 }),
    ...(finding === undefined || findingId === undefined ? {} : { finding, findingId }),
    ...(verdict === undefined ? {} : { verdict: (await jsonOf(verdict, context)) as unknown[] }),
    ...(seen === undefined ? {} : { acknowledged: seen }),
    ...(action === 'split' && pieces ? { parts: 'pieces' as const } : {}),
    ...(action === 'split' && parts !== undefined ? { parts: outlinesOf(await jsonOf(parts, context), parts) } : {}),
  };
}

export function jsonOf(file: string, { session }: CommandContext): Promise<unknown> {
  return readJson(resolve(session.cwd, file));
}

function tell(
  { file, keyWhy, change, may }: FileAnswer,
  action: FlowAction,
  given: StepOptions,
  { session }: CommandContext,
): void {
  if (given.json) {
    session.out(`${JSON.stringify({ file, change, may })}\n`);
    return;
  }
  const { zh, en } = FLOW_ACTION_WORDS[action];
  session.out(`${zh}：${file.taskId} 现为“${FILE_STATE_WORDS[file.state].zh}”，第 ${file.revision} 版 (${en})\n`);
  session.out(fileLines({ file, keyWhy, change, may }));
}

async function merge(into: string, ids: readonly string[], given: StepOptions, context: CommandContext): Promise<void> {
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  const { revision } = (await queue.file(actor, into)).file;
  const tasks = [];
  for (const taskId of ids) tasks.push({ taskId, revision: (await queue.file(actor, taskId)).file.revision });
  const reason = given.reason === undefined ? {} : { reason: given.reason };
  const answer = await queue.act(actor, into, { action: 'merge', revision, details: { ...reason, tasks } });
  tell(answer, 'merge', given, context);
}

async function reviewList(given: StepOptions, context: CommandContext): Promise<void> {
  const actor = await actorOf(context);
  const { files } = await (await queueOf(context)).reviewList(actor, { after: null, limit: 200 });
  const { session } = context;
  if (given.json) session.out(`${JSON.stringify({ files })}\n`);
  else if (files.length === 0) session.err('没有待您审核的任务 (nothing waits for your review)\n');
  else session.out(filesTable(files));
}

async function steps(id: string, given: StepOptions, context: CommandContext): Promise<void> {
  const actor = await actorOf(context);
  const list = await (await queueOf(context)).steps(actor, id);
  const { session } = context;
  if (given.json) session.out(`${JSON.stringify({ steps: list })}\n`);
  else if (list.length === 0) session.err('还没有办理过 (no step yet)\n');
  else session.out(stepsTable(list, await namesOf(context)));
}
