/** tuban patches compare: every issued patch against the newest imagery; every one has exactly one result. */
import { sceneFiles } from '../adapters/files/scene-files.js';
import { createIssuedRegister } from '../adapters/postgres/issued-register.js';
import { createRunRecords } from '../adapters/postgres/run-records.js';
import { createSceneRegister } from '../adapters/postgres/scene-register.js';
import { type Compared, compareIssued } from '../issued-compare.js';
import { ISSUED_RESULTS, ISSUED_WORDS } from '../model/issued.js';
import type { CommandContext, Register } from './command.js';
import { type FilterOptions, filterOf, filterOptions } from './issued-filter.js';
import { jsonOfAnswer, tableOfAnswers } from './issued-table.js';
import { keepSafe } from './keep-safe.js';

export const compareCommand: Register = (patches, context) => {
  filterOptions(
    patches
      .command('compare')
      .description(
        '下发图斑与最新影像逐图斑比对，判定并列入核查任务 (compare each issued patch with the newest imagery)',
      ),
  )
    .option('--json', '输出 JSON (print JSON)')
    .action((options: FilterOptions & { json?: boolean }) => compare(options, context));
};

async function compare(options: FilterOptions & { json?: boolean }, context: CommandContext): Promise<void> {
  const filter = filterOf(options);
  const workspace = await context.workspace();
  const { database, pool, recipe, queueSettings } = workspace;
  const { session } = context;
  const register = createIssuedRegister(database, queueSettings);
  const compared = await compareIssued(filter, recipe, {
    records: createRunRecords(database),
    register,
    scenes: createSceneRegister(database),
    files: sceneFiles(),
    pool,
  });
  // Read back: what counts is what stands in the record, not what this run believes to have written.
  const standing = new Set((await register.answers(filter)).map(({ keyId }) => keyId));
  const without = compared.patches.filter(({ keyId }) => !standing.has(keyId));
  const counts = countsOf(compared);
  if (options.json) {
    const rows = compared.patches.map((patch, i) => jsonOfAnswer(patch, compared.answers[i] ?? null));
    const { newResults, newTasks, scenesGone } = compared;
    session.out(
      `${JSON.stringify({ counts, newResults, newTasks, scenesGone, without: without.length, patches: rows })}\n`,
    );
  } else if (compared.patches.length === 0) {
    session.err('没有下发图斑；先用 tuban patches import 导入 (no issued patches: import some first)\n');
  } else {
    session.out(tableOfAnswers(compared.patches, new Map(compared.answers.map((answer) => [answer.keyId, answer]))));
    const each = ISSUED_RESULTS.map((result) => `${ISSUED_WORDS[result].zh} ${counts[result]}`).join('，');
    session.out(
      `\n共 ${compared.patches.length} 个图斑：${each}；新结果 ${compared.newResults}，新任务 ${compared.newTasks} (results and tasks that are new)\n`,
    );
  }
  for (const path of compared.scenesGone)
    session.err(`影像文件不在或已改动，未采用 (image gone or changed)：${path}\n`);
  if (without.length > 0) {
    session.status = 1;
    const numbers = without.map(({ facts }) => facts.number).join('、');
    session.err(`${without.length} 个图斑没有结果，比对未完成 (patches without a result)：${numbers}\n`);
  }
  await keepSafe(workspace, session);
}

function countsOf({ answers }: Compared): Record<(typeof ISSUED_RESULTS)[number], number> {
  const count = (one: string): number => answers.filter(({ answer }) => answer.result === one).length;
  return {
    grown: count('grown'),
    'no-visible-change': count('no-visible-change'),
    recovered: count('recovered'),
    'not-seen': count('not-seen'),
    'no-outline': count('no-outline'),
  };
}
