/** tuban explain LON LAT QUARTER: why a patch is there, or why none. */
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { createRunRecords } from '../adapters/postgres/run-records.js';
import { Fault } from '../model/fault.js';
import type { JudgedPatch, Patch } from '../model/patch.js';
import { TASK_STATE_WORDS } from '../model/patch-list.js';
import { parseQuarter } from '../model/quarter.js';
import { OBSERVATION_WORDS } from '../model/words.js';
import { type Explanation, explainPlace } from '../quarter-explain.js';
import type { Register } from './command.js';
import { describePatch, historyLines } from './patch-text.js';

const ANSWERS: Readonly<Record<Explanation['pairs'][number]['answer'], string>> = {
  refused: '不能比较',
  outside: '不在范围内',
  'not-seen': '未看到',
  unchanged: '无变化',
  'too-small': '面积太小',
  rejected: '已剔除',
  changed: '有变化',
};

export const register: Register = (program, context) => {
  program
    .command('explain')
    .description('解释某处在某季度为什么有图斑，或为什么没有\n(why a patch is at a place in a quarter, or why none)')
    .argument('<LON>', '经度，十进制度 (longitude, decimal degrees)')
    .argument('<LAT>', '纬度，十进制度 (latitude, decimal degrees)')
    .argument('<QUARTER>', '季度，如 2026Q3 (quarter)')
    .option('--json', '输出 JSON (print JSON)')
    .allowUnknownOption(false)
    .action(async (lonText: string, latText: string, quarterText: string, options: { json?: boolean }) => {
      const place = [degrees(lonText, 180, '经度'), degrees(latText, 90, '纬度')] as const;
      const quarter = parseQuarter(quarterText);
      const { database, pool } = await context.workspace();
      const ports = { record: quarterRecord(database), records: createRunRecords(database), pool };
      const explanation = await explainPlace(ports, place, quarter);
      context.session.out(options.json ? `${JSON.stringify(explanation)}\n` : inWords(explanation));
    });
};

function seasonLines({ areaM2, reasons, history }: Patch): string[] {
  return [`  面积 ${areaM2.toFixed(0)} m²：${reasons.join('；')}`, ...(history ? historyLines(history) : [])];
}

/** Where the patch stands on the list of tasks, or why it does not. */
function listing({ patch }: JudgedPatch, tasks: Explanation['tasks']): string[] {
  const task = tasks.find(({ id }) => id === `T${patch.id}`);
  if (!task) return ['  任务      未列为核查任务 (no task)'];
  const notes = task.notes.map((note) => `    · ${note}`);
  return [`  任务      ${task.id}，第 ${task.rank} 位，${TASK_STATE_WORDS[task.state]} (${task.state})`, ...notes];
}

function degrees(text: string, limit: number, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || Math.abs(value) > limit) {
    throw new Fault(
      'explain.place',
      `${what}应为 −${limit} 到 ${limit} 的十进制度，得到“${text}” (expected decimal degrees)`,
    );
  }
  return value;
}

function inWords(explanation: Explanation): string {
  const { lon, lat, quarter, runState, patches, tasks, seasonal, pairs, observations } = explanation;
  const lines = [`${lon}, ${lat}  ${quarter}`];
  if (runState !== 'done')
    lines.push(`注意：该季度最近一次运行的状态为 ${runState}，结果可能不全 (the run is not done)`);
  if (patches.length > 0)
    lines.push(
      `此处有 ${patches.length} 个图斑 (patch here)：`,
      ...patches.flatMap((one) => [describePatch(one), ...listing(one, tasks)]),
    );
  else lines.push('此处没有图斑 (no patch here)。');
  for (const patch of seasonal)
    lines.push('此处的变化判为季节变化，已剔除 (season, left out)：', ...seasonLines(patch));
  if (pairs.length === 0) lines.push('没有影像对覆盖此处，未看到 (no pair of images covers this place: not seen)。');
  else lines.push('影像对 (pairs of images)：');
  for (const { pair, beforeOn, afterOn, answer, serves, why } of pairs) {
    const chosen = serves ? '，此处采用 (serves this place)' : '';
    lines.push(`  ${pair}  ${beforeOn} → ${afterOn}  ${ANSWERS[answer]}${chosen}`, `    ${why}`);
  }
  if (observations.length > 0) lines.push('所在登记多边形的观测 (register polygons here)：');
  for (const { name, result, seenShare, reason } of observations) {
    const share = `可见 ${(seenShare * 100).toFixed(1)} %`;
    lines.push(`  ${name}  ${OBSERVATION_WORDS[result].zh}  ${share}  ${reason}`.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}
