/**
 * Idempotency-Key: an unsafe request sent again under the same key gets the first answer (marked idempotency-replayed) and does nothing.
 * The port's desk takes the key in the transaction of the change (adapters/postgres/once-keys.ts); here the answer is looked up, kept, or
 * the key freed where the request failed. Uploads have no key: a file sent again is the same file, by its hash.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '../model/fault.js';
import { canonicalJson } from '../model/id.js';
import type { OnceKeys } from '../ports/once-keys.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const KEY = /^[\x21-\x7e]{8,100}$/;

export function actOnce(app: FastifyInstance, keys: OnceKeys): void {
  app.addHook('preHandler', async (request, reply) => {
    const { actor } = request;
    if (SAFE.has(request.method) || actor === null) return;
    const key = keyOf(request);
    if (key === null) return;
    const once = { key, hash: hashOf(request), requestId: request.id };
    const before = await keys.answer(actor, once);
    if (before === null) {
      request.actor = { ...actor, once };
      return;
    }
    reply.code(before.status).type(before.contentType).header('idempotency-replayed', 'true');
    if (before.etag !== null) reply.header('etag', before.etag);
    return reply.serializer((text: string) => text).send(before.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { actor } = request;
    if (!actor?.once) return payload;
    const done = reply.statusCode < 400;
    const kept = done
      ? keys.keep(actor, actor.once, {
          status: reply.statusCode,
          contentType: `${reply.getHeader('content-type') ?? 'application/json; charset=utf-8'}`,
          etag: reply.getHeader('etag')?.toString() ?? null,
          body: typeof payload === 'string' ? payload : '',
        })
      : keys.free(actor, actor.once);
    // What was done is done, and said so: sent again the key is busy.
    await kept.catch((err: unknown) => request.log.error({ err }, 'Api:Key:Lost'));
    return payload;
  });
}

function keyOf(request: FastifyRequest): string | null {
  const given = request.headers['idempotency-key'];
  const wanted = request.routeOptions.config.key;
  if (wanted === 'never' || request.headers['content-type']?.startsWith('multipart/')) return null;
  if (given === undefined) {
    if (wanted !== 'needed') return null;
    throw new Fault(
      'api.key-missing',
      '请在 Idempotency-Key 中给出一个自选的唯一值 (name a unique value of your own in Idempotency-Key)',
    );
  }
  if (typeof given !== 'string' || !KEY.test(given)) {
    throw new Fault('api.key', 'Idempotency-Key 应为 8–100 个可见字符 (8 to 100 visible characters)');
  }
  return given;
}

/** Method, address, condition and body: what makes it the same request. */
function hashOf({ method, url, headers, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(canonicalJson([method, url, headers['if-match'] ?? null, body ?? null]))
    .digest('hex');
}
