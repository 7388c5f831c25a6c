/** tuban learn report | propose: what verdicts say about the weights of the score. Adopting is `tuban rules adopt`, by a named person. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { replaceFile } from '../adapters/files/replace-file.js';
import type { Compared, GroupGain, LearnReport, PrecisionAt, ReliabilityBin } from '../model/learning.js';
import { ruleSetHash } from '../model/recipe.js';
import { VIOLATION_CODES } from '../model/violation.js';
import { VIOLATION_WORDS } from '../model/words.js';
import { learnedRules, outcomesOnRecord } from '../queue-learn.js';
import { learn } from '../stages/learn/learn.js';
import type { CommandContext, Register } from './command.js';
import { quoted, typedFor } from './next-command.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';

const DEFAULT_K = 20;
const K_OPTION = [
  '--k <N>',
  `每季度能核查的任务数，缺省 ${DEFAULT_K} (tasks visited in a quarter; precision at k)`,
] as const;

export const register: Register = (program, context) => {
  const command = program
    .command('learn')
    .description('由人员认定检验得分权重：报告、提出新的权重 (what verdicts say about the weights of the score)');
  command
    .command('report')
    .description('以留出季度检验：现行权重与由认定拟合的权重 (present and fitted weights on quarters left out)')
    .option(...K_OPTION)
    .option('--json', '输出 JSON (print JSON)')
    .action(async (options: { k?: string; json?: boolean }) => {
      const report = await reportOf(options.k, context);
      if (options.json) context.session.out(`${JSON.stringify(report)}\n`);
      else context.session.out(reportText(report));
    });
  propose(command, context);
};

function propose(command: Command, context: CommandContext): void {
  command
    .command('propose')
    .description(
      '把拟合的权重写成规则设置文件；证据不足时拒绝 (write a rule set with the fitted weights; refused without proof)',
    )
    .argument('<FILE>', '输出文件，YAML (rule set)')
    .option(...K_OPTION)
    .option('--json', '输出 JSON (print JSON)')
    .action(async (file: string, options: { k?: string; json?: boolean }) => {
      const { recipe } = await context.workspace();
      const { session } = context;
      const report = await reportOf(options.k, context);
      const rules = learnedRules(recipe.judgement, report);
      const path = resolve(session.cwd, file);
      await replaceFile(
        path,
        Buffer.from(`# ${report.outcomes} 个认定拟合的权重 · weights fitted to verdicts\n${stringify(rules)}`),
      );
      if (options.json) return session.out(`${JSON.stringify({ path, ruleSet: ruleSetHash(rules), report })}\n`);
      session.out(reportText(report));
      const [typed, shown] = [typedFor(context), quoted(file)];
      session.out(
        `已写出规则集 ${ruleSetHash(rules)}：${path}
  先看对以往季度的影响 (what it would do to past quarters)：
    ${typed} rules preview ${shown}
  再由负责人采用 (then a named person adopts it)：
    ${typed} rules adopt ${shown} --by 姓名 --note 理由
  采用之后可以恢复：tuban rules versions 列出用过的规则集 (every set that was used can be put back)\n`,
      );
    });
}

async function reportOf(k: string | undefined, context: CommandContext): Promise<LearnReport> {
  const { database, recipe } = await context.workspace();
  return learn(await outcomesOnRecord(database, recipe.judgement, wholeNumber('--k', k, 1, 10_000) ?? DEFAULT_K));
}

const figure = (value: number | null) => (value === null ? '—' : value.toFixed(3));

export function reportText(report: LearnReport): string {
  const { outcomes, guilty, quarters, refused, gain, weights } = report;
  const lines = [
    `认定 ${outcomes} 个（违法 ${guilty} 个），${quarters.length} 个季度 (verdicts, violations, quarters)\n`,
  ];
  if (report.auc.learned !== null) {
    const rows: [string, Compared][] = [
      [`前 ${report.k} 个中违法的比例 (precision at k)`, report.precision],
      ['排序能力 (area under the curve)', report.auc],
      ['概率误差，越小越好 (Brier)', report.brier],
    ];
    lines.push(
      table(rows, [
        { head: '留出季度上 (on quarters left out)', cell: ([name]) => name },
        { head: '现行', right: true, cell: ([, { present }]) => figure(present) },
        { head: '拟合', right: true, cell: ([, { learned }]) => figure(learned) },
      ]),
      `排序能力之差的 95% 区间 ${figure(gain?.[0] ?? null)} 至 ${figure(gain?.[1] ?? null)} (gain, 95 % interval)\n`,
      precisionText(report.precisions),
      reliabilityText(report.reliability.learned),
      groupText('疑似类型 (type)', report.byType, (code) => {
        const known = VIOLATION_CODES.find((one) => one === code);
        return known ? VIOLATION_WORDS[known].zh : code;
      }),
      groupText('乡镇 (township)', report.byArea, (name) => name),
    );
  }
  if (weights !== null) {
    lines.push(
      table(Object.entries(weights), [
        { head: '部分 (part)', cell: ([part]) => part },
        { head: '拟合权重', right: true, cell: ([, weight]) => weight.toFixed(1) },
      ]),
    );
  } else {
    lines.push('不提出新的权重 (no other weights are proposed):\n', ...refused.map((line) => `  · ${line}\n`));
  }
  return lines.join('');
}

function precisionText(precisions: readonly PrecisionAt[]): string {
  const text = ({ value, interval: [low, high] }: PrecisionAt['present']) =>
    `${value.toFixed(2)}（${low.toFixed(2)}–${high.toFixed(2)}）`;
  return table(precisions, [
    { head: '每季度前 k 个 (precision at k, 95 %)', right: true, cell: ({ k }) => String(k) },
    { head: '现行', cell: ({ present }) => text(present) },
    { head: '拟合', cell: ({ learned }) => text(learned) },
  ]);
}

function reliabilityText(bins: readonly ReliabilityBin[]): string {
  return table(bins, [
    { head: '预测概率 (said)', right: true, cell: ({ said }) => said.toFixed(2) },
    { head: '实际违法比例 (found)', right: true, cell: ({ found }) => found.toFixed(2) },
    { head: '任务数', right: true, cell: ({ count }) => String(count) },
  ]);
}

function groupText(head: string, groups: readonly GroupGain[], name: (group: string) => string): string {
  if (groups.length === 0) return '';
  return table(groups, [
    { head, cell: ({ group }) => name(group) },
    { head: '认定', right: true, cell: ({ outcomes }) => String(outcomes) },
    { head: '违法', right: true, cell: ({ guilty }) => String(guilty) },
    { head: '排序：现行', right: true, cell: ({ auc }) => figure(auc.present) },
    { head: '拟合', right: true, cell: ({ auc }) => figure(auc.learned) },
  ]);
}
