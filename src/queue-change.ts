/**
 * queue-change: what a later run, judging again or a late licence makes of a task otherwise than its file was opened with. It is shown and has to be
 * acknowledged; the file keeps what it was opened with.
 */

import { CHANGE_WORDS, type TaskDifference } from './model/difference.js';
import { canonicalJson, contentHash } from './model/id.js';
import { TASK_STATE_WORDS } from './model/patch-list.js';
import type { Task } from './model/task.js';
import type { FileChange } from './model/task-file.js';
import { VIOLATION_WORDS } from './model/words.js';
import { differencesOf } from './stages/rejudge/difference.js';

const UNLISTED: readonly Task['state'][] = ['withdrawn', 'reserve', 'quiet'];

/** `successors`: tasks of the newest run at the same place, where this one is withdrawn. Null: nothing changed. */
export function changeOf(
  opened: Task,
  newest: Task,
  acknowledged: string | null,
  successors: readonly string[],
): FileChange | null {
  const withdrawn = newest.state === 'withdrawn';
  const listed = listing(newest);
  // Rank alone, the rule set's name and the frozen facts are no change of what is said.
  const { ruleSet, facts } = opened.judged.judgement;
  const judged = { ...newest.judged, judgement: { ...newest.judged.judgement, ruleSet, facts } };
  const { tasks } = differencesOf({
    before: [{ ...opened, state: 'new' }],
    after: withdrawn ? [] : [{ ...newest, state: listed, judged }],
    judgedBefore: [opened.judged],
    judged: [judged],
    changed: new Map(),
    decided: new Set(),
  });
  const [difference] = tasks;
  const [before, after] = [opened.judged.patch, newest.judged.patch];
  const outline = canonicalJson(before.geometry) === canonicalJson(after.geometry) ? null : after.geometry;
  const areaM2 = before.areaM2 === after.areaM2 ? null : ([before.areaM2, after.areaM2] as const);
  if (!difference && outline === null && areaM2 === null) return null;
  const hash = contentHash({ judged, listed, withdrawn });
  return {
    hash,
    acknowledged: acknowledged === hash,
    sentences: [
      ...(difference ? sentencesOf(difference, withdrawn, listed) : []),
      ...(areaM2 === null ? [] : [`面积 ${areaM2[0].toFixed(1)} → ${areaM2[1].toFixed(1)} m²`]),
      ...(outline === null ? [] : ['轮廓已变化']),
      ...(successors.length === 0 ? [] : [`同一地点现由任务 ${successors.join('、')} 列出，请勿重复办理`]),
    ],
    withdrawn,
    areaM2,
    outline,
  };
}

/** What people decided is no change by a run. */
function listing({ state }: Task): Task['state'] {
  return UNLISTED.includes(state) ? state : 'new';
}

function sentencesOf(
  { change, before, after, parts, reasons }: TaskDifference,
  withdrawn: boolean,
  listed: Task['state'],
): string[] {
  const types = (side: TaskDifference['before']) =>
    side?.violations.map((code) => VIOLATION_WORDS[code].zh).join('、') || '无';
  const moved = types(before) !== types(after);
  const licence = before !== null && after !== null && before.licenceNo !== after.licenceNo;
  return [
    ...(withdrawn ? ['最新运行不再有此任务，已撤回'] : []),
    ...(!withdrawn && listed !== 'new' ? [`最新运行将其列为“${TASK_STATE_WORDS[listed]}”`] : []),
    ...(moved ? [`疑似类型 ${types(before)} → ${types(after)}`] : []),
    ...(licence ? [`许可证 ${before.licenceNo ?? '无'} → ${after.licenceNo ?? '无'}`] : []),
    ...(before && after && before.score !== after.score
      ? [`得分 ${before.score.toFixed(1)} → ${after.score.toFixed(1)}`]
      : []),
    ...parts.map((part) => `${part.name} ${part.before.toFixed(1)} → ${part.after.toFixed(1)}`),
    ...reasons.map((reason) => `新的理由：${reason}`),
    ...(change === 'reasons' && reasons.length === 0 ? [CHANGE_WORDS.reasons.zh] : []),
  ];
}
