/**
 * writeCsv: a list as CSV that Excel opens right: UTF-8 with BOM, CRLF, quoted where needed. Text that a spreadsheet would take
 * for a formula (= + - @, tab, carriage return in front) gets an apostrophe; numbers stay numbers. Whole or not at all.
 */
import type { ExportList, ListValue } from '../../model/patch-list.js';
import { replaceFile } from './replace-file.js';

export async function writeCsv(path: string, { columns, rows }: ExportList): Promise<void> {
  const heads = columns.map(({ zh, name }) => cell(zh === name ? name : `${zh} ${name}`)).join(',');
  const lines = rows.map(({ values }) => values.map(cell).join(','));
  await replaceFile(path, Buffer.from(`\uFEFF${[heads, ...lines].join('\r\n')}\r\n`, 'utf8'));
}

function cell(value: ListValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : value.join(',');
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
