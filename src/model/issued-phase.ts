/**
 * issued-phase: QSX and HSX as issuers write them → raw text and the days it spans. `20250315` · `2025-03-15` · `202503` · `2025Q1` ·
 * `2025年一季度` · `2025年第1季度` · `2025` · several of these joined by commas or as a span. What cannot be read stays raw, without days.
 */
import { parseDateText } from './date-text.js';
import { quarterDays } from './quarter.js';

export interface IssuedPhase {
  readonly raw: string;
  /** ISO; null where the text is no date. */
  readonly from: string | null;
  readonly to: string | null;
}

const QUARTER_DIGITS: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  '1': 1,
  '2': 2,
  '3': 3,
  '4': 4,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
};

export function parsePhase(value: string | number | null): IssuedPhase | null {
  const raw = value === null ? '' : String(value).trim();
  if (raw === '') return null;
  const plain = raw.normalize('NFKC');
  const whole = spanOf(plain);
  const spans = whole
    ? [whole]
    : plain.split(/[,;、|&]|\s*(?:至|到|~|—+|–)\s*|\s+-\s+|(?<=^\d{6,8})-(?=\d{6,8}$)/).map(spanOf);
  if (spans.some((span) => span === null)) return { raw, from: null, to: null };
  const days = spans.flatMap((span) => (span ? [span] : []));
  return {
    raw,
    from: days.map(({ from }) => from).sort()[0] ?? null,
    to:
      days
        .map(({ to }) => to)
        .sort()
        .at(-1) ?? null,
  };
}

function spanOf(text: string): { readonly from: string; readonly to: string } | null {
  const plain = text.trim();
  const quarter = /^(\d{4})\s*(?:年|-)?\s*(?:第\s*)?(?:q\s*([1-4])|([1-4一二三四])\s*季度?)$/i.exec(plain);
  const digit = QUARTER_DIGITS[quarter?.[2] ?? quarter?.[3] ?? ''];
  if (quarter && digit) {
    const { first, last } = quarterDays(`${Number(quarter[1])}Q${digit}`);
    return { from: first, to: last };
  }
  const [from, to] = [parseDateText(plain, 'from'), parseDateText(plain, 'to')];
  return from !== null && to !== null ? { from, to } : null;
}
