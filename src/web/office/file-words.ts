/** How a file, its clock and its deadline are told. Days are those of China. */
import type { Grant } from '../../model/person.js';
import { REVIEW_LEVEL_WORDS, ROLE_WORDS } from '../../model/person.js';
import type { TaskFile } from '../../model/task-file.js';
import { FILE_STATE_WORDS } from '../../model/task-flow.js';
import type { ListedFile } from './data.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const dayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
const timeFormat = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** `2026-10-12 09:30`, China's time. */
export const timeText = (instant: string): string => timeFormat.format(new Date(instant));
export const dayOf = (ms: number): string => dayFormat.format(ms);

/** Days of the calendar, not working days: the deadline itself was reckoned in working days. */
export function deadlineText({ deadline, overdue }: Pick<ListedFile, 'deadline' | 'overdue'>, nowMs: number): string {
  if (deadline === null) return '—';
  const days = Math.round((Date.parse(deadline) - Date.parse(dayOf(nowMs))) / DAY_MS);
  if (overdue) return days < 0 ? `已逾期 ${-days} 天` : '已逾期';
  if (days < 0) return '已过';
  return days === 0 ? '今天到期' : `剩 ${days} 天`;
}

/** What is left of a lease: `2 天 3 小时`, `59 分钟`, `45 秒`; empty = it is over. */
export function clockText(leaseUntil: string, nowMs: number): string {
  const left = Date.parse(leaseUntil) - nowMs;
  if (left <= 0) return '';
  const days = Math.floor(left / DAY_MS);
  const hours = Math.floor((left % DAY_MS) / HOUR_MS);
  if (days > 0) return `${days} 天 ${hours} 小时`;
  const minutes = Math.floor((left % HOUR_MS) / MINUTE_MS);
  if (hours > 0) return `${hours} 小时 ${minutes} 分钟`;
  return minutes > 0 ? `${minutes} 分钟` : `${Math.ceil(left / 1000)} 秒`;
}

/** Whether a lease should be looked at: less than six hours are left. */
export const leaseShort = (leaseUntil: string, nowMs: number): boolean => Date.parse(leaseUntil) - nowMs < 6 * HOUR_MS;

export function stateText({ state, reviewLevel }: Pick<TaskFile, 'state' | 'reviewLevel'>): string {
  const { zh } = FILE_STATE_WORDS[state];
  return state === 'submitted' && reviewLevel !== null ? `${zh}（${REVIEW_LEVEL_WORDS[reviewLevel].zh}）` : zh;
}

/** Who has it: the holder, else whom it was given to. */
export function whoseText(file: ListedFile): string {
  if (file.holder !== null) return file.holderName ?? file.holder;
  const given = [file.teamName ?? file.teamId, file.assigneeName ?? file.assignee].filter((one) => one !== null);
  return given.length > 0 ? given.join(' · ') : '—';
}

export function grantText({ role, level }: Pick<Grant, 'role' | 'level'>): string {
  return level === null ? ROLE_WORDS[role].zh : `${ROLE_WORDS[role].zh}（${REVIEW_LEVEL_WORDS[level].zh}）`;
}

/** Bytes as people read them. */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
