/**
 * layer-values: what the attributes of a row say, by the fields that layer-fields found: texts, dates as people write them, persons.
 * What is written but cannot be read is told as a problem and counts as unknown; what is not there is absent.
 */
import { type Boundary, PERSON_LEVELS, type Person } from './boundary.js';
import { type DateEnd, parseDateText, parsePeriodText } from './date-text.js';
import type { FieldMap, LayerField } from './layer-fields.js';
import { statusOf } from './standing.js';

type Attributes = Boundary['attributes'];
export type RowValues = Pick<
  Boundary,
  | 'number'
  | 'name'
  | 'holder'
  | 'method'
  | 'status'
  | 'validFrom'
  | 'validTo'
  | 'zoneKind'
  | 'effectiveFrom'
  | 'purpose'
  | 'endedOn'
  | 'suspendedFrom'
  | 'suspendedTo'
  | 'acceptedOn'
  | 'acceptedUntil'
  | 'persons'
>;

export interface ReadRow {
  readonly values: RowValues;
  readonly problems: readonly string[];
  /** Metres by which a line or point is to be widened; null = the file does not say. */
  readonly bufferM: number | null;
}

const DATES = {
  effectiveFrom: 'from',
  endedOn: 'from',
  suspendedFrom: 'from',
  suspendedTo: 'to',
  acceptedOn: 'from',
  acceptedUntil: 'to',
} as const satisfies Partial<Record<LayerField, DateEnd>>;

/** `defaultFrom`: beginning of validity of rows without one. */
export function rowValues(attributes: Attributes, fields: FieldMap, defaultFrom: string | null): ReadRow {
  const problems: string[] = [];
  const text = (field: LayerField): string | null => {
    const name = fields[field];
    const value = name === undefined ? null : (attributes[name] ?? null);
    return value === null ? null : String(value).trim() || null;
  };
  const date = (field: LayerField, end: DateEnd): string | null => {
    const value = text(field);
    if (value === null) return null;
    const parsed = parseDateText(value, end);
    if (parsed === null) problems.push(`${fields[field]}“${value}”不能识别为日期，按未知处理`);
    return parsed;
  };
  // A field 有效期 that also serves as the beginning is one that the DBF has cut, not a period.
  const periodText = fields.period === fields.validFrom ? null : text('period');
  const period = periodText === null ? null : (parsePeriodText(periodText) ?? lastDay(periodText));
  if (periodText !== null && period === null) {
    problems.push(`${fields.period}“${periodText}”不能识别为期限，按未知处理`);
  }
  const validFrom = date('validFrom', 'from') ?? period?.from ?? defaultFrom;
  const validTo = date('validTo', 'to') ?? period?.to ?? null;
  if (validFrom !== null && validTo !== null && validFrom > validTo) {
    problems.push(`有效期起 ${validFrom} 晚于有效期止 ${validTo}`);
  }
  const dates: Partial<Record<keyof typeof DATES, string>> = {};
  for (const [field, end] of Object.entries(DATES) as [keyof typeof DATES, DateEnd][]) {
    const value = date(field, end);
    if (value !== null) dates[field] = value;
  }
  const status = text('status');
  const purpose = text('purpose');
  const named = { status, ...(purpose === null ? {} : { purpose }) };
  // The notice of a cancelling is its day.
  const ended = ['cancelled', 'policy-closed'].includes(statusOf(named) ?? '');
  if (ended && dates.endedOn === undefined && dates.effectiveFrom !== undefined) dates.endedOn = dates.effectiveFrom;
  const persons = personsOf(text);
  const values: RowValues = {
    number: text('number'),
    name: text('name'),
    holder: text('holder'),
    method: text('method'),
    ...named,
    validFrom,
    validTo,
    zoneKind: text('zoneKind'),
    ...dates,
    ...(persons.length === 0 ? {} : { persons }),
  };
  return { values, problems, bufferM: metresOf(text('bufferM'), fields, problems) };
}

/** A single date under 有效期 is the day until which a licence is valid. */
function lastDay(text: string): { readonly from: null; readonly to: string } | null {
  const to = parseDateText(text, 'to');
  return to === null ? null : { from: null, to };
}

function personsOf(text: (field: LayerField) => string | null): Person[] {
  return PERSON_LEVELS.flatMap((level) => {
    const name = text(`${level}Person`);
    return name === null ? [] : [{ level, name, phone: text(`${level}Phone`) }];
  });
}

/** Wider than this is no surroundings but a mistake of units. */
const MOST_BUFFER_M = 20_000;

function metresOf(text: string | null, fields: FieldMap, problems: string[]): number | null {
  if (text === null) return null;
  const metres = Number(text.normalize('NFKC').replace(/\s*(米|m)$/i, ''));
  if (metres > 0 && metres <= MOST_BUFFER_M) return metres;
  problems.push(`${fields.bufferM}“${text}”不是 0 至 ${MOST_BUFFER_M} 米的距离，按该类区域的缺省值处理`);
  return null;
}
