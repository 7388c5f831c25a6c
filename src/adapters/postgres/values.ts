/**
 * How values cross between SQL and the program: the same for PGlite and PostgreSQL, so that a row reads the same on both.
 * Text stays text; numbers that fit become numbers (an int8 beyond 2⁵³ is refused); json is parsed; bytea becomes Uint8Array;
 * dates and times stay text in ISO 8601 (sessions run in UTC); numeric stays text; arrays of these become arrays.
 */
import { Fault } from '../../model/fault.js';

type Parse = (text: string) => unknown;

const bytes: Parse = (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));

const integer8: Parse = (text) => {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new Fault('database.too-large', `数值超出范围 (a count is too large for the program): ${text}`, {
    blame: 'system',
  });
};

/** `2026-07-01 02:03:04.5+00` → `2026-07-01T02:03:04.5Z`; `infinity` stays. */
const instant: Parse = (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');

const same: Parse = (text) => text;

/** PostgreSQL's array text, one dimension: `{a,"b \"c\"",NULL}`. */
function arrayOf(parse: Parse): Parse {
  return (text) => {
    const items: unknown[] = [];
    const item = /"((?:[^"\\]|\\.)*)"|([^{},"]+)/g;
    for (const [, quoted, plain] of text.slice(1, -1).matchAll(item)) {
      if (quoted !== undefined) items.push(parse(quoted.replace(/\\(.)/g, '$1')));
      else items.push(plain === undefined || plain === 'NULL' ? null : parse(plain));
    }
    return items;
  };
}

/** By the type's number in pg_type. What is not listed stays text. */
export const parsers: Readonly<Record<number, Parse>> = {
  16: (text) => text === 't',
  17: bytes,
  20: integer8,
  21: Number,
  23: Number,
  26: Number,
  114: JSON.parse,
  700: Number,
  701: Number,
  1082: same,
  1114: instant,
  1184: instant,
  1700: same,
  3802: JSON.parse,
  1000: arrayOf((text) => text === 't'),
  1005: arrayOf(Number),
  1007: arrayOf(Number),
  1009: arrayOf(same),
  1015: arrayOf(same),
  1016: arrayOf(integer8),
  1021: arrayOf(Number),
  1022: arrayOf(Number),
  1182: arrayOf(same),
};

export function parserOf(type: number): Parse {
  return parsers[type] ?? same;
}

/** What both drivers run right after connecting. */
export const SESSION_SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'iso_8601',
  extra_float_digits: '1',
  // Row-level security makes estimates a thousand times too high; compiling then takes longer than all the rest of a page.
  jit: 'off',
} as const;
