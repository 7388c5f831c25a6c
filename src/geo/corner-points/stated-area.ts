/**
 * stated-area: an area as a source writes it ("0.7655", "0.7655公顷", "7655.1 平方米", "0.1234平方公里", "11.48亩") against the one
 * that its corner points enclose. A difference is said, never mended: either the points or the figure are wrong.
 */
import type { AreaUnit, StatedArea } from '../../model/corners.js';

const M2_PER: Readonly<Record<AreaUnit, number>> = { m2: 1, ha: 10_000, km2: 1_000_000, mu: 2000 / 3 };
const UNIT_WORDS: Readonly<Record<AreaUnit, string>> = { m2: '平方米', ha: '公顷', km2: '平方公里', mu: '亩' };

/** In order: 平方公里 before 平方米. */
const UNITS: readonly (readonly [RegExp, AreaUnit])[] = [
  [/平方公里|平方千米|km(2|²)|㎢/i, 'km2'],
  [/公顷|ha|hm(2|²)/i, 'ha'],
  [/亩/, 'mu'],
  [/平方米|平米|m(2|²)|㎡/i, 'm2'],
];

/** A judgement: plane area differs from ellipsoid area by up to 0.05 % at a zone's edge, rounding to 4 decimals of km² by 0.5 % of 1 ha. */
export const AREA_TOLERANCE = 0.01;

/** null: no number there, or nothing but zeros. */
export function parseStatedArea(text: string, formatUnit: AreaUnit): StatedArea | null {
  const value = Number(/\d+(?:\.\d*)?/.exec(text.replace(/[,，\s]/g, ''))?.[0] ?? Number.NaN);
  if (!(value > 0)) return null;
  const written = UNITS.find(([pattern]) => pattern.test(text))?.[1];
  return { text: text.trim(), value, unit: written ?? formatUnit, unitWritten: written !== undefined };
}

export function statedM2({ value, unit }: StatedArea): number {
  return value * M2_PER[unit];
}

/** Chinese; null where both agree. */
export function areaWarning(stated: StatedArea, measuredM2: number): string | null {
  const agrees = (area: StatedArea): boolean => Math.abs(statedM2(area) / measuredM2 - 1) <= AREA_TOLERANCE;
  if (agrees(stated)) return null;
  const measured = `由坐标量算为 ${measuredM2.toFixed(1)} 平方米`;
  const other = (Object.keys(M2_PER) as AreaUnit[]).find((unit) => agrees({ ...stated, unit }));
  if (!stated.unitWritten && other !== undefined) {
    return `面积“${stated.text}”未写单位，按格式应为${UNIT_WORDS[stated.unit]}，但数值与${UNIT_WORDS[other]}相符（${measured}）`;
  }
  const percent = (100 * (statedM2(stated) / measuredM2 - 1)).toFixed(1);
  return `写明面积“${stated.text}”${stated.unitWritten ? '' : UNIT_WORDS[stated.unit]}，${measured}，相差 ${percent} %，请核对`;
}
