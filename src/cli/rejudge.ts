/** tuban rejudge: finished quarters judged again with the register and settings as they are now, and what that changes. */
import { extname, resolve } from 'node:path';
import { replaceFile } from '../adapters/files/replace-file.js';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { exportList, LIST_FORMATS } from '../list-files.js';
import type { QuarterDifference } from '../model/difference.js';
import { differenceJson, differenceList, differenceText } from '../model/difference-text.js';
import { Fault } from '../model/fault.js';
import type { HandlingMark } from '../model/handling-mark.js';
import type { JudgementRecipe } from '../model/judgement-recipe.js';
import { parseQuarter, quarterIndex } from '../model/quarter.js';
import type { Quarter } from '../model/scene.js';
import { rejudgeQuarter } from '../rejudge.js';
import type { CommandContext, Register, Session, Workspace } from './command.js';
import { keepSafe } from './keep-safe.js';
import { leaving } from './leaving.js';

interface Options {
  readonly dryRun?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  program
    .command('rejudge')
    .description(
      '用现有图层和判定设置重新判定已完成的季度，并列出任务的变化；不读影像\n(judge finished quarters again with the register as it is now, and tell the difference; no image is read)',
    )
    .argument('[QUARTER...]', '季度，缺省为全部已完成的季度 (quarters; default: all that are finished)')
    .option('--dry-run', '只列出变化，不存储 (tell the difference, store nothing)')
    .option('--out <FILE>', `另存差异报告 (write the difference report)：.json ${LIST_FORMATS}`)
    .option('--json', '输出 JSON (print JSON)')
    .action(async (quarters: string[], options: Options) => {
      await tellDifferences(quarters.map(parseQuarter), options, context, await context.workspace());
    });
};

/** Judges quarters again, with another rule set where one is given, and tells the difference. */
export async function tellDifferences(
  asked: readonly Quarter[],
  options: Options,
  context: CommandContext,
  workspace: Workspace,
  recipe: JudgementRecipe = workspace.recipe.judgement,
): Promise<void> {
  const { session } = context;
  const quarters = asked.length > 0 ? oldestFirst(asked) : await finishedQuarters(workspace);
  if (quarters.length === 0) {
    session.err('还没有完成的季度，没有可重新判定的 (no finished quarter yet)\n');
  }
  const differences: QuarterDifference[] = [];
  for (const quarter of quarters) {
    session.signal.throwIfAborted();
    const difference = await rejudgeQuarter(workspace, quarter, { recipe, dryRun: options.dryRun === true });
    if (!difference) {
      throw new Fault(
        'rejudge.no-run',
        `${quarter} 还没有完成的运行，请先 tuban run ${quarter} (the quarter has no finished run)`,
      );
    }
    differences.push(difference);
    if (!options.json) session.out(differenceText(difference));
  }
  if (options.json) session.out(`${JSON.stringify({ quarters: differences.map(differenceJson) })}\n`);
  if (!options.dryRun && differences.some(({ runBefore, runAfter }) => runBefore !== runAfter)) {
    await keepSafe(workspace, session);
  }
  if (options.out !== undefined) {
    const path = resolve(session.cwd, options.out);
    const rows = differenceList(differences).rows.length;
    await leaving(context, { kind: 'differences', quarter: null, rows }, path, (mark) =>
      write(path, differences, workspace, mark),
    );
  }
}

async function write(
  path: string,
  differences: readonly QuarterDifference[],
  { pool }: Workspace,
  mark: HandlingMark,
): Promise<void> {
  if (extname(path).toLowerCase() === '.json') {
    const text = JSON.stringify({ quarters: differences.map(differenceJson) }, null, 1);
    return replaceFile(path, Buffer.from(`${text}\n`));
  }
  return exportList(path, differenceList(differences), pool, mark);
}

async function finishedQuarters({ database }: Workspace): Promise<Quarter[]> {
  const entries = await quarterRecord(database).quarters();
  return oldestFirst(entries.filter(({ finishedAt }) => finishedAt !== null).map(({ quarter }) => quarter));
}

function oldestFirst(quarters: readonly Quarter[]): Quarter[] {
  return [...new Set(quarters)].sort((a, b) => quarterIndex(a) - quarterIndex(b));
}

/** After an import: the finished quarters whose register is no longer the one they were judged with. A failing one stops no import. */
export async function rejudgeAfterImport(workspace: Workspace, session: Session): Promise<QuarterDifference[]> {
  const differences: QuarterDifference[] = [];
  for (const quarter of await finishedQuarters(workspace)) {
    try {
      const difference = await rejudgeQuarter(workspace, quarter, { dryRun: false });
      if (difference && difference.runBefore !== difference.runAfter) differences.push(difference);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      session.err(`图层已导入，但 ${quarter} 未能重新判定：${error.message}\n  之后请运行 tuban rejudge ${quarter}\n`);
      session.status = 1;
    }
  }
  if (differences.length > 0) await keepSafe(workspace, session);
  return differences;
}
