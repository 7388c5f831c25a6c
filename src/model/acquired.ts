/**
 * Acquired: the day an image was taken, in China (UTC+8), with where that is written. Read from acquisition facts in the
 * metadata, then from the file's name, last from the TIFF date, which often is the date of writing and is called so.
 */
import type { RasterInfo } from './raster.js';

export interface Acquired {
  /** ISO date, null where none was found or several are possible. */
  readonly date: string | null;
  /** Chinese first: where it was found, or why it was not. */
  readonly source: string;
}

const ACQUISITION_KEY =
  /^(?:.*[_#/:])?(?:ACQUISITION_?DATE(?:_?TIME)?|ACQUISITION_?TIME|DATE_ACQUIRED|ACQUIRED(?:_ON|_AT)?|(?:DATATAKE_)?SENSING_(?:TIME|START|DATE)|PRODUCT_START_TIME|IMAGING_?(?:DATE|TIME)|SCENE_?DATE|成像时间|成像日期|拍摄日期)$/i;

/** First civil satellite images (Landsat 1). */
const FIRST_YEAR = 1972;
const LAST_YEAR = 2099;

function isoDate(year: number, month: number, day: number): string | null {
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && month >= 1 ? date.toISOString().slice(0, 10) : null;
}

/** The day in China of a moment given in UTC: passes after 16:00 UTC belong to the next day. */
function dayInChina(isoDay: string, utcTime: string): string {
  const [hour = '0', minute = '0', second = '0'] = utcTime.match(/\d{2}/g) ?? [];
  const moment = Date.parse(`${isoDay}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(moment) ? isoDay : new Date(moment + 8 * 3600_000).toISOString().slice(0, 10);
}

/** "2026-08-15T03:20:11.024Z", "2026/8/15", "2026:08:15 03:20:11", "20260815" → the day, or null. */
export function parseDay(text: string): string | null {
  const parts =
    /^\s*(\d{4})[-/:.年](\d{1,2})[-/:.月](\d{1,2})日?(?:[T ]+(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|UTC|\+00:?00)?)?\s*$/i.exec(
      text,
    ) ?? /^\s*(\d{4})(\d{2})(\d{2})(?:T(\d{6})(?:\.\d+)?(Z)?)?\s*$/i.exec(text);
  if (!parts) return null;
  const day = isoDate(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return day && parts[4] && parts[5] ? dayInChina(day, parts[4]) : day;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Products whose names hold several dates, the acquisition at a known place. Times in Sentinel names are UTC. */
function productDay(name: string): string | null {
  const sentinel = /^(?:S[12][A-D]_\w+?_|L[12][AC]_T\d{2}[A-Z]{3}_A\d{6}_|T\d{2}[A-Z]{3}_)(\d{8})T(\d{6})/i.exec(name);
  if (sentinel?.[1] && sentinel[2]) {
    const day = parseDay(sentinel[1]);
    return day && dayInChina(day, sentinel[2]);
  }
  const landsat = /^L[CETMO]0\d_L[0-9A-Z]{3}_\d{6}_(\d{8})_\d{8}_/i.exec(name);
  if (landsat?.[1]) return parseDay(landsat[1]);
  const older = /^L[CETMO]\d\d{6}(\d{4})(\d{3})[A-Z]{3}\d{2}/i.exec(name);
  if (!older) return null;
  const dayOfYear = Number(older[2]);
  if (dayOfYear < 1 || dayOfYear > 366) return null;
  const date = new Date(Date.UTC(Number(older[1]), 0, dayOfYear)).toISOString().slice(0, 10);
  return date.startsWith(older[1] ?? '') ? parseDay(date) : null;
}

/** Every date that a name could mean, each once, in order of appearance. */
function daysInName(name: string): string[] {
  const days = new Set<string>();
  const written =
    /(?<!\d)(\d{4})(?:([-_.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2})(?:T?\d{6})?)(?!\d)/g;
  for (const match of name.matchAll(written)) {
    const [, year, , month1, day1, month2, day2, month3, day3] = match;
    const day = isoDate(Number(year), Number(month1 ?? month2 ?? month3), Number(day1 ?? day2 ?? day3));
    if (day) days.add(day);
  }
  return [...days];
}

export function acquisitionDate(info: Pick<RasterInfo, 'metadata'>, path: string): Acquired {
  const name = fileName(path);
  const product = productDay(name);
  const inName = product ? [product] : daysInName(name);
  const said = inName.length === 1 ? inName[0] : undefined;
  for (const [key, value] of Object.entries(info.metadata)) {
    const day = ACQUISITION_KEY.test(key) ? parseDay(value) : null;
    if (!day) continue;
    const doubt = said && said !== day ? `，但文件名写的是 ${said}，请核对 (the file name says ${said})` : '';
    return { date: day, source: `元数据 ${key}=${value}${doubt}` };
  }
  if (said) return { date: said, source: `文件名 ${name} (file name)` };
  if (inName.length > 1) {
    return {
      date: null,
      source: `文件名 ${name} 中有多个日期：${inName.join('、')}，不知道哪个是成像日期 (several dates in the file name)`,
    };
  }
  const written = info.metadata.TIFFTAG_DATETIME;
  const day = written ? parseDay(written) : null;
  if (day) {
    return {
      date: day,
      source: `TIFFTAG_DATETIME=${written}，可能是文件写入日期而非成像日期，请核对 (may be the date of writing: check it)`,
    };
  }
  return { date: null, source: '元数据和文件名中都没有成像日期 (no date in metadata or file name)' };
}
