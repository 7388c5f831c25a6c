/** cells: what stands in a cell, as the value that the form wants; or why it cannot be that. Nothing is guessed: half a date is no date. */
import type { FormColumn, SheetCell } from '../../model/form-sheet.js';

export type CellValue =
  | { readonly value: unknown; readonly problem: null }
  | { readonly value: null; readonly problem: { readonly code: string; readonly message: string } };

/** Whole numbers above lose digits in a spreadsheet. */
const MOST_DIGITS = 999_999_999_999_999;

/** Null: nothing was filled in. */
export function cellText(cell: SheetCell): string | null {
  if (cell === null) return null;
  const text = String(cell).trim();
  return text === '' ? null : text;
}

/** Value null without a problem: nothing was filled in. */
export function readCell(cell: SheetCell, { reads, words }: FormColumn): CellValue {
  const text = cellText(cell);
  if (text === null) return { value: null, problem: null };
  switch (reads) {
    case 'number':
      return numberOf(cell, text);
    case 'time':
      return timeOf(cell, text);
    case 'day':
      return dayOf(cell, text);
    case 'word':
      return words ? wordOf(text, words) : right(text);
    case 'list':
      return right(items(text));
    case 'equipment':
      return equipmentOf(text);
    case 'text':
      return textOf(cell, text);
  }
}

function textOf(cell: SheetCell, text: string): CellValue {
  if (typeof cell === 'number' && Math.abs(cell) > MOST_DIGITS) {
    return wrong(
      'form.digits',
      '数字过长，表格软件已改变末位；请把单元格设为文本后重新填写 (too long for a number: make the cell text)',
    );
  }
  return right(text);
}

function wordOf(text: string, words: Readonly<Record<string, string>>): CellValue {
  const plain = text.normalize('NFKC');
  const value = words[plain] ?? Object.values(words).find((one) => one === plain);
  if (value !== undefined) return right(value);
  const choices = Object.keys(words).join('、');
  return wrong('form.value', `“${text}”应为其中之一：${choices} (one of these)`);
}

/** Thousands may be set apart; a comma elsewhere could be a decimal one. */
const NUMBER = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/;

function numberOf(cell: SheetCell, text: string): CellValue {
  if (typeof cell === 'number' && Number.isFinite(cell)) return right(cell);
  const plain = text.normalize('NFKC');
  return typeof cell === 'string' && NUMBER.test(plain)
    ? right(Number(plain.replace(/,/g, '')))
    : wrong('form.number', `“${text}”不是数字，只填数字，不带单位 (expected a number)`);
}

/** China's clock. */
function timeOf(cell: SheetCell, text: string): CellValue {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T ]+(\d{1,2})[:时](\d{2})(?::(\d{2}))?分?$/.exec(
    text.normalize('NFKC'),
  );
  const day = parts && isoDay(parts[1], parts[2], parts[3]);
  const [hour, minute, second] = [Number(parts?.[4]), Number(parts?.[5]), Number(parts?.[6] ?? 0)];
  if (!day || hour > 23 || minute > 59 || second > 59) {
    return wrong(
      'form.time',
      `“${text}”不是日期和时刻，应写作 2026-10-12 09:30${serialHint(cell)} (expected a day and a time)`,
    );
  }
  const two = (n: number) => String(n).padStart(2, '0');
  return right(`${day}T${two(hour)}:${two(minute)}:${two(second)}+08:00`);
}

function dayOf(cell: SheetCell, text: string): CellValue {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.normalize('NFKC'));
  const day = parts && isoDay(parts[1], parts[2], parts[3]);
  return day
    ? right(day)
    : wrong('form.day', `“${text}”不是日期，应写作 2026-10-12${serialHint(cell)} (expected a day)`);
}

/** A day pasted as a value is the number of days since 1899: two calendars of it are in use, so it is not taken for one. */
function serialHint(cell: SheetCell): string {
  return typeof cell === 'number' && cell > 36_526 && cell < 73_050
    ? '；这像是表格软件的日期序列号，请把单元格设为日期格式，或改填文字'
    : '';
}

/** Null: there is no such day. */
function isoDay(year = '', month = '', day = ''): string | null {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day)
    ? at.toISOString().slice(0, 10)
    : null;
}

/** `挖掘机×2；装载机 1台`. */
function equipmentOf(text: string): CellValue {
  const found = items(text).map((item) => /^(.+?)\s*[×xX*]?\s*(\d{1,5})\s*[台辆套个部艘]?$/.exec(item));
  const value = found.flatMap((parts) => (parts?.[1] && parts[2] ? [{ code: parts[1], count: Number(parts[2]) }] : []));
  return value.length === found.length
    ? right(value)
    : wrong(
        'form.equipment',
        `“${text}”看不出设备和台套，应写作 挖掘机×2；装载机×1 (expected equipment with its number)`,
      );
}

function items(text: string): string[] {
  return text
    .split(/[；;、，,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function right(value: unknown): CellValue {
  return { value, problem: null };
}

function wrong(code: string, message: string): CellValue {
  return { value: null, problem: { code, message } };
}
