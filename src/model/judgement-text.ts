/** How a judgement's numbers are told, the same in the terminal, in the report and on the page: with their error bars, Chinese. */
import type { Judgement, PatchPiece } from './patch.js';
import { RULES } from './rules.js';
import { VIOLATION_WORDS } from './words.js';

const grouped = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 0 });
const whole = (value: number): string => grouped.format(value);

/** `3,600 m²（2,997–4,203），最远 60 m（50–70）`. */
export function outsideText({ outsideM2, outsideM, outsideRangeM2, outsideRangeM }: Judgement): string {
  const area = `${whole(outsideM2)} m²（${whole(outsideRangeM2[0])}–${whole(outsideRangeM2[1])}）`;
  if (outsideM === null || outsideRangeM === null) return area;
  return `${area}，最远 ${whole(outsideM)} m（${whole(outsideRangeM[0])}–${whole(outsideRangeM[1])}）`;
}

export function toleranceText({ position }: Judgement): string {
  const { imageM, shiftM, boundaryM, toleranceM } = position;
  return `${toleranceM.toFixed(1)} m（1σ：影像 ${imageM.toFixed(1)}、配准 ${shiftM.toFixed(1)}、界线 ${boundaryM.toFixed(1)} m）`;
}

export function pieceText({ piece, areaM2, title, violations }: PatchPiece): string {
  const words = violations.map((code) => VIOLATION_WORDS[code].zh).join('、');
  return `地块 ${piece}：${whole(areaM2)} m²，${title ?? '不在任何许可或项目内'}，${words}`;
}

/** What settles it on site, each sentence once. */
export function settledBy({ findings }: Pick<Judgement, 'findings'>): readonly string[] {
  return [...new Set(findings.map(({ rule }) => RULES[rule].settledBy))];
}
