/**
 * statedAreaWarning: the area that a row of an attribute table states (矿区面积, KQMJ …) against the area of its polygon. The unit
 * is taken from the value ("0.1234平方公里"), else from the field's name ("面积（公顷）"), else 平方公里 for 矿区面积 (registration
 * practice, TD/T 1055-2019); any other figure without a unit is in order when it fits in some unit.
 * Out: Chinese, or null where nothing is stated or both agree.
 */
import type { AreaUnit } from '../model/corners.js';
import { areaWarning, parseStatedArea } from './corner-points/stated-area.js';

type Attributes = Readonly<Record<string, string | number | null>>;

const NAMES =
  /^(矿区|登记|勘查|批准|批复|项目|地块|用地|矿山|探矿权|采矿权)?(总)?面积|^(kqmj|mj|area)([_（(]|$)|^area_?(m2|km2|ha|mu)$/i;
const REGISTERED = /^(矿区|勘查|登记)(总)?面积|^kqmj/i;
const UNITS: readonly AreaUnit[] = ['km2', 'ha', 'mu', 'm2'];

export function statedAreaWarning(attributes: Attributes, measuredM2: number): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || !NAMES.test(name.trim())) continue;
    const text = String(value);
    const written = unitOf(text) ?? unitOf(name);
    const registered = REGISTERED.test(name.trim());
    const stated = parseStatedArea(text, written ?? (registered ? 'km2' : 'm2'));
    if (stated === null) continue;
    const known = { ...stated, unitWritten: written !== null };
    if (
      written === null &&
      !registered &&
      UNITS.some((unit) => areaWarning({ ...known, unit, unitWritten: true }, measuredM2) === null)
    ) {
      continue;
    }
    const warning = areaWarning(known, measuredM2);
    if (warning !== null) return `${name}：${warning}`;
  }
  return null;
}

/** The unit that a text names. */
function unitOf(text: string): AreaUnit | null {
  const named = parseStatedArea(`1${text}`, 'm2');
  return named?.unitWritten ? named.unit : null;
}
