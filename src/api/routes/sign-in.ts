/** Signing in and out, and what belongs to oneself: password, one-time codes, sessions, tokens. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { deviceOf } from '../../model/device.js';
import { RIGHTS } from '../../model/right.js';
import { instant } from '../nouns.js';
import type { PeopleParts } from '../parts.js';
import { dropCookie, putCookie } from '../sign-in.js';
import { actorOf, identityOf } from '../who.js';
import { grantSchema } from './people.js';

const done = z.object({ done: z.literal(true) });
const DONE = { done: true } as const;
const sessionSchema = z.object({
  id: z.string(),
  device: z.string(),
  madeAt: instant,
  seenAt: instant,
  expiresAt: instant,
});
const tokenSchema = z
  .object({
    id: z.string(),
    personId: z.string(),
    name: z.string(),
    scope: z.array(z.enum(RIGHTS)).readonly(),
    madeAt: instant,
    expiresAt: instant,
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Token' });
const meSchema = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    kind: z.enum(['person', 'cron']),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    grants: z.array(grantSchema).readonly(),
    teams: z.array(z.string()).readonly(),
    totp: z.boolean(),
    recoveryCodes: z.int().meta({ description: 'left' }),
    mustChangePassword: z.boolean(),
    sessions: z.array(sessionSchema).readonly(),
    tokens: z.array(tokenSchema).readonly(),
  })
  .meta({ id: 'Me' });
const signInBody = z.object({
  login: z.string().max(200),
  password: z.string().max(1000),
  code: z.string().max(100).optional().meta({ description: '动态口令或恢复码 (one-time code or recovery code)' }),
});
const tokenBody = z.object({
  name: z.string(),
  scope: z.array(z.enum(RIGHTS)).min(1),
  days: z.int().min(1),
});

const required = z.object({ required: z.boolean(), signedIn: z.boolean() });

/** Of a program without people: the page asks before it shows anything. */
export const nobodySignsIn: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/sign-in',
    { config: { access: 'open' }, schema: { summary: '无须登录 (no sign-in)', response: { 200: required } } },
    async () => ({ required: false, signedIn: false }),
  );
};

export function signInRoutes({ signIn, credentials }: PeopleParts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/sign-in',
      {
        config: { access: 'open' },
        schema: {
          summary: '是否需要登录 (whether a sign-in is needed, and who is signed in)',
          response: { 200: required },
        },
      },
      async ({ identity }) => ({ required: await signIn.required(), signedIn: identity !== null }),
    );
    app.post(
      '/sign-in',
      {
        config: { access: 'open', key: 'never' },
        schema: {
          summary: '登录 (sign in)',
          body: signInBody,
          response: { 200: z.object({ expiresAt: instant, mustChangePassword: z.boolean() }) },
        },
      },
      async (request, reply) => {
        const { login, password, code } = request.body;
        const wish = { login, password, ...(code === undefined ? {} : { code }) };
        const signed = await signIn.signIn(wish, {
          address: request.ip,
          device: deviceOf(request.headers['user-agent']),
        });
        putCookie(request, reply, signed);
        return { expiresAt: signed.expiresAt, mustChangePassword: signed.identity.mustChangePassword };
      },
    );
    app.post(
      '/sign-out',
      { config: { oldPassword: true, key: 'never' }, schema: { summary: '退出 (sign out)', response: { 200: done } } },
      async (request, reply) => {
        if (request.identity !== null) await signIn.signOut(request.identity);
        dropCookie(request, reply);
        return DONE;
      },
    );
    app.post(
      '/sign-in/renew',
      {
        config: { key: 'never' },
        schema: {
          summary: '再次证明是本人，登录如新 (prove again who it is; the session is fresh again)',
          body: signInBody.omit({ login: true }),
          response: { 200: done },
        },
      },
      async (request) => {
        const { password, code } = request.body;
        const wish = { password, ...(code === undefined ? {} : { code }) };
        const device = deviceOf(request.headers['user-agent']);
        await signIn.renew(identityOf(request), wish, { address: request.ip, device });
        return DONE;
      },
    );
    app.get(
      '/me',
      { config: { oldPassword: true }, schema: { summary: '我 (oneself)', response: { 200: meSchema } } },
      (request) => credentials.me(actorOf(request)),
    );
    app.post(
      '/me/password',
      {
        config: { oldPassword: true, key: 'never' },
        schema: {
          summary: '更改密码；所有会话结束 (new password; ends all sessions)',
          body: z.object({ old: z.string().max(1000), fresh: z.string().max(1000) }),
          response: { 200: done },
        },
      },
      async (request, reply) => {
        await credentials.changePassword(actorOf(request), request.body);
        dropCookie(request, reply);
        return DONE;
      },
    );
    app.post(
      '/me/totp',
      {
        config: { key: 'never' },
        schema: {
          summary: '开始设置动态口令 (begin one-time codes)',
          response: { 200: z.object({ secret: z.string(), uri: z.string() }) },
        },
      },
      (request) => credentials.beginTotp(actorOf(request), actorOf(request).personId),
    );
    app.post(
      '/me/totp/confirm',
      {
        config: { key: 'never' },
        schema: {
          summary: '确认动态口令，得到恢复码 (confirm; gives recovery codes, once)',
          body: z.object({ code: z.string().max(100) }),
          response: { 200: z.object({ recoveryCodes: z.array(z.string()).readonly() }) },
        },
      },
      async (request) => {
        const actor = actorOf(request);
        return { recoveryCodes: await credentials.confirmTotp(actor, actor.personId, request.body.code) };
      },
    );
    app.post(
      '/me/sign-out-everywhere',
      {
        config: { key: 'never' },
        schema: {
          summary: '在所有设备上退出 (sign out everywhere)',
          body: z.object({ tokens: z.boolean() }),
          response: { 200: z.object({ ended: z.int() }) },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        dropCookie(request, reply);
        return { ended: await credentials.signOutEverywhere(actor, actor.personId, request.body.tokens) };
      },
    );
    app.post(
      '/me/tokens',
      {
        config: { key: 'never' },
        schema: {
          summary: '新建令牌，只显示一次 (new token, shown once)',
          body: tokenBody,
          response: { 201: z.object({ token: z.string(), entry: tokenSchema }) },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        return reply.code(201).send(await credentials.addToken(actor, actor.personId, request.body));
      },
    );
    app.delete(
      '/tokens/:id',
      {
        config: { key: 'never' },
        schema: { summary: '吊销令牌 (revoke a token)', params: z.object({ id: z.string() }), response: { 200: done } },
      },
      async (request) => {
        await credentials.revokeToken(actorOf(request), request.params.id);
        return DONE;
      },
    );
  };
}
