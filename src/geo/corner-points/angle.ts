/**
 * angle: one value of a corner point as a number. Degrees come as decimals, as 110°30′00″ (also 度分秒, colons, hyphens) or packed
 * as ddd.mmss, where 110.3000 means 110°30′. A packed value looks like a decimal one; only minutes or seconds of 60 and more
 * show that it cannot be packed.
 */
import type { AngleNotation } from '../../model/corners.js';

const PLAIN = /^[+-]?\d+(?:\.\d*)?$/;
const DMS = /^(\d{1,3})[°º˚度:-](\d{1,2}(?:\.\d+)?)(?:['′’‘分:-](?:(\d{1,2}(?:\.\d*)?)(?:["″”“秒]|''|′′)?)?)?$/;

function tidy(text: string): string {
  // NFKC would turn ″ into ′′ and º into o: only the full-width signs are brought down.
  return text
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000]/g, '')
    .replace(/东经|北纬|^[NE]|[NE]$/gi, '');
}

/** A number without any sign of degrees, minutes or seconds; null = not such a number. */
export function plainNumber(text: string): number | null {
  const plain = tidy(text);
  return PLAIN.test(plain) ? Number(plain) : null;
}

/** 118.5° or 118.5度: decimal degrees beyond doubt. */
export function isDecimalDegrees(text: string): boolean {
  return /^\d+(?:\.\d*)?[°º˚度]$/.test(tidy(text));
}

export function isDms(text: string): boolean {
  return !PLAIN.test(tidy(text)) && DMS.test(tidy(text));
}

interface Parts {
  readonly degrees: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** Spreadsheets give 36.4 as 36.39999999999999: beyond the tenth decimal is the computer's, not the surveyor's. */
const DECIMALS = 10;

function packedParts(text: string): Parts | null {
  const plain = tidy(text);
  if (!PLAIN.test(plain) || plain.startsWith('-')) return null;
  const written = (plain.split('.')[1]?.length ?? 0) > DECIMALS ? Number(plain).toFixed(DECIMALS) : plain;
  const [degrees = '', fraction = ''] = written.split('.');
  const digits = fraction.padEnd(4, '0');
  return {
    degrees: Number(degrees),
    minutes: Number(digits.slice(0, 2)),
    seconds: Number(`${digits.slice(2, 4)}.${digits.slice(4)}`),
  };
}

function dmsParts(text: string): Parts | null {
  const [, degrees, minutes, seconds] = DMS.exec(tidy(text)) ?? [];
  if (degrees === undefined || minutes === undefined) return null;
  return { degrees: Number(degrees), minutes: Number(minutes), seconds: Number(seconds ?? 0) };
}

/** Whether a plain value could be ddd.mmss. */
export function mayBePacked(text: string): boolean {
  const parts = packedParts(text);
  return parts !== null && parts.minutes < 60 && parts.seconds < 60;
}

/** Decimal degrees; null = the text is no such angle. */
export function angleDegrees(text: string, notation: AngleNotation): number | null {
  if (notation === 'decimal') return plainNumber(text.replace(/[°º˚度]\s*$/, ''));
  const parts = notation === 'packed' ? packedParts(text) : dmsParts(text);
  if (parts === null || parts.minutes >= 60 || parts.seconds >= 60) return null;
  return parts.degrees + parts.minutes / 60 + parts.seconds / 3600;
}
