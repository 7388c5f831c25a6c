/** Mail by SMTP (nodemailer). No address of a picture or a page goes into a message, so nothing is fetched by who reads it. */
import { createTransport } from 'nodemailer';
import { Fault } from '../../model/fault.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailSettings {
  /** smtp://user:password@host:port or smtps://… */
  readonly url: string;
  readonly from: string;
}

/** Fault mail.failed (retryable): the server refused or could not be reached. */
export async function sendMail({ url, from }: MailSettings, { to, subject, text }: Mail): Promise<void> {
  const transport = createTransport(url, { from });
  try {
    await transport.sendMail({ to, subject, text, disableFileAccess: true, disableUrlAccess: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('mail.failed', `邮件没有发出 (the mail was not sent): ${why}`, { retryable: true, cause });
  } finally {
    transport.close();
  }
}
