/** A judged patch in words, for a terminal. */
import type { GroundState, PatchHistory } from '../model/history.js';
import { outsideText, pieceText, settledBy, toleranceText } from '../model/judgement-text.js';
import type { JudgedPatch } from '../model/patch.js';
import { CHANGE_WORDS, HISTORY_WORDS, muOf, VIOLATION_WORDS } from '../model/words.js';
import { table } from './table.js';

export function describePatch({ patch, judgement }: JudgedPatch): string {
  const suspicion = judgement.violations.map((code) => `${VIOLATION_WORDS[code].zh} ${code}`).join('、') || '无';
  const lines = [
    `图斑 ${patch.id}  ${CHANGE_WORDS[patch.changeType].zh}`,
    `  位置      ${patch.lon.toFixed(6)}, ${patch.lat.toFixed(6)}（CGCS2000）`,
    `  面积      ${patch.areaM2.toFixed(2)} m²（${muOf(patch.areaM2).toFixed(2)} 亩），周长 ${patch.perimeterM.toFixed(1)} m`,
    `  时相      ${patch.dateBefore ?? '未知'} → ${patch.dateAfter ?? '未知'}，影像对 ${patch.pairs.join('、')}，可见 ${(patch.seenShare * 100).toFixed(1)} %`,
    ...(patch.history ? historyLines(patch.history) : []),
    `  疑似类型  ${suspicion}`,
    `  界外      ${outsideText(judgement)}`,
    `  容差      ${toleranceText(judgement)}`,
    `  许可证号  ${judgement.licenceNo ?? '无'}`,
    '  理由',
    ...[...patch.reasons, ...judgement.reasons].map((reason) => `    · ${reason}`),
    ...(judgement.pieces.length > 0 ? ['  地块', ...judgement.pieces.map((piece) => `    · ${pieceText(piece)}`)] : []),
    ...(judgement.findings.length > 0 ? ['  如何查清', ...settledBy(judgement).map((text) => `    · ${text}`)] : []),
    `  得分 ${judgement.score.toFixed(1)} =`,
  ];
  const parts = table(judgement.parts, [
    { head: '', cell: () => '   ' },
    { head: '分项', cell: ({ name }) => name },
    { head: '分值', right: true, cell: ({ points, most }) => `${points.toFixed(1)} / ${most.toFixed(1)}` },
    { head: '依据', cell: ({ evidence }) => evidence },
    { head: '会改变它的', cell: ({ change }) => change },
  ]);
  return `${lines.join('\n')}\n${parts}`;
}

const STATE_WORDS: Readonly<Record<GroundState, string>> = {
  before: '如前时相',
  after: '如后时相',
  unclear: '不能判断',
  'not-seen': '未看到',
};

export function historyLines({ verdict, available, seen, dates }: PatchHistory): string[] {
  const head = `  历史      ${HISTORY_WORDS[verdict].zh}（${verdict}），历史影像 ${available} 期，可用 ${seen} 期`;
  return [head, ...dates.map(({ on, state }) => `    ${on}  ${STATE_WORDS[state]}`)];
}
