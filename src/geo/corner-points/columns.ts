/** columns: what the values of one column of corner points look like: how many digits before the point, or an angle of which range. */
import { angleDegrees, isDecimalDegrees, isDms, plainNumber } from './angle.js';
import { zoneWidth } from './datum.js';

export type Column = 'prefixed' | 'seven' | 'six' | 'lon' | 'lat' | 'degrees' | 'other';

const COLUMN_WORDS: Readonly<Record<Column, string>> = {
  prefixed: '8位，带号在前的横坐标',
  seven: '7位',
  six: '6位',
  lon: '经度范围内的角度',
  lat: '纬度范围内的角度',
  degrees: '角度',
  other: '既不像平面坐标也不像经纬度',
};

/** Millions of an easting: its zone. The rest lies around 500 km, at most about 330 km away (a 6° zone at 18° N), roomily. */
const EASTING_REST = [100_000, 900_000] as const;

export const isAngle = (column: Column): boolean => column === 'lon' || column === 'lat' || column === 'degrees';

export function columnOf(texts: readonly string[]): Column {
  if (texts.length === 0) return 'other';
  if (texts.every((text) => isDms(text) || isDecimalDegrees(text))) {
    return angleColumn(texts.map((text) => angleDegrees(text, isDms(text) ? 'dms' : 'decimal') ?? Number.NaN));
  }
  const values = texts.map((text) => plainNumber(text) ?? Number.NaN);
  const within = (least: number, below: number): boolean => values.every((value) => value >= least && value < below);
  if (values.every((value) => Math.abs(value) <= 180)) return angleColumn(values);
  if (values.every((value) => zoneBefore(value) !== null)) return 'prefixed';
  if (within(1_000_000, 10_000_000)) return 'seven';
  return within(100_000, 1_000_000) ? 'six' : 'other';
}

/** Longitudes and latitudes of China do not overlap. */
function angleColumn(values: readonly number[]): Column {
  if (values.some(Number.isNaN)) return 'other';
  if (values.every((value) => value >= 73 && value <= 136)) return 'lon';
  return values.every((value) => value >= 3 && value <= 54) ? 'lat' : 'degrees';
}

/** The zone with which an easting begins; null = with none. */
export function zoneBefore(easting: number): number | null {
  const zone = Math.floor(easting / 1_000_000);
  const rest = easting - zone * 1_000_000;
  return zoneWidth(zone) !== null && rest >= EASTING_REST[0] && rest <= EASTING_REST[1] ? zone : null;
}

/** One value with what it looks like; where the column is not of one kind, the first that differs, with its line. Chinese. */
export function shownColumn(texts: readonly string[], lines: readonly number[]): string {
  const kind = (text: string): Column => columnOf([text]);
  const told = (text: string): string => `${text === '' ? '（空）' : text.slice(0, 30)}（${COLUMN_WORDS[kind(text)]}）`;
  const [model = ''] = texts;
  const differs = (text: string): boolean => kind(text) !== kind(model) || isDms(text) !== isDms(model);
  const odd = columnOf(texts) === 'other' ? texts.findIndex(differs) : -1;
  return odd < 0 ? `如 ${told(model)}` : `如 ${told(model)}，而第 ${lines[odd]} 行为 ${told(texts[odd] ?? '')}`;
}
