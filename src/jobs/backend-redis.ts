/** BullMQ on Redis. */
import { createRedisBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { Fault } from '../model/fault.js';
import { type Backend, boundBackend } from './backend.js';

export async function redisBackend(url: string, onError: (error: Error) => void): Promise<Backend> {
  await refuseUnreachable(url);
  // Workers wait for ever for a lost server to come back: BullMQ asks for this setting.
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on('error', onError);
  return boundBackend(createRedisBackend, client, async () => {
    await client.quit();
  });
}

async function refuseUnreachable(url: string): Promise<void> {
  const probe = new Redis(url, { lazyConnect: true, connectTimeout: 5000, retryStrategy: () => null });
  // Told by the rejected call below.
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    await probe.ping();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('queue.unreachable', `无法连接 Redis，请检查 REDIS_URL (Redis cannot be reached): ${why}`, {
      retryable: true,
      cause,
    });
  } finally {
    probe.disconnect();
  }
}
