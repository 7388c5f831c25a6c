/** Handling mark: what a list of places carries on every page and in its metadata: how it is to be handled, whose copy it is, since when. */

export interface HandlingMark {
  readonly personId: string;
  /** Name of the person. */
  readonly name: string;
  /** UTC instant by the database's clock. */
  readonly at: string;
  /** Under which the export log has it. */
  readonly exportId?: string;
}

export const HANDLING_WORDS = '内部资料 注意保密';
/** Name of the mark in files: sheet, field, description. */
export const MARK_TITLE = '导出标记';
/** Beside a file that has no place for a mark: `list.csv.mark.txt`. */
export const MARK_FILE_ENDING = '.mark.txt';

/** As every page shows it; the time is that of China. */
export function markText({ name, at }: HandlingMark): string {
  return `${HANDLING_WORDS}　导出：${name}　${chinaTime(at)}`;
}

/** As programs read it: `tuban-mark person=… at=… export=…`. */
export function markRecord({ personId, at, exportId }: HandlingMark): string {
  const record = `tuban-mark person=${encodeURIComponent(personId)} at=${at}`;
  return exportId === undefined ? record : `${record} export=${exportId}`;
}

/** Contents of the file beside a file. */
export function markFileText(mark: HandlingMark): string {
  return `${MARK_TITLE}\r\n${markText(mark)}\r\n${markRecord(mark)}\r\n`;
}

/** `2026-11-27 08:30` in China (UTC+8, without summer time since 1991). */
export function chinaTime(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
