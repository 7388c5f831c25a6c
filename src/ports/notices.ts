/** What people are told, inside the system. */
import type { NewNotice, Notice } from '../model/notice-kind.js';
import type { Actor } from '../model/person.js';
import type { Turn } from './desk.js';

/** Within the turn that gives the reason; the same notice on the same day is told once. */
export type Notify = (turn: Turn, notices: readonly NewNotice[]) => Promise<void>;

export interface Notices {
  /** Newest first, at most `limit` (≤ 200). */
  mine(actor: Actor, query: { readonly unseen: boolean; readonly limit: number }): Promise<readonly Notice[]>;
  /** Number of notices that were marked as seen now. */
  seen(actor: Actor, ids: readonly string[]): Promise<number>;
}
