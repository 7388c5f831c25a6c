/**
 * apply: what the earlier images said, put into a patch: its history, a reason in words, and a confidence that takes it into account.
 * The shifts of the confidence are in log-odds and small: history confirms or doubts a finding, it does not make one.
 */
import type { ChangeType } from '../../model/change.js';
import type { HistoryVerdict, PatchHistory } from '../../model/history.js';
import type { Patch } from '../../model/patch.js';
import { quarterOf } from '../../model/quarter.js';

/** What BEFORE and AFTER are called in a sentence. */
const LOOKS: Readonly<Record<ChangeType, readonly [before: string, after: string]>> = {
  'vegetation-to-bare': ['植被', '裸露'],
  'bare-deeper': ['变化前的地表', '开挖'],
  'bare-to-water': ['裸地', '水面'],
  spoil: ['变化前的地表', '堆料或剥离'],
  'building-like': ['变化前的地表', '硬化地面或建筑'],
  'road-like': ['变化前的地表', '道路'],
  other: ['变化前的地表', '同样的变化'],
};

const LOG_ODDS: Readonly<Record<HistoryVerdict, number>> = {
  new: 0.3,
  since: 0.3,
  seasonal: -1,
  recurring: -0.4,
  unknown: 0,
};
/** A second year with the same season takes as much again, a third no more. */
const MOST_SEASONS = 2;
/** "Never before" says something from this many dates on, spread over three quarters of a year: else it may be the season still. */
const LEAST_DATES = 3;
const LEAST_SPAN_DAYS = 270;

export function withHistory(patch: Patch, history: PatchHistory, scope: string): Patch {
  const before = Math.min(0.999, Math.max(0.001, patch.confidence));
  const shift = shiftOf(history);
  const moved = 1 / (1 + ((1 - before) / before) * Math.exp(-shift));
  return {
    ...patch,
    confidence: shift === 0 ? patch.confidence : Math.round(1000 * moved) / 1000,
    history,
    reasons: [...patch.reasons, historyReason(history, patch.changeType, scope)],
  };
}

function shiftOf({ verdict, doubted, seen, earliest, latest, seasonYears }: PatchHistory): number {
  if (doubted) return LOG_ODDS.seasonal;
  if (verdict === 'seasonal') return LOG_ODDS.seasonal * Math.min(MOST_SEASONS, seasonYears);
  if (verdict === 'new') {
    const span = earliest && latest ? (Date.parse(latest) - Date.parse(earliest)) / 86_400_000 : 0;
    return seen >= LEAST_DATES && span >= LEAST_SPAN_DAYS ? LOG_ODDS.new : 0;
  }
  return LOG_ODDS[verdict];
}

/** `scope`: which images were asked, in brackets; empty where they were given by hand. */
export function historyReason(history: PatchHistory, changeType: ChangeType, scope: string): string {
  const { verdict, available, seen, earliest, latest, since, doubted } = history;
  const [was, is] = LOOKS[changeType];
  if (available === 0) return '仅有前后两期影像，未能排除季节变化';
  if (doubted) {
    const which = doubted === 'before' ? '前时相' : '后时相';
    return `与历史影像${scope} ${available} 期相比，${which}此处及周围异常亮白，疑似云或雪，变化可能并不存在`;
  }
  if (earliest === null || latest === null) {
    return `历史影像${scope} ${available} 期，此处均未看清或无法判断，未能排除季节变化`;
  }
  const span =
    quarterOf(earliest) === quarterOf(latest) ? quarterOf(earliest) : `${quarterOf(earliest)}—${quarterOf(latest)}`;
  const range = `历史影像${scope} ${available} 期，其中 ${seen} 期可用（${span}）`;
  const lookedLike = history.dates.filter(({ state }) => state === 'after').map(({ on }) => quarterOf(on));
  const when = [...new Set(lookedLike)].join('、');
  switch (verdict) {
    case 'new':
      return `${range}，此前各期均为${was}，本期首次出现${is}`;
    case 'since':
      return `${range}，自 ${since === null ? '此前' : quarterOf(since)} 起已出现${is}，持续至今`;
    case 'seasonal':
      return `${range}，${when} 也曾出现${is}，其间恢复为${was}；往年同季有 ${history.seasonYears} 年如此，疑似季节变化`;
    case 'recurring':
      return `${range}，${when} 也曾出现${is}，其后恢复为${was}，但不是每年同季，非首次出现`;
    case 'unknown':
      return `${range}，无法判断是否为季节变化`;
  }
}

/** The brackets of a run. */
export function scopeOf({ quarters, years }: { readonly quarters: number; readonly years: number }): string {
  const parts = [quarters > 0 ? `近 ${quarters} 个季度` : '', years > 0 ? '往年同季' : ''];
  return `（${parts.filter((part) => part !== '').join('及')}）`;
}
