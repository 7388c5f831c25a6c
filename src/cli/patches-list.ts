/** tuban patches list | show: issued patches and what the comparison said of them. */
import { Option } from 'commander';
import { createIssuedRegister } from '../adapters/postgres/issued-register.js';
import { Fault } from '../model/fault.js';
import { ISSUED_RESULTS, ISSUED_WORDS, type IssuedPatch, type IssuedResult } from '../model/issued.js';
import { muOf } from '../model/words.js';
import type { StandingAnswer } from '../ports/issued-register.js';
import type { CommandContext, Register } from './command.js';
import { type FilterOptions, filterOf, filterOptions } from './issued-filter.js';
import { jsonOfAnswer, tableOfAnswers } from './issued-table.js';
import { describePatch } from './patch-text.js';

interface ListOptions extends FilterOptions {
  readonly result?: IssuedResult | 'none';
  readonly json?: boolean;
}

export const listCommand: Register = (patches, context) => {
  filterOptions(patches.command('list').description('列出下发图斑及比对结果 (list issued patches)'))
    .addOption(
      new Option(
        '--result <RESULT>',
        '只列某种结果；none 为尚未比对 (only this result; none = not compared yet)',
      ).choices([...ISSUED_RESULTS, 'none']),
    )
    .option('--json', '输出 JSON (print JSON)')
    .action((options: ListOptions) => list(options, context));
};

export const showCommand: Register = (patches, context) => {
  filterOptions(
    patches
      .command('show')
      .description('查看一个下发图斑：属性、比对依据、判定、版本 (show an issued patch)')
      .argument('<NUMBER>', '图斑编号，或 县代码/编号 (its number, or county/number)'),
  )
    .option('--json', '输出 JSON (print JSON)')
    .action((number: string, options: ListOptions) => show(number, options, context));
};

async function list(options: ListOptions, context: CommandContext): Promise<void> {
  const filter = filterOf(options);
  const { database } = await context.workspace();
  const { session } = context;
  const register = createIssuedRegister(database);
  const answers = new Map((await register.answers(filter)).map((answer) => [answer.keyId, answer]));
  const patches = (await register.patches(filter)).filter(
    ({ keyId }) => options.result === undefined || (answers.get(keyId)?.answer.result ?? 'none') === options.result,
  );
  if (options.json) {
    const rows = patches.map((patch) => jsonOfAnswer(patch, answers.get(patch.keyId) ?? null));
    session.out(`${JSON.stringify({ patches: rows })}\n`);
  } else if (patches.length === 0) {
    session.err('没有这样的下发图斑 (no such issued patches)\n');
  } else {
    session.out(tableOfAnswers(patches, answers));
  }
}

async function show(number: string, options: ListOptions, context: CommandContext): Promise<void> {
  const filter = filterOf(options);
  const { database } = await context.workspace();
  const { session } = context;
  const register = createIssuedRegister(database);
  const wanted = (patch: IssuedPatch): boolean =>
    patch.facts.number === number || `${patch.facts.countyCode}/${patch.facts.number}` === number;
  const found = (await register.patches(filter)).filter(wanted);
  if (found.length === 0) {
    throw new Fault(
      'issued.none',
      `没有编号为 ${number} 的下发图斑；用 tuban patches list 查看 (no issued patch of that number)`,
    );
  }
  const answers = new Map((await register.answers(filter)).map((answer) => [answer.keyId, answer]));
  if (options.json) {
    const rows = found.map((patch) => jsonOfAnswer(patch, answers.get(patch.keyId) ?? null));
    session.out(`${JSON.stringify({ patches: rows })}\n`);
    return;
  }
  if (found.length > 1) session.err(`该编号有 ${found.length} 个图斑，全部列出 (several patches have this number)\n`);
  const versions = await register.versions();
  for (const patch of found) {
    session.out(textOf(patch, answers.get(patch.keyId) ?? null, versions.get(patch.keyId) ?? 1));
  }
}

function textOf(patch: IssuedPatch, standing: StandingAnswer | null, versions: number): string {
  const { facts, source, quarter, areaM2, refused, row } = patch;
  const issued = facts.issuedM2 === null ? '未填' : `${facts.issuedM2.toFixed(1)} m²`;
  const area = areaM2 === null ? '无图形' : `${areaM2.toFixed(1)} m²（${muOf(areaM2).toFixed(2)} 亩）`;
  const lines = [
    `图斑 ${facts.number}  ${source} ${quarter}  ${facts.countyCode ?? '县代码缺失'} ${facts.countyName ?? ''}`.trimEnd(),
    `  类型 ${facts.typeCode ?? '未填'}${facts.typeName === null ? '' : ` ${facts.typeName}`}  前时相 ${facts.before?.raw ?? '未填'}  后时相 ${facts.after?.raw ?? '未填'}`,
    `  下发面积 ${issued}，图形椭球面积 ${area}`,
    ...(versions > 1 ? [`  更正过 ${versions - 1} 次，以最后导入的为准`] : []),
    ...(refused === null ? [] : [`  图形不能使用：${refused}`]),
    ...facts.notes.map((note) => `  注意：${note}`),
    `  来源文件第 ${row} 行`,
  ];
  const answer = standing?.answer;
  lines.push(answer ? `  比对结果 ${ISSUED_WORDS[answer.result].zh}` : '  尚未比对：tuban patches compare');
  lines.push(...(answer?.reasons ?? []).map((reason) => `    ${reason}`));
  if (standing?.taskId) lines.push(`  核查任务 ${standing.taskId}  地点 ${standing.siteId}`);
  const shown = standing?.listed ?? standing?.judged;
  const judged = shown ? describePatch(shown) : '';
  return `${lines.join('\n')}\n${judged}`;
}
