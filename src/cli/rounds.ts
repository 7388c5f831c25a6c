/** tuban rounds plan | list | show | depart | cancel | export: a day's tasks in the order in which they are visited; all with --as LOGIN. */
import { extname, resolve } from 'node:path';
import { streamFile } from '../adapters/files/stream-file.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { Fault } from '../model/fault.js';
import type { Position } from '../model/grid.js';
import { parseQuarter } from '../model/quarter.js';
import { LEFT_WORDS, ROUND_STATE_WORDS } from '../model/round.js';
import type { RoundAnswer, Rounds } from '../ports/rounds.js';
import { openTaskQueue } from '../queue-open.js';
import { createRounds } from '../queue-round.js';
import { exportSheets } from '../queue-sheets.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { localTime } from './local-time.js';
import { personId, teamId } from './named.js';
import { numberOf, wholeNumber } from './staying.js';
import { table } from './table.js';
import { faultText } from './told.js';

interface PlanOptions {
  readonly from: string;
  readonly to?: string;
  readonly hours: string;
  readonly quarter?: string;
  readonly team?: string;
  readonly person?: string;
  readonly most?: string;
  readonly sealed?: boolean;
  readonly claim?: boolean;
  readonly json?: boolean;
}

const MOST_LEFT = 10;
const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;
const ID = ['<ID>', '巡查编号 (id of the round)'] as const;

export const register: Register = (program, context) => {
  const rounds = program
    .command('rounds')
    .description('一天的巡查：按价值和路程排定 (a day’s round by worth and travel)');
  rounds
    .command('plan')
    .description('排定一次巡查，须 --as 登录名 (plan a round; with --as LOGIN)')
    .requiredOption('--from <LON,LAT>', '起点，CGCS2000 经度,纬度 (start)')
    .option('--to <LON,LAT>', '终点，默认同起点 (end, default: the start)')
    .requiredOption('--hours <N>', '小时数 (hours)')
    .option('--quarter <QUARTER>', '只排某季度的任务 (of one quarter)')
    .option('--team <NAME>', '为某队安排 (for a team)')
    .option('--person <LOGIN>', '为某人安排 (for a person)')
    .option('--most <N>', '最多停靠数 (most stops)')
    .option('--sealed', '封存：出发前执法人员看不到地点 (places appear at departure)')
    .option('--claim', '同时领取这些任务 (claim the tasks)')
    .option(...JSON_OPTION)
    .action((options: PlanOptions) => plan(options, context));
  rounds
    .command('list')
    .description('列出巡查 (list rounds)')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const { port, actor } = await opened(context);
      const list = await port.list(actor, {});
      const { session } = context;
      if (json) session.out(`${JSON.stringify(list)}\n`);
      else if (list.length === 0) session.err('没有巡查 (no rounds)\n');
      else {
        session.out(
          table(list, [
            { head: '编号', cell: ({ id }) => id },
            { head: '季度', cell: ({ quarter }) => quarter },
            { head: '状态', cell: ({ state }) => ROUND_STATE_WORDS[state] },
            { head: '封存', cell: ({ sealed }) => (sealed ? '是' : '') },
            { head: '停靠', right: true, cell: ({ stops }) => String(stops) },
            { head: '安排', cell: ({ madeAt }) => localTime(madeAt) },
          ]),
        );
      }
    });
  const one = (name: 'show' | 'depart' | 'cancel', description: string) =>
    rounds
      .command(name)
      .description(description)
      .argument(...ID)
      .option(...JSON_OPTION)
      .action(async (id: string, { json }: { json?: boolean }) => {
        const { port, actor } = await opened(context);
        say(await port[name](actor, id), json ?? false, context);
      });
  one('show', '查看一次巡查；封存的在出发前不显示地点 (show a round)');
  one('depart', '出发：封存的地点从此可见 (depart: sealed places appear)');
  one('cancel', '取消一次尚未出发的巡查 (call a round off)');
  rounds
    .command('export')
    .description('按行程顺序写出任务单 .pdf (sheets in the order of the round)')
    .argument(...ID)
    .argument('<FILE>', '输出文件 (output file)')
    .option(...JSON_OPTION)
    .action(async (id: string, file: string, { json }: { json?: boolean }) => {
      if (extname(file).toLowerCase() !== '.pdf') {
        throw new Fault('output.format', `不支持的输出格式“${extname(file)}”，请用 .pdf (unsupported output format)`);
      }
      const workspace = await context.workspace();
      const { port, actor } = await opened(context);
      const { round } = await port.show(actor, id);
      const path = resolve(context.session.cwd, file);
      const { tasks, pages } = await streamFile(path, (put) =>
        exportSheets(workspace, createDesk(workspace.database), actor, { quarter: round.quarter, roundId: id }, put),
      );
      context.session.out(
        json
          ? `${JSON.stringify({ tasks, pages, path })}\n`
          : `已写出 ${tasks} 个任务，${pages} 页 (tasks and pages written)：${path}\n`,
      );
    });
};

async function opened(context: CommandContext): Promise<{ port: Rounds; actor: Awaited<ReturnType<typeof actorOf>> }> {
  const workspace = await context.workspace();
  const actor = await actorOf(context);
  const desk = createDesk(workspace.database);
  const port = createRounds(desk, openTaskQueue(workspace, desk), workspace.queueSettings);
  return { port, actor };
}

async function plan(options: PlanOptions, context: CommandContext): Promise<void> {
  const { port, actor } = await opened(context);
  const { to, quarter, team, person, most, sealed, claim } = options;
  const answer = await port.plan(actor, {
    start: pointOf(options.from),
    ...(to === undefined ? {} : { end: pointOf(to) }),
    hours: numberOf('--hours', options.hours, 0.5, 24),
    ...(quarter === undefined ? {} : { quarter: parseQuarter(quarter) }),
    ...(team === undefined ? {} : { teamId: await teamId(team, context) }),
    ...(person === undefined ? {} : { personId: await personId(person, context) }),
    ...(most === undefined ? {} : { most: wholeNumber('--most', most, 1, 1000) ?? 1 }),
    ...(sealed ? { sealed } : {}),
    ...(claim ? { claim } : {}),
  });
  say(answer, options.json ?? false, context);
}

/** Checked for the ground by the port. */
function pointOf(text: string): Position {
  const [lon, lat, more] = text.split(/[,，]/).map(Number);
  if (lon === undefined || lat === undefined || more !== undefined || !Number.isFinite(lon + lat)) {
    throw new Fault('round.start', `“${text}”不是“经度,纬度”，如 118.15,36.18 (expected LON,LAT)`);
  }
  return [lon, lat];
}

function say({ round, tasks, plan: way, refused }: RoundAnswer, json: boolean, { session }: CommandContext): void {
  if (json) {
    session.out(`${JSON.stringify({ round, tasks, plan: way, refused })}\n`);
    return;
  }
  session.out(`巡查 ${round.id}  ${round.quarter}  ${ROUND_STATE_WORDS[round.state]}  停靠 ${round.stops} 处\n`);
  if (!way) {
    session.out('  地点尚未显示：封存的巡查在出发时显示，或有地点不在您的区域内 (the places are withheld)\n');
  } else {
    session.out(
      table(way.stops, [
        { head: '任务编号', cell: ({ taskId, must }) => `${taskId}${must ? '（到期）' : ''}` },
        { head: '得分', right: true, cell: ({ worth }) => worth.toFixed(1) },
        { head: '路程 (km)', right: true, cell: ({ legKm }) => legKm.toFixed(1) },
        { head: '到达', right: true, cell: ({ arriveMinutes }) => clockOf(arriveMinutes) },
        { head: '离开', right: true, cell: ({ leaveMinutes }) => clockOf(leaveMinutes) },
        { head: '经度', right: true, cell: ({ lon }) => lon.toFixed(6) },
        { head: '纬度', right: true, cell: ({ lat }) => lat.toFixed(6) },
      ]),
    );
    session.out(
      `  共 ${way.totalKm.toFixed(1)} km，${clockOf(way.totalMinutes)}；路程为直线乘 ${way.travel.detour}，时速 ${way.travel.speedKmh} km，每处 ${way.travel.stopMinutes} 分钟 (estimated)\n`,
    );
    for (const { taskId, worth, why, extraMinutes } of way.left.slice(0, MOST_LEFT)) {
      session.out(`  未列入 ${taskId}（${worth.toFixed(1)} 分，另需 ${clockOf(extraMinutes)}）：${LEFT_WORDS[why]}\n`);
    }
    if (way.left.length > MOST_LEFT) session.out(`  另有 ${way.left.length - MOST_LEFT} 个未列入，见 --json\n`);
  }
  for (const one of refused) session.err(`  ${one.taskId}：${faultText(one)}\n`);
  if (refused.length > 0) session.status = 2;
}

function clockOf(minutes: number): string {
  const whole = Math.round(minutes);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
