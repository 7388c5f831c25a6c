/** How tasks are told on the page. */
import type { ViolationCode } from '../model/violation.js';
import { muOf, VIOLATION_WORDS } from '../model/words.js';

const grouped = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 0 });

export const whole = (value: number): string => grouped.format(value);
/** Null: withheld until a sealed round departs. */
export const areaText = (areaM2: number | null): string =>
  areaM2 === null ? '出发后显示' : `${whole(areaM2)} m²（${muOf(areaM2).toFixed(2)} 亩）`;
export const violationText = (codes: readonly ViolationCode[]): string =>
  codes.map((code) => VIOLATION_WORDS[code].zh).join('、') || '—';
