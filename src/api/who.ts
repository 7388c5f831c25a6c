/**
 * Who asks, on every request. The guard (sign-in.ts) fills `request.identity` and `request.actor` before any route; routes ask here, never a
 * cookie or a header. A route's config says who may reach its handler at all, and which right it is about; what the person may do there is
 * the port's to say, with row-level security behind it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '../model/fault.js';
import type { Actor } from '../model/person.js';
import { RIGHT_WORDS, type Right } from '../model/right.js';
import type { Identity, SignIn } from '../ports/sign-in.js';

/**
 * `person` (where nothing is said): a person who signed in. `reader`: also anyone of this machine as long as no person was made, as before
 * there were people. `open`: anyone, and nothing of a task or a place is said.
 */
export type Access = 'person' | 'reader' | 'open';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: nobody signed in. */
    identity: Identity | null;
    /** Of the identity; with the request's Idempotency-Key where it has one. */
    actor: Actor | null;
  }
  interface FastifyContextConfig {
    access?: Access;
    /** What the request is about: a token needs it in its scope. Null: about the person alone, not for tokens. */
    right?: Right | null;
    /** Also for one who has to choose a new password first. */
    oldPassword?: true;
    /**
     * Idempotency-Key of an unsafe request: `needed` where doing it twice would make two of it; `never` where the answer is secret (a new
     * token) and may not be kept. Else as the sender likes.
     */
    key?: 'needed' | 'never';
    /** A change that names the revision it is based on (revision.ts). */
    ifMatch?: true;
    /** The body is files (multipart/form-data). */
    upload?: true;
  }
}

/** After the guard: lets in or refuses. `signIn` null: there are no people in this program. */
export function letIn(app: FastifyInstance, signIn: SignIn | null): void {
  app.addHook('onRequest', async (request) => {
    const { access = 'person', right = null, oldPassword = false } = request.routeOptions.config ?? {};
    if (request.is404 || access === 'open') return;
    const { identity } = request;
    if (identity === null) {
      if (access === 'reader' && !(await signIn?.required())) return;
      throw new Fault('api.sign-in', '请先登录 (sign in first)');
    }
    if (identity.mustChangePassword && !oldPassword) {
      throw new Fault('api.password', '请先更改初始密码 (choose a password of your own first)');
    }
    if (identity.scope === null || (right !== null && identity.scope.includes(right))) return;
    const what = right === null ? '用户本人的事项 (the person alone)' : `${RIGHT_WORDS[right].zh} (${right})`;
    throw new Fault('api.scope', `这个令牌不含权限：${what} (not in the token's scope)`);
  });
}

/** Fault api.sign-in where nobody signed in. */
export function actorOf(request: Pick<FastifyRequest, 'actor'>): Actor {
  if (request.actor === null) throw new Fault('api.sign-in', '请先登录 (sign in first)');
  return request.actor;
}

/** Fault api.sign-in where nobody signed in. */
export function identityOf(request: Pick<FastifyRequest, 'identity'>): Identity {
  if (request.identity === null) throw new Fault('api.sign-in', '请先登录 (sign in first)');
  return request.identity;
}
