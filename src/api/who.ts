/**
 * Who asks, on every request. The sign-in hook (sign-in.ts) fills `request.actor` before any route; routes ask here, never a cookie or a
 * header. `access` of a route's config says who may reach its handler at all; what the person may do there is the port's to say, with
 * row-level security behind it.
 */
import type { FastifyRequest } from 'fastify';
import { Fault } from '../model/fault.js';
import type { Actor } from '../model/person.js';

/**
 * `person` (where nothing is said): a person who signed in. `reader`: also anyone of this machine as long as no person was made, as before
 * there were people. `open`: anyone, and nothing of the workspace is said.
 */
export type Access = 'person' | 'reader' | 'open';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: nobody signed in. */
    actor: Actor | null;
  }
  interface FastifyContextConfig {
    access?: Access;
    /**
     * Idempotency-Key of an unsafe request: `needed` where doing it twice would make two of it; `never` where the answer is secret (a new
     * token) and may not be kept. Else as the sender likes.
     */
    key?: 'needed' | 'never';
    /** A change that names the revision it is based on (revision.ts). */
    ifMatch?: true;
  }
}

/** Fault api.sign-in where nobody signed in. */
export function actorOf(request: Pick<FastifyRequest, 'actor'>): Actor {
  if (request.actor === null) throw signInFirst();
  return request.actor;
}

export function signInFirst(): Fault {
  return new Fault('api.sign-in', '请先登录 (sign in first)');
}
