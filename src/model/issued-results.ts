/**
 * issued-results: answers in the issuer's own fields: names, order, types and widths as they came, with fields for the result behind
 * them (names of at most 10 bytes, so that a shapefile holds them). One row per issued row that stands; rows refused at import too.
 */
import type { MultiPolygonRings } from './grid.js';
import {
  ISSUED_WORDS,
  type IssuedAnswer,
  type IssuedAttributes,
  type IssuedField,
  type IssuedPatch,
} from './issued.js';
import type { JudgedPatch } from './patch.js';
import { muOf, VIOLATION_WORDS } from './words.js';

export interface ResultField extends IssuedField {
  /** Chinese; '' for the issuer's own. */
  readonly zh: string;
}

const text = (name: string, zh: string, width: number): ResultField => ({ name, zh, type: 'text', width, decimals: 0 });
const real = (name: string, zh: string, width: number, decimals: number): ResultField => ({
  name,
  zh,
  type: 'real',
  width,
  decimals,
});

export const RESULT_FIELDS: readonly ResultField[] = [
  text('BDJG', '比对结果', 30),
  text('BDDM', '比对结果代码', 20),
  text('BDRQ', '最新影像日期', 10),
  text('BDYX', '最新影像传感器', 30),
  text('CZRQ', '参照影像日期', 10),
  real('KJBL', '可见比例（%）', 6, 1),
  real('LDBL', '界内裸地比例（%）', 6, 1),
  real('XJMJ', '现状裸地面积（m²）', 16, 2),
  real('XJMU', '现状裸地面积（亩）', 14, 2),
  real('KDMJ', '界外新增面积（m²）', 16, 2),
  text('YSLX', '疑似类型', 100),
  real('YXDF', '优先级得分', 6, 1),
  text('RWBH', '核查任务编号', 40),
  text('DDBH', '地点编号', 40),
  text('BDSM', '比对依据', 254),
];

export interface Answered {
  readonly patch: IssuedPatch;
  readonly answer: IssuedAnswer | null;
  readonly judged: JudgedPatch | null;
  readonly siteId: string | null;
  readonly taskId: string | null;
}

export interface ResultRows {
  readonly fields: readonly ResultField[];
  readonly rows: readonly {
    readonly geometry: MultiPolygonRings | null;
    readonly values: readonly (string | number | null)[];
  }[];
}

/** `fields`: of each file that the rows came from. `measured`: outlines as measured where there is one, else the issuer's. */
export function resultRows(
  answered: readonly Answered[],
  fields: readonly (readonly IssuedField[])[],
  measured: boolean,
): ResultRows {
  const own = together(fields);
  const taken = new Set(own.map(({ name }) => name.toLowerCase()));
  const added = RESULT_FIELDS.map((field) => ({ ...field, name: freeName(field.name, taken) }));
  return {
    fields: [...own.map((field) => ({ ...field, zh: '' })), ...added],
    rows: answered.map((one) => ({
      geometry: measured && one.answer?.measured?.length ? one.answer.measured : one.patch.geometry,
      values: [...own.map((field) => ownValue(one.patch.attributes, field)), ...resultValues(one)],
    })),
  };
}

/** Fields of several files: those of the first in their order, then what others have besides; the wider declaration, text where types differ. */
function together(files: readonly (readonly IssuedField[])[]): IssuedField[] {
  const found = new Map<string, IssuedField>();
  for (const field of files.flat()) {
    const known = found.get(field.name);
    if (!known) found.set(field.name, field);
    else {
      const same = known.type === field.type;
      const width = known.width === 0 || field.width === 0 ? 0 : Math.max(known.width, field.width);
      const decimals = Math.max(known.decimals, field.decimals);
      found.set(field.name, same ? { ...known, width, decimals } : { ...known, type: 'text', width, decimals: 0 });
    }
  }
  return [...found.values()];
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 1; taken.has(free.toLowerCase()); n++) free = `${name}${n}`;
  taken.add(free.toLowerCase());
  return free;
}

function ownValue(attributes: IssuedAttributes, { name, type }: IssuedField): string | number | null {
  const value = attributes[name] ?? null;
  return type === 'text' && typeof value === 'number' ? String(value) : value;
}

function resultValues({ patch, answer, judged, siteId, taskId }: Answered): (string | number | null)[] {
  if (!answer) {
    const why = patch.refused === null ? '尚未比对' : `图形不能使用：${patch.refused}`;
    return RESULT_FIELDS.map(({ name }) => (name === 'BDJG' ? '未比对' : name === 'BDSM' ? why : null));
  }
  const { result, newest, reference, seenShare, openShare, measuredM2, grownM2, reasons } = answer;
  const percent = (share: number | null): number | null => (share === null ? null : Math.round(1000 * share) / 10);
  const cents = (value: number | null): number | null => (value === null ? null : Math.round(100 * value) / 100);
  return [
    ISSUED_WORDS[result].zh,
    result,
    newest?.on ?? null,
    newest?.sensor ?? null,
    reference?.on ?? null,
    percent(seenShare),
    percent(openShare),
    cents(measuredM2),
    cents(measuredM2 === null ? null : muOf(measuredM2)),
    cents(grownM2),
    judged?.judgement.violations.map((code) => VIOLATION_WORDS[code].zh).join('、') ?? null,
    judged?.judgement.score ?? null,
    taskId,
    siteId,
    // m² is not in GBK.
    reasons.join('；').replaceAll('m²', '平方米'),
  ];
}
