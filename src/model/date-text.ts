/**
 * date-text: dates as people write them in register layers → ISO. A month or a year alone means its first day where a period
 * begins and its last day where it ends. What cannot be a date is null: unknown, never guessed.
 */
export type DateEnd = 'from' | 'to';

/** 2026-08-01 · 2026/8/1 · 2026.8.1 · 20260801 · 2026年8月1日 · with a time behind · 2026年8月 · 202608 · 2026 · 长期. */
export function parseDateText(text: string, end: DateEnd): string | null {
  const plain = text.trim().normalize('NFKC');
  if (end === 'to' && /^(长期|永久|无限期)$/.test(plain)) return '9999-12-31';
  const match =
    /^(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?月?|年?)(?:[T\s]\s*\d{1,2}:\d{2}.*)?$/.exec(
      plain,
    ) ?? /^(\d{4})(\d{2})(\d{2})?(?:[T\s]?\d{2}:?\d{2}.*)?$/.exec(plain);
  if (!match) return null;
  const year = Number(match[1]);
  const month = match[2] === undefined ? (end === 'from' ? 1 : 12) : Number(match[2]);
  if (year < 1900 || month < 1 || month > 12) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = match[3] === undefined ? (end === 'from' ? 1 : last) : Number(match[3]);
  if (day < 1 || day > last) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** `2020年1月1日至2030年1月1日` and the like: both ends, null where the text is not a period. */
export function parsePeriodText(text: string): { readonly from: string | null; readonly to: string | null } | null {
  const parts = text
    .trim()
    .normalize('NFKC')
    .replace(/^自/, '')
    .split(/\s*(?:至|到|~|—+|–|\s-\s)\s*/);
  const [first, second] = parts;
  if (parts.length !== 2 || first === undefined || second === undefined) return null;
  const from = parseDateText(first, 'from');
  const to = parseDateText(second.replace(/止$/, ''), 'to');
  return from === null && to === null ? null : { from, to };
}
