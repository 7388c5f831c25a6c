/** difference-text: a quarter's difference in words and as a list that can be exported. Suspicions, not verdicts. */
import {
  CHANGE_WORDS,
  type QuarterDifference,
  type TaskChange,
  type TaskDifference,
  type TaskState,
} from './difference.js';
import { type ExportList, type ListColumn, TASK_STATE_WORDS } from './patch-list.js';
import { VIOLATION_WORDS } from './words.js';

const violations = (state: TaskState | null): string =>
  state === null ? '未判定' : state.violations.map((code) => VIOLATION_WORDS[code].zh).join('、') || '无';

const place = (state: TaskState | null): string =>
  state === null ? '无' : `${state.score.toFixed(1)} 分，${listing(state)}`;

function listing({ rank, state }: TaskState): string {
  if (rank === null || state === null) return '不列入';
  return state === 'new' ? `第 ${rank} 位` : `第 ${rank} 位（${TASK_STATE_WORDS[state]}）`;
}

const moves = ({ parts }: TaskDifference): string =>
  parts.map(({ name, before, after }) => `${name} ${before.toFixed(1)} → ${after.toFixed(1)}`).join('；');

/** Several lines, each ended. */
export function differenceText(difference: QuarterDifference): string {
  const { quarter, dryRun, tasks, untouched, rankOnly, patches, judgedAgain } = difference;
  const counts = (Object.keys(CHANGE_WORDS) as TaskChange[])
    .map((change) => ({ change, count: tasks.filter((task) => task.change === change).length }))
    .filter(({ count }) => count > 0)
    .map(({ change, count }) => `${CHANGE_WORDS[change].zh} ${count}`);
  const head = `${quarter} 重新判定${dryRun ? '（试算，未存储）' : ''}：图斑 ${patches}，其中重判 ${judgedAgain}；核查任务 ${counts.length === 0 ? '没有变化' : counts.join('，')}，未变 ${untouched}${rankOnly === 0 ? '' : `（其中 ${rankOnly} 个仅排名移动）`}`;
  return [head, ...tasks.flatMap(taskLines), ''].join('\n');
}

function taskLines(task: TaskDifference): string[] {
  const { id, change, before, after, causes, reasons, lon, lat } = task;
  const cause = causes.length === 0 ? '' : `；起因：${causes.join('、')}`;
  const moved = moves(task);
  return [
    `  ${CHANGE_WORDS[change].zh}  ${id}  ${lon.toFixed(6)}, ${lat.toFixed(6)}`,
    `    ${violations(before)} → ${violations(after)}；${place(before)} → ${place(after)}${cause}`,
    ...(moved === '' ? [] : [`    得分：${moved}`]),
    ...reasons.map((reason) => `    ${reason}`),
  ];
}

const COLUMNS: readonly ListColumn[] = [
  { name: 'quarter', type: 'text', zh: '季度', width: 9 },
  { name: 'task_id', type: 'text', zh: '任务编号', width: 25 },
  { name: 'change', type: 'text', zh: '变化代码', width: 11 },
  { name: 'change_zh', type: 'text', zh: '变化', width: 22 },
  { name: 'type_from', type: 'text', zh: '原疑似类型', width: 22 },
  { name: 'type_to', type: 'text', zh: '现疑似类型', width: 22 },
  { name: 'score_from', type: 'real', zh: '原得分', width: 8, digits: 1 },
  { name: 'score_to', type: 'real', zh: '现得分', width: 8, digits: 1 },
  { name: 'rank_from', type: 'integer', zh: '原排名', width: 8, digits: 0 },
  { name: 'rank_to', type: 'integer', zh: '现排名', width: 8, digits: 0 },
  { name: 'parts', type: 'text', zh: '变动的得分项', width: 40 },
  { name: 'causes', type: 'text', zh: '起因', width: 40 },
  { name: 'reasons', type: 'text', zh: '新的理由', width: 80 },
  { name: 'lon', type: 'real', zh: '经度', width: 14, digits: 9 },
  { name: 'lat', type: 'real', zh: '纬度', width: 13, digits: 9 },
];

export function differenceList(differences: readonly QuarterDifference[]): ExportList {
  const rows = differences.flatMap(({ quarter, tasks }) =>
    tasks.map((task) => ({
      geometry: task.geometry,
      values: [
        quarter,
        task.id,
        task.change,
        CHANGE_WORDS[task.change].zh,
        violations(task.before),
        violations(task.after),
        task.before?.score ?? null,
        task.after?.score ?? null,
        task.before?.rank ?? null,
        task.after?.rank ?? null,
        moves(task),
        task.causes.join('、'),
        task.reasons.join('\n'),
        task.lon,
        task.lat,
      ],
    })),
  );
  return { name: 'difference', columns: COLUMNS, rows };
}

/** For JSON: without the outlines. */
export function differenceJson({ tasks, ...rest }: QuarterDifference): object {
  return { ...rest, tasks: tasks.map(({ geometry: _outline, ...task }) => task) };
}
