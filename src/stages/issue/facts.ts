/**
 * facts: what an issued row says, found by alias: number and county as text, type with its name, phases with the days they span, the
 * issuer's area in m². Nothing is dropped in silence: what had to be assumed or normalised, and what looks wrong, is a note.
 * A code that came as a number has lost its leading zeros: types of one digit get theirs back (`1` → `01`), numbers are marked.
 */

import type { IssuedFacts, IssuedRow } from '../../model/issued.js';
import {
  AREA_UNIT_M2,
  AREA_UNIT_WORDS,
  AREA_UNITS,
  type AreaUnit,
  type IssuedFieldMap,
  type IssuedFieldRole,
  typeNameOf,
  unitOfName,
} from '../../model/issued-fields.js';
import { type IssuedPhase, parsePhase } from '../../model/issued-phase.js';

/** Issued and measured area may differ by this share before it is said: GIS areas on a plane at the edge of a zone differ by 0.04 %. */
const AREA_SHARE = 0.02;

export interface FactsInput {
  readonly row: IssuedRow;
  readonly fields: IssuedFieldMap;
  /** From the command line; null = as the field's name says, else m². */
  readonly areaUnit: AreaUnit | null;
  readonly measuredM2: number | null;
  /** For a row without a number. */
  readonly surrogate: string;
}

export function factsOf(input: FactsInput): IssuedFacts {
  const { row, fields } = input;
  const notes: string[] = row.mended === null ? [] : [`图形${row.mended}`];
  const value = (role: IssuedFieldRole): string | number | null => {
    const name = fields[role];
    return name === undefined ? null : (row.attributes[name] ?? null);
  };
  const text = (role: IssuedFieldRole): string | null => {
    const found = value(role);
    return found === null ? null : String(found).trim() || null;
  };
  const phase = (role: 'before' | 'after', name: string): IssuedPhase | null => {
    const parsed = parsePhase(value(role));
    if (parsed === null) notes.push(`没有${name}`);
    else if (parsed.from === null) notes.push(`${name}“${parsed.raw}”不能识别为日期，按未知处理`);
    return parsed;
  };
  const given = text('number');
  if (given === null) notes.push(`没有图斑编号，以“${input.surrogate}”代替`);
  else if (typeof value('number') === 'number') notes.push(`编号字段 ${fields.number} 为数值型，前导零可能已丢失`);
  const countyCode = text('countyCode');
  if (countyCode === null) notes.push('没有县级行政区代码，不同县的相同编号无法区分');
  const typeCode = typeOf(value('type'), notes);
  const [before, after] = [phase('before', '前时相'), phase('after', '后时相')];
  if (before?.to && after?.from && before.from !== null && before.from > after.from) {
    notes.push(`前时相 ${before.raw} 晚于后时相 ${after.raw}`);
  }
  return {
    number: given ?? input.surrogate,
    countyCode,
    countyName: text('countyName'),
    typeCode,
    typeName: typeCode === null ? null : typeNameOf(typeCode),
    before,
    after,
    issuedM2: areaOf(value('area'), input, notes),
    farmland: text('farmland'),
    redLine: text('redLine'),
    remark: text('remark'),
    notes,
  };
}

function typeOf(value: string | number | null, notes: string[]): string | null {
  if (value === null) return null;
  if (typeof value !== 'number') return value.trim() || null;
  const code = String(value).padStart(2, '0');
  if (code !== String(value)) notes.push(`图斑类型为数值 ${value}，按代码“${code}”处理`);
  return code;
}

function areaOf(
  value: string | number | null,
  { fields, areaUnit, measuredM2 }: FactsInput,
  notes: string[],
): number | null {
  if (value === null || fields.area === undefined) return null;
  const match = /^([\d.]+)\s*(平方米|m2|㎡|m²|亩|公顷|ha)?$/i.exec(String(value).trim());
  const number = Number(match?.[1]);
  if (!match || !Number.isFinite(number)) {
    notes.push(`面积“${value}”不能识别为数`);
    return null;
  }
  const written: AreaUnit | null = match[2] === undefined ? null : unitOfWord(match[2]);
  const unit = written ?? areaUnit ?? unitOfName(fields.area) ?? 'm2';
  const issuedM2 = number * AREA_UNIT_M2[unit];
  if (measuredM2 !== null && measuredM2 > 0 && Math.abs(issuedM2 / measuredM2 - 1) > AREA_SHARE) {
    const other = AREA_UNITS.find(
      (one) => one !== unit && Math.abs((number * AREA_UNIT_M2[one]) / measuredM2 - 1) <= AREA_SHARE,
    );
    const hint = other ? `；若单位为${AREA_UNIT_WORDS[other]}则相符` : '';
    notes.push(
      `下发面积 ${number} ${AREA_UNIT_WORDS[unit]}（${issuedM2.toFixed(1)} m²）与图形椭球面积 ${measuredM2.toFixed(1)} m² 不符${hint}`,
    );
  }
  return issuedM2;
}

function unitOfWord(word: string): AreaUnit {
  if (word === '亩') return 'mu';
  return /公顷|ha/i.test(word) ? 'ha' : 'm2';
}
