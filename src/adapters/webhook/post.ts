/**
 * A signed webhook: JSON by POST with `tuban-signature: t=<unix seconds>,v1=<hex>`, where v1 = HMAC-SHA256(secret, t + "." + body). The receiver
 * computes it again and refuses an old t, so that a message can be neither made up nor sent twice.
 */
import { createHmac } from 'node:crypto';
import { Fault } from '../../model/fault.js';

const PATIENCE_MS = 15_000;

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
}

export function webhookSignature(secret: string, unixSeconds: number, body: string): string {
  return `t=${unixSeconds},v1=${createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex')}`;
}

/** Fault webhook.failed (retryable). */
export async function postWebhook(
  { url, secret }: WebhookSettings,
  message: object,
  unixSeconds: number,
): Promise<void> {
  const body = JSON.stringify(message);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { 'content-type': 'application/json', 'tuban-signature': webhookSignature(secret, unixSeconds, body) },
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('webhook.failed', `通知接口没有接受消息 (the webhook did not take the message): ${why}`, {
      retryable: true,
      cause,
    });
  }
}
