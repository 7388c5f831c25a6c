/**
 * digest: unsent notices → one message a person: counts by kind and the earliest day, never a task, a place or a name. Urgent kinds go at once
 * outside the quiet hours, the rest with the day's digest.
 */
import { NOTICE_KINDS, NOTICE_WORDS, type Notice, type NoticeKind, URGENT_KINDS } from '../../model/notice-kind.js';
import type { QueueSettings } from '../../model/queue-settings.js';
import { chinaMinutes } from '../../model/working-days.js';

export type KindCounts = Readonly<Partial<Record<NoticeKind, number>>>;

export interface Digest {
  readonly personId: string;
  readonly counts: KindCounts;
  /** ISO day; null = none of them has one. */
  readonly earliestDue: string | null;
  readonly noticeIds: readonly string[];
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Quiet hours may pass midnight; the same clock twice = never quiet. */
export function isQuiet({ quietFrom, quietTo }: QueueSettings['notices'], at: string): boolean {
  const [now, from, to] = [chinaMinutes(at), minutesOf(quietFrom), minutesOf(quietTo)];
  return from <= to ? now >= from && now < to : now >= from || now < to;
}

/**
 * What is to be sent now of what was not sent yet; persons in order of their id. `digested`: who has had a message since today's hour of the
 * digest: what is not urgent waits for tomorrow's.
 */
export function digests(
  unsent: readonly Notice[],
  settings: QueueSettings['notices'],
  { at, digested }: { readonly at: string; readonly digested: ReadonlySet<string> },
): Digest[] {
  if (isQuiet(settings, at)) return [];
  const hourCame = chinaMinutes(at) >= minutesOf(settings.digestAt);
  const due = (notice: Notice) => URGENT_KINDS.includes(notice.kind) || (hourCame && !digested.has(notice.personId));
  const ready = unsent.filter(due);
  return [...new Set(ready.map(({ personId }) => personId))].sort().map((personId) => {
    const own = ready.filter((notice) => notice.personId === personId);
    const counts: Partial<Record<NoticeKind, number>> = {};
    for (const kind of NOTICE_KINDS) {
      const tasks = new Set(own.filter((notice) => notice.kind === kind).map(({ taskId }) => taskId));
      if (tasks.size > 0) counts[kind] = tasks.size;
    }
    const days = own.map(({ dueOn }) => dueOn).filter((day) => day !== null);
    return { personId, counts, earliestDue: days.sort()[0] ?? null, noticeIds: own.map(({ id }) => id).sort() };
  });
}

/** Chinese first; the subject tells a count only. */
export function digestText(
  title: string,
  counts: KindCounts,
  earliestDue: string | null,
): { subject: string; text: string } {
  const kinds = NOTICE_KINDS.flatMap((kind) => {
    const count = counts[kind];
    return count === undefined ? [] : [{ kind, count }];
  });
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  const lines = kinds.map(
    ({ kind, count }) => `· ${count} ${NOTICE_WORDS[kind].zh} (${count} ${NOTICE_WORDS[kind].en})`,
  );
  const due = earliestDue === null ? [] : [`最近期限 ${earliestDue} (earliest day)`];
  const close = '请登录系统查看，本通知不含任务位置。(Please sign in to see them; this message names no place.)';
  return {
    subject: `${title}：${total} 项待办 (${total} to do)`,
    text: `${[...lines, ...due, '', close].join('\n')}\n`,
  };
}
