/** Handling mark: what a list of places carries on every page and in its metadata: how it is to be handled, whose copy it is, since when. */

export interface HandlingMark {
  readonly personId: string;
  /** Name of the person. */
  readonly name: string;
  /** UTC instant by the database's clock. */
  readonly at: string;
}

export const HANDLING_WORDS = '内部资料 注意保密';

/** As every page shows it; the time is that of China. */
export function markText({ name, at }: HandlingMark): string {
  return `${HANDLING_WORDS}　导出：${name}　${chinaTime(at)}`;
}

/** As programs read it: `tuban-mark person=… at=…`. */
export function markRecord({ personId, at }: HandlingMark): string {
  return `tuban-mark person=${encodeURIComponent(personId)} at=${at}`;
}

/** `2026-11-27 08:30` in China (UTC+8, without summer time since 1991). */
export function chinaTime(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
