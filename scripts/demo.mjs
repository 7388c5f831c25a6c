/**
 * npm run demo: one quarter of real imagery, end to end, up to a verdict and a proven record, with the commands that a user would type. Works in ./demo-out, which is
 * made anew each time, with everything embedded: no server, no network.
 *   node scripts/demo.mjs [--out DIR]
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLI, ROOT, tuban } from './demo/commands.mjs';
import { demoQueue } from './demo/queue.mjs';

const DATA = join('fixtures', 'demo');
const KINDS = ['licences', 'exploration', 'plans', 'restoration', 'closed', 'prone', 'keyzones', 'admin', 'lawful'];
const QUARTER = '2018Q2';
/** A made-up year: file, year, quarter. Some hold faults on purpose (fixtures/README.md), so that their import ends with 2. */
const ISSUED = [
  ['2017q3-county.shp', '2017', '3'],
  ['2017q4-change.shp', '2017', '4'],
  ['2017q4-correction.shp', '2017', '4'],
  ['2018q1-province.gpkg', '2018', '1'],
  ['2018q2-change.shp', '2018', '2'],
];

const { values } = parseArgs({ options: { out: { type: 'string', default: 'demo-out' } } });
const out = resolve(values.out);
const shown = relative(ROOT, out).startsWith('..') ? out : relative(ROOT, out);
/** Only a workspace that an earlier demo made is thrown away. */
function clearOutput() {
  if (!existsSync(out)) return;
  const names = readdirSync(out);
  if (names.length > 0 && !names.includes('tuban.yaml')) {
    throw new Error(`${shown} 不是演示的工作区，请先移走 (not a workspace of the demo; move it away first)`);
  }
  rmSync(out, { recursive: true, force: true });
}

async function demo() {
  const started = Date.now();
  if (!existsSync(CLI)) throw new Error('程序尚未构建，请先运行 npm run setup (not built yet)');
  clearOutput();
  const workspace = (...args) => ['-C', shown, ...args];
  const data = (name) => join(DATA, name);
  await tuban(['init', shown, '--title', '演示县']);
  await tuban(workspace('scene', 'add', data('s2-2017-04-14.tif'), '--acquired', '2017-04-14'));
  const mask = ['--mask', `scl:${data('s2-2018-04-02-scl.tif')}`];
  await tuban(workspace('scene', 'add', data('s2-2018-04-02.tif'), '--acquired', '2018-04-02', ...mask));
  for (const kind of KINDS) await tuban(workspace('layer', 'import', kind, data(`${kind}.geojson`)));
  await tuban(workspace('run', QUARTER));
  await tuban(workspace('tasks', 'list'), { show: 21 });
  const [report, pictures] = [join(shown, 'report.html'), join(shown, 'pictures')];
  await tuban(workspace('report', QUARTER, '--out', report, '--pictures', pictures, '--top', '20'));
  process.stdout.write('\n—— 迟到的许可证名单：只重判受影响的图斑，列出任务的变化 (a late licence file) ——\n');
  await tuban(workspace('layer', 'import', 'licences', data('licences-late.geojson')));
  process.stdout.write('\n—— 上级下发图斑：逐图斑与最新影像比对 (patches issued from above) ——\n');
  for (const [file, year, quarter] of ISSUED) {
    const path = join('fixtures', 'issued', file);
    await tuban(workspace('patches', 'import', path, '--source', '部', '--year', year, '--quarter', quarter), {
      show: 12,
      expected: [0, 2],
    });
  }
  await tuban(workspace('patches', 'compare'), { show: 14 });
  const results = join(shown, 'issued-results.xlsx');
  await tuban(workspace('patches', 'results', results));
  await tuban(workspace('rules', 'replay'));
  const register = join(shown, 'register.html');
  await tuban(workspace('register', 'export', register));
  const tables = [join(shown, 'tasks.xlsx'), join(shown, 'tasks.geojson')];
  for (const table of tables) await tuban(workspace('tasks', 'export', table));
  const { sheets, bundle } = await demoQueue({ shown, folder: out, quarter: QUARTER });
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  process.stdout.write(`
演示完成，用时 ${seconds} 秒。植入的采坑与虚构的登记数据见 fixtures/README.md。
(The demo is done. What was planted and invented is listed in fixtures/README.md.)

  报告网页 (report)      ${report}
  前后对比图 (pictures)  ${pictures}
  任务清单 (task list)   ${tables.join('  ')}
  下发图斑比对结果 (issued patches)  ${results}
  一张图 (register)      ${register}
  任务单 (task sheets)   ${sheets}
  一个任务的卷宗 (a task's whole file)  ${bundle}
  网页 (pages)           npx tuban -C ${shown} user password guan ; npx tuban -C ${shown} serve
`);
}

try {
  await demo();
} catch (error) {
  process.stderr.write(`\n演示没有完成 (the demo did not finish): ${error.message}\n`);
  process.exitCode = 1;
}
