/** Lists that leave the program as tables: their columns with Chinese heads, and a row for each patch, task and observation. */
import type { Boundary } from './boundary.js';
import type { MultiPolygonRings } from './grid.js';
import type { JudgedPatch } from './patch.js';
import { type Column, PATCH_COLUMNS, patchRow } from './patch-columns.js';
import type { Observation, Task } from './task.js';
import { BOUNDARY_WORDS, CHANGE_WORDS, HISTORY_WORDS, muOf, OBSERVATION_WORDS, VIOLATION_WORDS } from './words.js';

export interface ListColumn extends Column {
  /** Chinese head. */
  readonly zh: string;
  /** In characters of the table's font. */
  readonly width: number;
  /** Digits after the point, for numbers. */
  readonly digits?: number;
}

export type ListValue = string | number | readonly string[] | null;

export interface ListRow {
  readonly geometry: MultiPolygonRings;
  readonly values: readonly ListValue[];
}

export interface ExportList {
  /** Name of sheet and layer. */
  readonly name: string;
  readonly columns: readonly ListColumn[];
  readonly rows: readonly ListRow[];
}

const HEADS: Readonly<Record<string, Omit<ListColumn, 'name' | 'type'>>> = {
  id: { zh: '图斑编号', width: 24 },
  area_m2: { zh: '面积（m²）', width: 12, digits: 2 },
  perimeter_m: { zh: '周长（m）', width: 11, digits: 2 },
  score: { zh: '得分', width: 7, digits: 1 },
  confidence: { zh: '可信度', width: 8, digits: 2 },
  kind: { zh: '变化类型代码', width: 18 },
  seen_share: { zh: '可见比例', width: 9, digits: 2 },
  violation: { zh: '疑似类型代码', width: 20 },
  outside_m2: { zh: '界外面积（m²）', width: 14, digits: 2 },
  outside_m: { zh: '最远超出（m）', width: 13, digits: 2 },
  licence_no: { zh: '许可证号', width: 25 },
  lon: { zh: '经度', width: 14, digits: 9 },
  lat: { zh: '纬度', width: 13, digits: 9 },
  reasons: { zh: '理由', width: 80 },
  history: { zh: '历史判断代码', width: 13 },
  hist_dates: { zh: '历史影像期数', width: 13, digits: 0 },
  hist_seen: { zh: '可用期数', width: 9, digits: 0 },
  hist_from: { zh: '最早可用影像', width: 13 },
  out_min_m2: { zh: '界外面积下限（m²）', width: 16, digits: 2 },
  out_max_m2: { zh: '界外面积上限（m²）', width: 16, digits: 2 },
  out_min_m: { zh: '最远超出下限（m）', width: 15, digits: 2 },
  out_max_m: { zh: '最远超出上限（m）', width: 15, digits: 2 },
  tol_m: { zh: '容差（m）', width: 9, digits: 2 },
  rule_set: { zh: '规则集', width: 14 },
};

const PATCH_LIST: readonly ListColumn[] = [
  ...PATCH_COLUMNS.map((column) => ({ ...column, ...(HEADS[column.name] ?? { zh: column.name, width: 12 }) })),
  { name: 'area_mu', type: 'real', zh: '面积（亩）', width: 11, digits: 2 },
  { name: 'suspicion', type: 'text', zh: '疑似类型', width: 24 },
  { name: 'change', type: 'text', zh: '变化类型', width: 14 },
  { name: 'history_zh', type: 'text', zh: '历史判断', width: 14 },
  { name: 'date_before', type: 'text', zh: '前时相', width: 12 },
  { name: 'date_after', type: 'text', zh: '后时相', width: 12 },
  { name: 'score_parts', type: 'text', zh: '得分组成', width: 60 },
];

function patchValues(judged: JudgedPatch): ListValue[] {
  const { patch, judgement } = judged;
  return [
    ...patchRow(judged),
    // Unrounded: the table shows two digits, sums stay right.
    Math.round(muOf(patch.areaM2) * 1e6) / 1e6,
    judgement.violations.map((code) => VIOLATION_WORDS[code].zh).join('、'),
    CHANGE_WORDS[patch.changeType].zh,
    patch.history ? HISTORY_WORDS[patch.history.verdict].zh : null,
    patch.dateBefore,
    patch.dateAfter,
    judgement.parts.map(({ name, points, evidence }) => `${name} ${points.toFixed(1)}（${evidence}）`).join('；'),
  ];
}

export function patchList(patches: readonly JudgedPatch[]): ExportList {
  const rows = patches.map((judged) => ({ geometry: judged.patch.geometry, values: patchValues(judged) }));
  return { name: 'patches', columns: PATCH_LIST, rows };
}

/** The parts of patches that lie under several titles, one row each; a patch under one title is a row by itself. */
export function pieceList(patches: readonly JudgedPatch[]): ExportList {
  const columns: ListColumn[] = [
    { name: 'patch_id', type: 'text', zh: '图斑编号', width: 24 },
    { name: 'piece', type: 'integer', zh: '地块号', width: 7, digits: 0 },
    { name: 'area_m2', type: 'real', zh: '面积（m²）', width: 12, digits: 2 },
    { name: 'area_mu', type: 'real', zh: '面积（亩）', width: 11, digits: 2 },
    { name: 'violation', type: 'list', zh: '疑似类型代码', width: 20 },
    { name: 'suspicion', type: 'text', zh: '疑似类型', width: 24 },
    { name: 'bound_id', type: 'text', zh: '多边形编号', width: 30 },
    { name: 'title', type: 'text', zh: '许可或项目', width: 30 },
  ];
  const rows = patches.flatMap(({ patch, judgement }) => {
    const { violations, pieces } = judgement;
    const whole = {
      piece: 1,
      areaM2: patch.areaM2,
      boundaryId: null,
      title: null,
      violations,
      geometry: patch.geometry,
    };
    return (pieces.length > 0 ? pieces : [whole]).map((one) => ({
      geometry: one.geometry,
      values: [
        patch.id,
        one.piece,
        Math.round(one.areaM2 * 100) / 100,
        Math.round(muOf(one.areaM2) * 1e6) / 1e6,
        one.violations,
        one.violations.map((code) => VIOLATION_WORDS[code].zh).join('、'),
        one.boundaryId,
        one.title,
      ],
    }));
  });
  return { name: 'pieces', columns, rows };
}

export const TASK_STATE_WORDS: Readonly<Record<Task['state'], string>> = {
  new: '待核查',
  decided: '已有决定',
  reserve: '后备',
  quiet: '误报记忆',
  withdrawn: '已撤回',
};

export const TASK_ORIGIN_WORDS: Readonly<Record<NonNullable<Task['origin']>, string>> = {
  change: '影像变化',
  sample: '随机抽查',
  issued: '上级下发',
  reported: '人工上报',
};

/** Columns of a task, then those of its patch; `id` is the task's. */
export function taskList(tasks: readonly Task[]): ExportList {
  const columns: ListColumn[] = [
    { name: 'id', type: 'text', zh: '任务编号', width: 25 },
    { name: 'rank', type: 'integer', zh: '排名', width: 6, digits: 0 },
    { name: 'quarter', type: 'text', zh: '季度', width: 8 },
    { name: 'state', type: 'text', zh: '状态代码', width: 10 },
    { name: 'state_zh', type: 'text', zh: '状态', width: 8 },
    { name: 'site_id', type: 'text', zh: '地点编号', width: 24 },
    { name: 'origin', type: 'text', zh: '来源代码', width: 10 },
    { name: 'origin_zh', type: 'text', zh: '来源', width: 10 },
    { name: 'notes', type: 'text', zh: '任务说明', width: 60 },
    ...PATCH_LIST.map((column) => (column.name === 'id' ? { ...column, name: 'patch_id' } : column)),
  ];
  const rows = tasks.map(({ id, rank, quarter, state, siteId, origin = 'change', notes = [], judged }) => ({
    geometry: judged.patch.geometry,
    values: [
      id,
      rank,
      quarter,
      state,
      TASK_STATE_WORDS[state],
      siteId,
      origin,
      TASK_ORIGIN_WORDS[origin],
      notes.join('；'),
      ...patchValues(judged),
    ],
  }));
  return { name: 'tasks', columns, rows };
}

const OBSERVATION_LIST: readonly ListColumn[] = [
  { name: 'boundary_id', type: 'text', zh: '多边形编号', width: 30 },
  { name: 'quarter', type: 'text', zh: '季度', width: 8 },
  { name: 'layer', type: 'text', zh: '图层', width: 14 },
  { name: 'number', type: 'text', zh: '证号或编号', width: 25 },
  { name: 'name', type: 'text', zh: '名称', width: 24 },
  { name: 'result', type: 'text', zh: '结果代码', width: 11 },
  { name: 'result_zh', type: 'text', zh: '结果', width: 8 },
  { name: 'seen_share', type: 'real', zh: '可见比例', width: 9, digits: 4 },
  { name: 'changed_m2', type: 'real', zh: '变化面积（m²）', width: 14, digits: 2 },
  { name: 'patches', type: 'list', zh: '图斑', width: 30 },
  { name: 'pairs', type: 'list', zh: '影像对', width: 30 },
  { name: 'reason', type: 'text', zh: '说明', width: 40 },
];

export function observationList(
  observations: readonly Observation[],
  boundaries: ReadonlyMap<string, Pick<Boundary, 'kind' | 'number' | 'name' | 'geometry'>>,
): ExportList {
  const rows = observations.map((observation) => {
    const { boundaryId, quarter, result, seenShare, changedM2, patches, pairs, reason } = observation;
    const boundary = boundaries.get(boundaryId);
    return {
      geometry: boundary?.geometry ?? [],
      values: [
        boundaryId,
        quarter,
        boundary ? BOUNDARY_WORDS[boundary.kind].zh : null,
        boundary?.number ?? null,
        boundary?.name ?? null,
        result,
        OBSERVATION_WORDS[result].zh,
        Math.round(seenShare * 1e4) / 1e4,
        Math.round(changedM2 * 100) / 100,
        patches,
        pairs,
        reason,
      ],
    };
  });
  return { name: 'observations', columns: OBSERVATION_LIST, rows };
}
