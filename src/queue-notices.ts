/**
 * queue-notices: clocks → notices → messages. Each step commits by itself and can be done again: a notice is told once (its id), a message is kept
 * until its channel took it. What a message says names no task, place or person.
 */
import { activePeople, filesWithClocks } from './adapters/postgres/file-clocks.js';
import {
  addDelivery,
  addNotices,
  closeDelivery,
  type Delivery,
  markSeen,
  noticesOf,
  personsToldSince,
  takeDelivery,
  unsentNotices,
} from './adapters/postgres/notices.js';
import { Fault, faultRecord } from './model/fault.js';
import { contentHash } from './model/id.js';
import type { QueueSettings } from './model/queue-settings.js';
import { chinaDay, type WorkCalendar } from './model/working-days.js';
import type { Desk, EngineDesk } from './ports/desk.js';
import type { Notices, Notify } from './ports/notices.js';
import { tellChanges } from './queue-changed.js';
import { digests, digestText, isQuiet, type KindCounts } from './stages/remind/digest.js';
import { remind } from './stages/remind/remind.js';

const DEVICE = 'notices';

export const notify: Notify = (turn, notices) => addNotices(turn, notices);

export function createNotices(desk: Desk): Notices {
  return {
    mine: (actor, query) => desk.as(actor, (turn) => noticesOf(turn, query)),
    seen: (actor, ids) => desk.as(actor, (turn) => markSeen(turn, ids)),
  };
}

/** How a message leaves; null = not set up. */
export interface Channels {
  readonly mail: ((to: string, subject: string, text: string) => Promise<void>) | null;
  readonly webhook: ((message: object, at: string) => Promise<void>) | null;
}

export interface NoticeParts {
  readonly desk: EngineDesk;
  readonly title: string;
  readonly settings: QueueSettings;
  calendar(): Promise<WorkCalendar>;
  readonly channels: Channels;
}

export interface NoticeOutcome {
  readonly made: number;
  readonly sent: number;
  readonly failed: number;
}

/** Once around: what clocks say, what changed under open files, the messages that are due, and their sending. */
export async function tellPeople(parts: NoticeParts, signal: AbortSignal): Promise<NoticeOutcome> {
  const calendar = await parts.calendar();
  await parts.desk.engine(DEVICE, async (turn) => {
    const [files, people] = [await filesWithClocks(turn), await activePeople(turn)];
    await addNotices(turn, remind({ files, people, calendar, settings: parts.settings, at: turn.at }));
  });
  await tellChanges(parts.desk, DEVICE);
  const made = await makeMessages(parts);
  return { made, ...(await sendMessages(parts, signal)) };
}

async function makeMessages({ desk, settings, channels }: NoticeParts): Promise<number> {
  const { mail, webhook } = channels;
  if (mail === null && webhook === null) return 0;
  return desk.engine(DEVICE, async (turn) => {
    const { at } = turn;
    // 08:00 in China of this day, whatever day that is in UTC.
    const since = new Date(`${chinaDay(at)}T${settings.notices.digestAt}:00+08:00`).toISOString();
    const digested = at < since ? new Set<string>() : await personsToldSince(turn, since);
    const due = digests(await unsentNotices(turn), settings.notices, { at, digested });
    const reachable = new Set((await turn.sql.query<{ id: string }>(MAILED)).map(({ id }) => id));
    let made = 0;
    for (const { personId, counts, earliestDue, noticeIds } of due) {
      const ways: Delivery['channel'][] = [];
      if (mail !== null && reachable.has(personId)) ways.push('mail');
      if (webhook !== null) ways.push('webhook');
      if (ways.length === 0) continue;
      const id = contentHash({ personId, noticeIds }, 24);
      await addDelivery(turn, { id, personId, counts, earliestDue, noticeIds }, ways);
      made += 1;
    }
    return made;
  });
}

const MAILED = `SELECT id FROM tuban.person WHERE email IS NOT NULL AND disabled_at IS NULL`;

async function sendMessages(
  { desk, title, settings, channels }: NoticeParts,
  signal: AbortSignal,
): Promise<{ sent: number; failed: number }> {
  let [sent, failed] = [0, 0];
  while (!signal.aborted) {
    const taken = await desk.engine(DEVICE, async (turn) => {
      if (isQuiet(settings.notices, turn.at)) return null;
      const delivery = await takeDelivery(turn);
      return delivery && { delivery, at: turn.at };
    });
    if (taken === null) break;
    const { delivery, at } = taken;
    let error: string | null = null;
    try {
      await sendOne(channels, title, delivery, at);
      sent += 1;
    } catch (cause) {
      error = faultRecord(cause).message;
      failed += 1;
    }
    await desk.engine(DEVICE, async (turn) => {
      await closeDelivery(turn, delivery, error);
      if (error !== null) return;
      const { id, channel, personId, counts } = delivery;
      turn.record({ action: 'notice.send', subject: `person:${personId}`, body: { id, channel, counts } });
    });
  }
  return { sent, failed };
}

async function sendOne(
  { mail, webhook }: Channels,
  title: string,
  { id, channel, personId, counts, earliestDue, email }: Delivery & { readonly email: string | null },
  at: string,
): Promise<void> {
  const { subject, text } = digestText(title, counts as KindCounts, earliestDue);
  if (channel === 'mail' && mail !== null && email !== null) await mail(email, subject, text);
  else if (channel === 'webhook' && webhook !== null) {
    await webhook({ id, person: personId, title, counts, earliestDue, text }, at);
  } else {
    throw new Fault(
      'notice.channel',
      `通知方式 ${channel} 已不再设置，或收件人没有邮箱 (this channel is not set up any more)`,
    );
  }
}
