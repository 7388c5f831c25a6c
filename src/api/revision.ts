/**
 * Conditions (RFC 9110). An answer's ETag is `"<revision>.<hash>"` where what it shows has a revision, else `"<hash>"`, of the whole answer:
 * If-None-Match answers 304. A change names the revision that it is based on in If-Match: the whole ETag, or `"<revision>"` alone; that
 * something else of the answer has changed (a lease's clock) does not refuse it, a step of someone else does.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../model/fault.js';

declare module 'fastify' {
  interface FastifyReply {
    /** Revision of what the answer shows. */
    revision: number | null;
  }
}

const IF_MATCH = /^(?:W\/)?"(\d{1,9})(?:\.[\w-]+)?"$/;

export function answerWithTags(app: FastifyInstance): void {
  app.decorateReply('revision', null);
  app.addHook('onSend', async (request, reply, payload) => {
    const readable = request.method === 'GET' && reply.statusCode === 200;
    const tag =
      typeof payload === 'string' && (readable || reply.revision !== null) ? tagOf(reply.revision, payload) : null;
    if (tag === null || reply.hasHeader('etag')) return payload;
    reply.header('etag', tag);
    if (!readable || !namesTag(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}

/** The revision that a change is based on. */
export function revisionOf(request: FastifyRequest): number {
  const given = request.headers['if-match'];
  if (given === undefined || given === '') {
    throw new Fault(
      'api.revision-missing',
      '请用 If-Match 注明所依据的版本（读取时的 ETag） (name the revision in If-Match: the ETag of what was read)',
    );
  }
  const revision = IF_MATCH.exec(given.trim())?.[1];
  if (revision === undefined) {
    throw new Fault(
      'api.revision',
      'If-Match 应为读取时的 ETag，如 "12" (If-Match is the ETag of what was read, as "12")',
    );
  }
  return Number(revision);
}

/** For answers after a change: the next If-Match. */
export function withRevision(reply: FastifyReply, revision: number): void {
  reply.revision = revision;
}

function tagOf(revision: number | null, payload: string): string {
  const hash = createHash('sha256').update(payload).digest('base64url').slice(0, 16);
  return revision === null ? `"${hash}"` : `"${revision}.${hash}"`;
}

function namesTag(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}
