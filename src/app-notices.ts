/** Composition root of notices: a workspace and the environment's mail server and webhook → what tells people. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDesk } from './adapters/postgres/desk.js';
import { type Config, readConfig } from './config.js';
import type { Workspace } from './ports/workspace.js';
import { workCalendar } from './queue-calendar.js';
import { type Channels, type NoticeParts, tellPeople } from './queue-notices.js';

export function noticeParts(workspace: Workspace, config: Config = readConfig()): NoticeParts {
  return {
    desk: createDesk(workspace.database),
    title: workspace.title,
    settings: workspace.queueSettings,
    calendar: () => workCalendar(workspace.database),
    channels: channelsOf(config),
  };
}

/** The modules that speak to the outside are loaded where something is set up. */
function channelsOf({ mail, webhook }: Config): Channels {
  return {
    mail:
      mail &&
      (async (to, subject, text) => {
        const { sendMail } = await import('./adapters/mail/smtp.js');
        await sendMail(mail, { to, subject, text });
      }),
    webhook:
      webhook &&
      (async (message, at) => {
        const { postWebhook } = await import('./adapters/webhook/post.js');
        await postWebhook(webhook, message, Math.floor(Date.parse(at) / 1000));
      }),
  };
}

/** In `tuban serve`: now and then again and again until stopped. */
export async function tellAgainAndAgain(workspace: Workspace, everyMs: number, signal: AbortSignal): Promise<void> {
  const parts = noticeParts(workspace);
  while (!signal.aborted) {
    await tellPeople(parts, signal).catch((err: unknown) => workspace.log.error({ err }, 'Notice:Tell:Failed'));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
