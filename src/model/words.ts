/** What codes are called: Chinese for officers, English beside it. The codes themselves never change. */
import type { BoundaryKind } from './boundary.js';
import type { ChangeType } from './change.js';
import type { HistoryVerdict } from './history.js';
import type { OverlapVerdict } from './patch.js';
import type { SiteState } from './site.js';
import type { Observation } from './task.js';
import type { ViolationCode } from './violation.js';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Suspicions, not verdicts: every name of a violation says so. */
export const VIOLATION_WORDS: Readonly<Record<ViolationCode, Words>> = {
  'no-licence': { zh: '疑似无证开采', en: 'suspected: no licence' },
  'off-plan': { zh: '疑似不按方案开采', en: 'suspected: against the plan' },
  'beyond-boundary': { zh: '疑似越界开采', en: 'suspected: beyond the boundary' },
  'other-holder': { zh: '疑似进入他人矿区', en: 'suspected: in another holder’s area' },
  exploration: { zh: '疑似以采代探', en: 'suspected: mining under exploration' },
  restoration: { zh: '疑似假借修复工程', en: 'suspected: under cover of restoration' },
  lawful: { zh: '在许可范围内', en: 'inside what is permitted' },
  'cannot-say': { zh: '无法判断', en: 'cannot say' },
};

export const OVERLAP_WORDS: Readonly<Record<OverlapVerdict, Words>> = {
  inside: { zh: '在界内', en: 'inside' },
  outside: { zh: '在界外', en: 'outside' },
  partly: { zh: '部分在界外', en: 'partly outside' },
  'cannot-say': { zh: '误差以内，不能判定', en: 'within the error: cannot say' },
};

export const BOUNDARY_WORDS: Readonly<Record<BoundaryKind, Words>> = {
  licences: { zh: '采矿许可证', en: 'mining licence' },
  exploration: { zh: '探矿权', en: 'exploration right' },
  plans: { zh: '开采设计境界', en: 'pit design' },
  restoration: { zh: '修复项目', en: 'restoration project' },
  closed: { zh: '已关闭矿山', en: 'closed mine' },
  prone: { zh: '易发区', en: 'prone area' },
  keyzones: { zh: '重点区域', en: 'key zone' },
  admin: { zh: '行政区', en: 'administrative area' },
  lawful: { zh: '合法用地项目', en: 'approved project' },
};

export const CHANGE_WORDS: Readonly<Record<ChangeType, Words>> = {
  'vegetation-to-bare': { zh: '植被变裸地', en: 'vegetation to bare ground' },
  'bare-deeper': { zh: '裸地继续扩挖', en: 'bare ground dug further' },
  'bare-to-water': { zh: '裸地变水面', en: 'bare ground to water' },
  spoil: { zh: '堆土弃渣', en: 'spoil' },
  'building-like': { zh: '似建筑', en: 'building-like' },
  'road-like': { zh: '似道路', en: 'road-like' },
  other: { zh: '其他变化', en: 'other change' },
};

export const HISTORY_WORDS: Readonly<Record<HistoryVerdict, Words>> = {
  new: { zh: '首次出现', en: 'new' },
  since: { zh: '已持续存在', en: 'there since an earlier date' },
  seasonal: { zh: '疑似季节变化', en: 'seasonal' },
  recurring: { zh: '曾经出现过', en: 'was there before' },
  unknown: { zh: '未能判断', en: 'cannot be said' },
};

export const OBSERVATION_WORDS: Readonly<Record<Observation['result'], Words>> = {
  changed: { zh: '有变化', en: 'changed' },
  unchanged: { zh: '无变化', en: 'unchanged' },
  'not-seen': { zh: '未看到', en: 'not seen' },
};

export const SITE_STATE_WORDS: Readonly<Record<SiteState['state'], Words>> = {
  changed: { zh: '有变化', en: 'changed' },
  unchanged: { zh: '未恢复', en: 'still open' },
  recovering: { zh: '恢复中', en: 'recovering' },
  recovered: { zh: '已恢复', en: 'recovered' },
  'not-seen': { zh: '未看到', en: 'not seen' },
};

/** 亩 of m² (1 亩 = 2000/3 m²): m² is the master; compared as it comes, rounded only where it is shown. */
export function muOf(areaM2: number): number {
  return (areaM2 * 3) / 2000;
}

/** 公顷 of m². */
export function hectaresOf(areaM2: number): number {
  return areaM2 / 1e4;
}

/** 平方公里 of m². */
export function squareKilometresOf(areaM2: number): number {
  return areaM2 / 1e6;
}
