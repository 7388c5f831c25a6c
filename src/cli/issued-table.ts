/** How issued patches and their answers are shown in a terminal and as JSON. */
import { ISSUED_WORDS, type IssuedPatch } from '../model/issued.js';
import { muOf, VIOLATION_WORDS } from '../model/words.js';
import type { StandingAnswer } from '../ports/issued-register.js';
import { table } from './table.js';

export function tableOfAnswers(patches: readonly IssuedPatch[], answers: ReadonlyMap<string, StandingAnswer>): string {
  const of = ({ keyId }: IssuedPatch): StandingAnswer | undefined => answers.get(keyId);
  return table(patches, [
    { head: '下发单位', cell: ({ source }) => source },
    { head: '季度', cell: ({ quarter }) => quarter },
    { head: '县代码', cell: ({ facts }) => facts.countyCode ?? '' },
    { head: '图斑编号', cell: ({ facts }) => facts.number },
    { head: '类型', cell: ({ facts }) => facts.typeName ?? facts.typeCode ?? '' },
    { head: '下发面积 (亩)', right: true, cell: ({ areaM2 }) => (areaM2 === null ? '' : muOf(areaM2).toFixed(2)) },
    { head: '比对结果', cell: (patch) => resultOf(of(patch)) },
    { head: '影像', cell: (patch) => of(patch)?.answer.newest?.on ?? '' },
    { head: '现状 (亩)', right: true, cell: (patch) => areaOf(of(patch)?.answer.measuredM2 ?? null) },
    { head: '得分', right: true, cell: (patch) => shown(of(patch))?.judgement.score.toFixed(1) ?? '' },
    {
      head: '疑似类型',
      cell: (patch) =>
        (shown(of(patch))?.judgement.violations ?? []).map((code) => VIOLATION_WORDS[code].zh).join('、'),
    },
    { head: '任务', cell: (patch) => of(patch)?.taskId ?? '' },
  ]);
}

/** With the place's record where it has a task of its own. */
function shown(answer: StandingAnswer | undefined): StandingAnswer['judged'] {
  return answer?.listed ?? answer?.judged ?? null;
}

function resultOf(answer: StandingAnswer | undefined): string {
  return answer ? ISSUED_WORDS[answer.answer.result].zh : '未比对';
}

function areaOf(areaM2: number | null): string {
  return areaM2 === null ? '' : muOf(areaM2).toFixed(2);
}

export function jsonOfAnswer(patch: IssuedPatch, standing: StandingAnswer | null): object {
  const { keyId, source, quarter, facts, areaM2, refused, batchId, row } = patch;
  return {
    keyId,
    source,
    quarter,
    facts,
    areaM2,
    refused,
    batchId,
    row,
    answer: standing?.answer ?? null,
    judgement: shown(standing ?? undefined)?.judgement ?? null,
    siteId: standing?.siteId ?? null,
    taskId: standing?.taskId ?? null,
  };
}
