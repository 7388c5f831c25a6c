/** tuban supervision draw | list | show | answer | report: blind second looks at closed tasks (四不两直). */
import type { Command } from 'commander';
import { createDesk } from '../adapters/postgres/desk.js';
import { REVIEW_LEVEL_WORDS, REVIEW_LEVELS } from '../model/person.js';
import { parseQuarter } from '../model/quarter.js';
import type { Agreement, SecondLookReport } from '../model/second-look.js';
import type { SecondLook } from '../ports/supervision.js';
import { createSupervision } from '../queue-supervise.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { localTime } from './local-time.js';
import { describePatch } from './patch-text.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';

const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;
const DEFAULT_COUNT = 10;

interface Json {
  readonly json?: boolean;
}

interface DrawOptions extends Json {
  readonly quarter: string;
  readonly count?: string;
  readonly seed?: string;
  readonly for: string;
}

export const register: Register = (program, context) => {
  const command = program
    .command('supervision')
    .description('督查（四不两直）：随机抽取已办结任务复核，不通知、不示原认定 (blind second looks at closed tasks)');
  draw(command, context);
  command
    .command('list')
    .description('列出我抽取的和要我复核的 (those one drew and those one is to look at)')
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => {
      const { supervision, actor } = await opened(context);
      const looks = await supervision.list(actor);
      if (json) context.session.out(`${JSON.stringify(looks)}\n`);
      else if (looks.length === 0) context.session.err('没有复核 (none)\n');
      else context.session.out(looksText(looks));
    });
  command
    .command('show')
    .description('查看一项复核：位置与理由，不含原核查结果 (place and reasons, nothing that was found)')
    .argument('<ID>', '复核编号 (id of the second look)')
    .option(...JSON_OPTION)
    .action(async (id: string, { json }: Json) => {
      const { supervision, actor } = await opened(context);
      const { look, task } = await supervision.show(actor, id);
      if (json) context.session.out(`${JSON.stringify({ look, task })}\n`);
      else context.session.out(`${looksText([look])}${task ? describePatch(task.judged) : ''}`);
    });
  command
    .command('answer')
    .description('答复一项复核，一经答复不可更改 (answer a second look; it stands)')
    .argument('<ID>', '复核编号 (id of the second look)')
    .requiredOption('--verdict <CODE>', '认定代码或名称，如 illegal、违法 (code of the verdict)')
    .requiredOption('--note <TEXT>', '复核情况 (what was found)')
    .option(...JSON_OPTION)
    .action(async (id: string, options: Json & { verdict: string; note: string }) => {
      const { supervision, actor } = await opened(context);
      const look = await supervision.answer(actor, id, { code: options.verdict, note: options.note });
      context.session.out(
        options.json ? `${JSON.stringify(look)}\n` : `已答复 ${look.id}：${look.answer?.code} (answered)\n`,
      );
    });
  command
    .command('report')
    .description('我抽取的复核与原认定的一致程度 (how second looks agree with the first verdicts)')
    .option('--quarter <QUARTER>', '只看一个季度 (one quarter only)')
    .option(...JSON_OPTION)
    .action(async ({ quarter, json }: Json & { quarter?: string }) => {
      const { supervision, actor } = await opened(context);
      const report = await supervision.report(actor, quarter === undefined ? null : parseQuarter(quarter));
      context.session.out(json ? `${JSON.stringify(report)}\n` : reportText(report));
    });
};

async function opened(context: CommandContext) {
  const actor = await actorOf(context);
  const { database } = await context.workspace();
  return { actor, supervision: createSupervision(createDesk(database)) };
}

function draw(command: Command, context: CommandContext): void {
  command
    .command('draw')
    .description('随机抽取 (draw at random; the same seed draws the same)')
    .requiredOption('--quarter <QUARTER>', '季度，如 2026Q3 (quarter)')
    .requiredOption('--for <LOGIN>', '复核人，未经手这些任务，不能读审计记录 (who looks)')
    .option('--count <N>', `抽取数量，缺省 ${DEFAULT_COUNT} (number of tasks)`)
    .option('--seed <TEXT>', '随机种子，缺省取审计链头，无法预知 (default: the head of the audit)')
    .option(...JSON_OPTION)
    .action(async (options: DrawOptions) => {
      const { supervision, actor } = await opened(context);
      const drawn = await supervision.draw(actor, {
        quarter: parseQuarter(options.quarter),
        count: wholeNumber('--count', options.count, 1, 1000) ?? DEFAULT_COUNT,
        looker: options.for,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      });
      if (options.json) context.session.out(`${JSON.stringify(drawn)}\n`);
      else {
        context.session.out(
          `已从 ${drawn.from} 个已办结任务中抽取 ${drawn.drawn} 个，由 ${drawn.lookerName} 复核；编号 ${drawn.id}，种子 ${drawn.seed} (drawn)\n不发通知：请当面告知复核人 (nobody is told: tell the person yourself)\n`,
        );
      }
    });
}

function looksText(looks: readonly SecondLook[]): string {
  return table(looks, [
    { head: '编号 (id)', cell: ({ id }) => id },
    { head: '季度', cell: ({ quarter }) => quarter },
    { head: '任务', cell: ({ taskId }) => taskId },
    { head: '复核人', cell: ({ lookerName }) => lookerName },
    { head: '抽取时间', cell: ({ drawnAt }) => localTime(drawnAt) },
    { head: '答复', cell: ({ answer }) => (answer ? `${answer.code}：${answer.note}` : '未答复') },
  ]);
}

const percent = (share: number | null) => (share === null ? '—' : `${(100 * share).toFixed(1)} %`);
const figures = ({ looks, agreed, share, interval }: Agreement): string =>
  `${agreed}/${looks}，${percent(share)}（95% 区间 ${percent(interval?.[0] ?? null)} 至 ${percent(interval?.[1] ?? null)}）`;

export function reportText({ drawn, answered, all, kappa, ...groups }: SecondLookReport): string {
  const lines = [`抽取 ${drawn} 个，已复核 ${answered} 个 (drawn, answered)\n`];
  if (all.looks === 0) return `${lines[0]}尚无可比的复核，不能说明一致程度 (nothing to compare yet)\n`;
  lines.push(
    `与原认定一致 ${figures(all)} (agreement, exact interval)\n`,
    `扣除偶然后的一致 κ ${kappa === null ? '—（认定只有一种，不能计算）' : kappa.toFixed(3)} (Cohen's kappa)\n`,
    groupText('乡镇 (township)', groups.byTownship, (name) => name || '不在任何区域'),
    groupText('末级审核 (level of the last review)', groups.byLevel, levelName),
  );
  if (groups.disagreements.length > 0) {
    lines.push(
      '不一致的任务，可由督查人员用 tuban tasks reopen 重新打开 (these differ: a supervisor may reopen them)\n',
      table(groups.disagreements, [
        { head: '任务', cell: ({ taskId }) => taskId },
        { head: '原认定', cell: ({ first }) => first },
        { head: '复核', cell: ({ second }) => second },
        { head: '说明', cell: ({ note }) => note },
      ]),
    );
  }
  return lines.join('');
}

function levelName(text: string): string {
  const level = REVIEW_LEVELS.find((one) => one === text);
  return level ? REVIEW_LEVEL_WORDS[level].zh : '不详';
}

function groupText(
  head: string,
  groups: readonly (Agreement & { readonly group: string })[],
  name: (group: string) => string,
): string {
  return table(groups, [
    { head, cell: ({ group }) => name(group) },
    { head: '一致 (agreement)', cell: (one) => figures(one) },
  ]);
}
