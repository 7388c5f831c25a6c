/**
 * The HTTP side of `tuban serve`. Order of the hooks: headers and host, who asks (sign-in), who may come in at all, the key of an unsafe
 * request; then the route. Without people it answers only to names of this machine (a page from elsewhere cannot reach it through a name
 * that points here). No other origin is ever allowed to read (no CORS).
 */
import { randomUUID } from 'node:crypto';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { Fault } from '../model/fault.js';
import { answerWithProblems } from './errors.js';
import { limitRates, RATE_LIMITS } from './limits.js';
import { actOnce } from './once.js';
import { describeApi, openApiRoute } from './openapi.js';
import type { ApiParts } from './parts.js';
import { refuseUnreadable } from './plain-input.js';
import { answerWithTags } from './revision.js';
import { auditRoutes } from './routes/audit.js';
import { evidenceRoutes } from './routes/evidence.js';
import { findingRoutes } from './routes/findings.js';
import { healthRoutes } from './routes/health.js';
import { learningRoutes } from './routes/learning.js';
import { exportLogRoutes, readingRoutes } from './routes/leaving.js';
import { bundleRoutes, listRoutes, roundRoutes } from './routes/lists.js';
import { noticeRoutes } from './routes/notices.js';
import { peopleRoutes } from './routes/people.js';
import { pictureRoutes } from './routes/pictures.js';
import { pitRoutes } from './routes/pits.js';
import { quarterRoutes } from './routes/quarters.js';
import { queueRoutes } from './routes/queue.js';
import { secondLookRoutes } from './routes/second-looks.js';
import { calendarRoutes, settingsRoutes } from './routes/settings.js';
import { nobodySignsIn, signInRoutes } from './routes/sign-in.js';
import { stepRoutes } from './routes/steps.js';
import { taskRoutes } from './routes/tasks.js';
import { codeRoutes, verdictRoutes } from './routes/verdicts.js';
import { takeUploads } from './uploads.js';
import { letIn } from './who.js';
import { withZod } from './zod-routes.js';

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};
/** JSON; files have limits of their own. */
const BODY_BYTES = 1024 * 1024;

export async function buildApi(parts: ApiParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    bodyLimit: BODY_BYTES,
    trustProxy: parts.people?.trustedProxy ?? false,
    genReqId: () => randomUUID(),
  });
  const api = withZod(app);
  answerWithProblems(app);
  await describeApi(app, parts.version);
  await comeIn(app, parts);
  refuseUnreadable(app);
  // In this order: the answer that is kept has its tag.
  answerWithTags(app);
  if (parts.onceKeys) actOnce(app, parts.onceKeys);
  logRequests(app);
  openApiRoute(api);
  await app.register(healthRoutes(parts));
  await takeUploads(app);
  const routes = [
    quarterRoutes(parts),
    taskRoutes(parts),
    pictureRoutes(parts),
    ...routesOf(parts.queue),
    ...lookRoutes(parts),
  ];
  for (const one of routes) await app.register(one, { prefix: '/api' });
  if (parts.people === null) await app.register(nobodySignsIn, { prefix: '/api' });
  else {
    await app.register(signInRoutes(parts.people), { prefix: '/api' });
    await app.register(peopleRoutes(parts.people), { prefix: '/api' });
  }
  if (parts.webFolder !== null) {
    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'open' };
        route.schema = { ...route.schema, hide: true };
      });
      await pages.register(fastifyStatic, { root: parts.webFolder ?? '', index: 'index.html', cacheControl: false });
    });
  }
  return app;
}

/** What is not there has no address. */
function routesOf(parts: ApiParts['queue']): FastifyPluginAsyncZod[] {
  const { audit, files, findings, evidence, verdicts, codes, notices, rounds, lists, bundle, pits, pitList } = parts;
  return [
    ...(files ? [queueRoutes(files), stepRoutes(files)] : []),
    ...(findings ? [findingRoutes(findings)] : []),
    ...(evidence ? [evidenceRoutes(evidence)] : []),
    ...(verdicts ? [verdictRoutes(verdicts)] : []),
    ...(codes ? [codeRoutes(codes)] : []),
    ...(audit ? [auditRoutes(audit)] : []),
    ...(notices ? [noticeRoutes(notices)] : []),
    ...(rounds ? [roundRoutes(rounds)] : []),
    ...(lists ? [listRoutes(lists)] : []),
    ...(bundle ? [bundleRoutes(bundle)] : []),
    ...(pits && pitList ? [pitRoutes(pits, pitList)] : []),
    ...overseeing(parts),
  ];
}

function overseeing({ learning, exports, reads, calendars, settings }: ApiParts['queue']): FastifyPluginAsyncZod[] {
  return [
    ...(learning ? [learningRoutes(learning)] : []),
    ...(exports ? [exportLogRoutes(exports)] : []),
    ...(reads ? [readingRoutes(reads)] : []),
    ...(calendars ? [calendarRoutes(calendars)] : []),
    ...(settings ? [settingsRoutes(settings)] : []),
  ];
}

function lookRoutes(parts: ApiParts): FastifyPluginAsyncZod[] {
  const { supervision } = parts.queue;
  return supervision ? [secondLookRoutes(supervision, parts)] : [];
}

async function comeIn(app: FastifyInstance, { people, limits = RATE_LIMITS }: ApiParts): Promise<void> {
  app.decorateRequest('identity', null);
  app.decorateRequest('actor', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...HEADERS, 'x-request-id': request.id });
    // What a page of the workspace shows is left on no disk by a browser or a proxy.
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (!LOCAL_HOST.test(request.headers.host ?? '') && !(await people?.signIn.required())) {
      throw new Fault('api.host', '只接受本机访问，请用 http://127.0.0.1 打开 (only this machine is answered)');
    }
  });
  await limitRates(app, limits, () => people?.guard(app));
  letIn(app, people?.signIn ?? null);
}

/** The route's pattern only: no id, query, body or place. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, actor } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.info(
      { method, route: routeOptions.url ?? null, status: reply.statusCode, ms, person: actor?.personId ?? null },
      'Api:Request:Done',
    );
  });
}
