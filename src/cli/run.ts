/** tuban run QUARTER | --due: the comparison of a quarter, from planning to the list of verification tasks. */
import { openQueues } from '../jobs/queues.js';
import { Fault } from '../model/fault.js';
import { parseQuarter } from '../model/quarter.js';
import type { RunSummary } from '../model/run.js';
import { estimateRun, type RunEstimate } from '../quarter-estimate.js';
import { planOf, type RunQuarterOptions, type RunWorkspace, runDue, runQuarter } from '../quarter-run.js';
import type { CommandContext, Register, Workspace } from './command.js';
import { keepSafe } from './keep-safe.js';
import { progressLine } from './run-progress.js';

interface Options {
  readonly due?: boolean;
  readonly dryRun?: boolean;
  readonly jobs?: string;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  program
    .command('run')
    .description('运行一个季度的比对，生成核查任务 (compare a quarter and publish its verification tasks)')
    .argument('[QUARTER]', '季度，如 2026Q3 (quarter)')
    .option('--due', '运行所有到期的季度，供定时任务使用 (run every quarter that is due; for cron)')
    .option(
      '--dry-run',
      '只列出计划：影像对、分块、读取量、预计用时；试做几块以测速，不发布 (plan only: pairs, blocks, bytes, expected time by a short trial; nothing is published)',
    )
    .option('--jobs <N>', '同时进行的作业数，缺省为处理器核数 (jobs at a time)')
    .option('--json', '只输出一个 JSON 对象 (print one JSON object)')
    .action(async (quarter: string | undefined, options: Options) => {
      if ((quarter === undefined) === (options.due !== true)) {
        throw new Fault(
          'run.quarter',
          '请给出季度，如 tuban run 2026Q3，或用 --due，两者择一 (name a quarter or use --due, one of the two)',
        );
      }
      if (options.due && options.dryRun) {
        throw new Fault('run.due-dry', '--due 不能与 --dry-run 同用 (--due cannot be used with --dry-run)');
      }
      const jobs = options.jobs === undefined ? null : jobsOf(options.jobs);
      const wanted = quarter === undefined ? null : parseQuarter(quarter);
      const workspace = await context.workspace();
      if (wanted === null) await due(workspace, jobs, options, context);
      else if (options.dryRun) await dryRun(workspace, wanted, jobs, options, context);
      else await one(workspace, wanted, jobs, options, context);
    });
};

function jobsOf(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new Fault('run.jobs', `--jobs 应为 1 至 256 的整数，得到的是“${text}” (expected a whole number from 1 to 256)`);
}

/** With --jobs a pool of that size, so that the number means what it says; else the workspace's own. */
function sized(workspace: Workspace, jobs: number | null, context: CommandContext): RunWorkspace & { jobs: number } {
  const { database, recipe, queueSettings } = workspace;
  const pool = jobs === null ? workspace.pool : context.pool(jobs);
  return { database, recipe, queueSettings, pool, jobs: jobs ?? workspace.pool.size };
}

async function withQueues<T>(
  workspace: Workspace,
  work: (queues: Awaited<ReturnType<typeof openQueues>>) => Promise<T>,
): Promise<T> {
  const queues = await openQueues(workspace);
  try {
    return await work(queues);
  } finally {
    await queues.close();
  }
}

function optionsOf({ session }: CommandContext, jobs: number): RunQuarterOptions {
  const progress = progressLine(session);
  return { jobs, signal: session.signal, onPlan: progress.begin, onProgress: progress.show, onEnd: progress.end };
}

async function one(
  workspace: Workspace,
  quarter: ReturnType<typeof parseQuarter>,
  jobs: number | null,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const began = performance.now();
  const on = sized(workspace, jobs, context);
  let stands = false;
  const onStanding = () => {
    stands = true;
  };
  const callbacks = { ...optionsOf(context, on.jobs), onStanding };
  const summary = await withQueues(workspace, (queues) => runQuarter(on, queues, quarter, callbacks));
  if (!stands) await keepSafe(workspace, context.session);
  if (!summary) {
    throw new Fault('run.locked', '另一个运行正在进行，请稍后再试 (another run is under way; try again later)', {
      blame: 'system',
    });
  }
  if (stands) context.session.err('与上次运行相同，结果未变 (the same run stands already; nothing was read)\n');
  tell(summary, (performance.now() - began) / 1000, options, context);
}

async function due(
  workspace: Workspace,
  jobs: number | null,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const began = performance.now();
  const on = sized(workspace, jobs, context);
  const outcome = await withQueues(workspace, (queues) => runDue(on, queues, new Date(), optionsOf(context, on.jobs)));
  await keepSafe(workspace, context.session);
  if (outcome === 'nothing') return;
  if (outcome === 'locked') {
    context.session.err('另一个运行正在进行，本次不重复 (another run is under way; nothing to do here)\n');
    return;
  }
  const seconds = (performance.now() - began) / 1000;
  if (options.json) {
    context.session.out(`${JSON.stringify({ runs: outcome.map((summary) => jsonOf(summary)), seconds })}\n`);
  } else for (const summary of outcome) tell(summary, seconds, options, context);
}

async function dryRun(
  workspace: Workspace,
  quarter: ReturnType<typeof parseQuarter>,
  jobs: number | null,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const run = await planOf(workspace, quarter);
  const estimate = await estimateRun(workspace, run, jobs ?? workspace.pool.size);
  context.session.out(options.json ? `${JSON.stringify({ quarter, ...estimate })}\n` : estimateText(estimate));
}

function estimateText({ pairs, blocks, blocksDone, bytes, bytesExact, seconds }: RunEstimate): string {
  const mebibytes = (n: number): string => (n / 2 ** 20).toFixed(1);
  const lines = pairs.map(
    (pair) =>
      `${pair.pair}  ${pair.before} → ${pair.after}  ${pair.blocks} 块（已完成 ${pair.blocksDone}）  ` +
      `${pair.megapixels.toFixed(1)} 百万像元  ${mebibytes(pair.bytes)} MiB`,
  );
  lines.push(
    `合计：影像对 ${pairs.length}，分块 ${blocks}（已完成 ${blocksDone}），读取 ${bytesExact ? '' : '约 '}${mebibytes(bytes)} MiB，预计 ${seconds} 秒`,
    `(${pairs.length} pairs, ${blocks} blocks of which ${blocksDone} are done, ${mebibytes(bytes)} MiB to read, about ${seconds} s)`,
    '',
  );
  return lines.join('\n');
}

function jsonOf(summary: RunSummary): Record<string, unknown> {
  const { observations } = summary;
  return {
    run: summary.run,
    quarter: summary.quarter,
    pairs: summary.pairs,
    refused_pairs: summary.refusedPairs,
    blocks: summary.blocks,
    patches: summary.patches,
    seasonal_dropped: summary.seasonal ?? 0,
    tasks: summary.tasks,
    tasks_new: summary.tasksNew,
    tasks_changed: summary.tasksChanged,
    tasks_withdrawn: summary.tasksWithdrawn,
    tasks_reserve: summary.tasksReserve ?? 0,
    tasks_quiet: summary.tasksQuiet ?? 0,
    tasks_sampled: summary.tasksSampled ?? 0,
    sites_merged: summary.sitesMerged ?? 0,
    observations: {
      changed: observations.changed,
      unchanged: observations.unchanged,
      not_seen: observations.notSeen,
    },
    not_seen_share: summary.notSeenShare,
  };
}

function historyLines({ seasonal = 0, historyGone = 0 }: RunSummary): string[] {
  return [
    ...(seasonal > 0 ? [`  另有 ${seasonal} 处变化在往年同季也有，判为季节变化，已剔除 (season, left out)`] : []),
    ...(historyGone > 0
      ? [`  有 ${historyGone} 期历史影像的文件不在或已改变，未采用 (earlier images whose files are gone or changed)`]
      : []),
  ];
}

function listLines({ tasksReserve = 0, tasksQuiet = 0, tasksSampled = 0, sitesMerged = 0 }: RunSummary): string[] {
  return [
    ...(tasksReserve > 0
      ? [`  另有 ${tasksReserve} 个任务超出核查预算，列为后备 (beyond the budget, in reserve)`]
      : []),
    ...(tasksQuiet > 0 ? [`  另有 ${tasksQuiet} 处因误报记忆不派发任务 (kept quiet by a dismissal)`] : []),
    ...(tasksSampled > 0 ? [`  其中 ${tasksSampled} 个为随机抽查 (of the random sample)`] : []),
    ...(sitesMerged > 0 ? [`  有 ${sitesMerged} 个地点与其他地点连成一片，已并入 (places merged)`] : []),
  ];
}

function tell(summary: RunSummary, seconds: number, options: Options, { session }: CommandContext): void {
  if (options.json) {
    session.out(`${JSON.stringify({ ...jsonOf(summary), seconds: Math.round(seconds * 1000) / 1000 })}\n`);
    return;
  }
  const { observations, notSeenShare, refusedPairs } = summary;
  const share = notSeenShare === null ? '没有可比较的影像对' : `未见 ${(notSeenShare * 100).toFixed(1)} %`;
  const total = observations.changed + observations.unchanged + observations.notSeen;
  const lines = [
    `${summary.quarter} 运行完成，用时 ${seconds.toFixed(1)} 秒 (finished, run ${summary.run})`,
    `影像对 ${summary.pairs}，分块 ${summary.blocks}，${share} (pairs, blocks, share not seen)`,
    ...refusedPairs.map(({ pair, why }) => `  未能比较 ${pair}：${why}`),
    ...historyLines(summary),
    `图斑 ${summary.patches}，核查任务 ${summary.tasks}：新增 ${summary.tasksNew}，变更 ${summary.tasksChanged}，撤回 ${summary.tasksWithdrawn} (patches; tasks: new, changed, withdrawn)`,
    ...listLines(summary),
    `登记多边形 ${total}：有变化 ${observations.changed}，无变化 ${observations.unchanged}，未见 ${observations.notSeen} (observations: changed, unchanged, not seen)`,
    '',
  ];
  session.out(lines.join('\n'));
}
