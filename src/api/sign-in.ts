/**
 * The guard: says who asks, on every request, before anything else is done with it. A browser has a cookie that no script reads and that is
 * sent from this site alone; a program has a bearer token. An unsafe request with a cookie must come from this site's own page: by
 * Sec-Fetch-Site or Origin, and by a header that no form of another site can set.
 */
import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../model/fault.js';
import type { Identity, SignedIn, SignIn } from '../ports/sign-in.js';

const PLAIN_COOKIE = 'tuban';
/** The prefix makes browsers insist on Secure, this host alone, and the whole site. */
const SECURE_COOKIE = '__Host-tuban';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
export const PAGE_HEADER = 'x-tuban';
const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Whether the browser speaks to this machine itself: without TLS it can't keep a Secure cookie. */
function isLocal(request: Pick<FastifyRequest, 'host' | 'protocol'>): boolean {
  return request.protocol === 'http' && LOCAL.test(request.host);
}

export function guardOf(signIn: SignIn): (app: FastifyInstance) => void {
  return (app) => {
    app.register(fastifyCookie);
    app.addHook('onRequest', async (request) => {
      const identity = await identityOf(request, signIn);
      request.identity = identity;
      request.actor = identity?.actor ?? null;
      if (!SAFE.has(request.method) && identity?.via !== 'token') refuseOtherSites(request);
    });
  };
}

async function identityOf(request: FastifyRequest, signIn: SignIn): Promise<Identity | null> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    const identity = await signIn.byToken(bearer);
    if (identity) return identity;
    throw new Fault('api.token', '令牌无效、已过期或已吊销 (the token is unknown, expired or revoked)');
  }
  const secret = secretOf(request);
  return secret === null ? null : signIn.bySession(secret);
}

function secretOf(request: FastifyRequest): string | null {
  // Read from the header: the parser of cookies has its own hook, whose order is not ours to rely on.
  const name = isLocal(request) ? PLAIN_COOKIE : SECURE_COOKIE;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** Fault api.origin. */
function refuseOtherSites(request: FastifyRequest): void {
  const { headers } = request;
  const site = headers['sec-fetch-site'];
  const sameSite = site === undefined || site === 'same-origin';
  const sameOrigin = headers.origin === undefined || hostOf(headers.origin) === request.host.toLowerCase();
  if (sameSite && sameOrigin && headers[PAGE_HEADER] !== undefined) return;
  throw new Fault(
    'api.origin',
    `请求不是本站页面发出的；程序请用令牌，页面请带上 ${PAGE_HEADER} 请求头 (not from a page of this site; a page sends the header ${PAGE_HEADER}, a program a token)`,
  );
}

function hostOf(origin: string): string {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return '';
  }
}

export function putCookie(request: FastifyRequest, reply: FastifyReply, { secret, expiresAt }: SignedIn): void {
  reply.setCookie(isLocal(request) ? PLAIN_COOKIE : SECURE_COOKIE, secret, {
    httpOnly: true,
    sameSite: 'strict',
    secure: !isLocal(request),
    path: '/',
    expires: new Date(expiresAt),
  });
}

export function dropCookie(request: FastifyRequest, reply: FastifyReply): void {
  const local = isLocal(request);
  reply.clearCookie(local ? PLAIN_COOKIE : SECURE_COOKIE, {
    httpOnly: true,
    sameSite: 'strict',
    secure: !local,
    path: '/',
  });
}
