/**
 * Composition root of the queue's upkeep as cron does it, once around: leases that are over end on the record, kept answers are forgotten, clocks
 * become notices, messages leave. Each step commits by itself and does nothing where it was done before, so a run that was killed or left out is made up
 * for by the next one.
 */
import { createDesk } from './adapters/postgres/desk.js';
import { noticesMadeSince } from './adapters/postgres/notices.js';
import { forgetOldKeys } from './adapters/postgres/once-keys.js';
import type { Workspace } from './ports/workspace.js';
import { type NoticeOutcome, type NoticeParts, tellPeople } from './queue-notices.js';
import { openTaskQueue } from './queue-open.js';

export interface UpkeepOutcome extends NoticeOutcome {
  /** Leases that ended. */
  readonly ended: number;
  /** Notices to people, inside of the system. */
  readonly notices: number;
}

export async function lookAfterQueue(
  workspace: Workspace,
  parts: NoticeParts,
  signal: AbortSignal,
): Promise<UpkeepOutcome> {
  const desk = createDesk(workspace.database);
  const since = await desk.engine('notices', async ({ at }) => at);
  const ended = await openTaskQueue(workspace, desk).lapse();
  await forgetOldKeys(desk);
  const told = await tellPeople(parts, signal);
  return { ended, notices: await desk.engine('notices', (turn) => noticesMadeSince(turn, since)), ...told };
}
