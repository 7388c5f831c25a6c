/** What people are told of: a kind, until when, and how many; never a place, so that a message that is read by others gives nothing away. */
import type { Words } from './words.js';

export const NOTICE_KINDS = [
  'assigned',
  'returned',
  'review-waiting',
  'lease-ending',
  'lapsed',
  'due-soon',
  'overdue',
  'escalated',
  'extension-asked',
  'extension-granted',
  'changed',
  'draft-handed',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Follows a number of tasks. */
export const NOTICE_WORDS: Readonly<Record<NoticeKind, Words>> = {
  assigned: { zh: '件核查任务已分派给您', en: 'assigned to you' },
  returned: { zh: '件任务退回补正', en: 'returned for correction' },
  'review-waiting': { zh: '件任务待您审核', en: 'waiting for your review' },
  'lease-ending': { zh: '件已领取任务即将到期放回', en: 'claims about to end' },
  lapsed: { zh: '件已领取任务到期放回', en: 'claims that ended' },
  'due-soon': { zh: '件任务临近期限', en: 'close to their deadline' },
  overdue: { zh: '件任务已逾期', en: 'overdue' },
  escalated: { zh: '件下级任务逾期，请督办', en: 'overdue below you: please see to them' },
  'extension-asked': { zh: '件任务申请延期', en: 'ask for an extension' },
  'extension-granted': { zh: '件任务已同意延期', en: 'extensions granted' },
  'draft-handed': { zh: '份核查草稿移交给您', en: 'drafts handed to you' },
  changed: { zh: '件任务所依据的影像或许可证有变化', en: 'changed by newer images or licences' },
};

/** Of one task the words stand without the measure word of a number. */
export const noticeText = (kind: NoticeKind): string => NOTICE_WORDS[kind].zh.replace(/^[件份]/, '');

/** Do not wait for the day's digest. */
export const URGENT_KINDS: readonly NoticeKind[] = ['lease-ending', 'returned', 'escalated'];

export interface NewNotice {
  readonly personId: string;
  readonly kind: NoticeKind;
  readonly taskId: string;
  /** ISO day: deadline or end of the lease; null = none. */
  readonly dueOn: string | null;
  /** Tells two of a kind apart that would otherwise be one: hash of the change, or the step’s revision. Not kept. */
  readonly about?: string;
}

export interface Notice extends Omit<NewNotice, 'about'> {
  readonly id: string;
  /** UTC. */
  readonly madeAt: string;
  readonly seenAt: string | null;
}
