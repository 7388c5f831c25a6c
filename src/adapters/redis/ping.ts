/** Whether a Redis answers, for the doctor. */
import { Redis } from 'ioredis';

/** Its version and eviction policy. Rejects with the reason when it does not answer within five seconds. */
export async function pingRedis(url: string): Promise<{ version: string; maxMemoryPolicy: string }> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    commandTimeout: 5000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // ioredis says the reason here; its promise only says that the connection is closed.
  let reason: Error | null = null;
  redis.on('error', (error: Error) => {
    reason = error;
  });
  try {
    await redis.connect();
    const info = await redis.info();
    return { version: line(info, 'redis_version'), maxMemoryPolicy: line(info, 'maxmemory_policy') };
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

function line(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '?';
}
