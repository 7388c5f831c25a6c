/**
 * The HTTP side of `tuban serve`: health, read-only JSON, pictures, and the page. It has no users and no rights yet, so it
 * answers only to names of this machine (a page from elsewhere cannot reach it through a name that points here).
 */
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { Fault } from '../model/fault.js';
import { answerWithProblems } from './errors.js';
import type { ApiParts } from './parts.js';
import { pictureRoutes } from './routes/pictures.js';
import { quarterRoutes } from './routes/quarters.js';
import { taskRoutes } from './routes/tasks.js';

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

export async function buildApi(parts: ApiParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
  });
  answerWithProblems(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (!LOCAL_HOST.test(request.headers.host ?? '')) {
      throw new Fault('api.host', '只接受本机访问，请用 http://127.0.0.1 打开 (only this machine is answered)');
    }
  });
  app.get('/healthz', async () => {
    const quarters = await parts.record.quarters();
    return { status: 'ok', version: parts.version, database: parts.database, quarters: quarters.length };
  });
  await app.register(quarterRoutes(parts), { prefix: '/api' });
  await app.register(taskRoutes(parts), { prefix: '/api' });
  await app.register(pictureRoutes(parts), { prefix: '/api' });
  if (parts.webFolder !== null) {
    await app.register(fastifyStatic, { root: parts.webFolder, index: 'index.html', cacheControl: false });
  }
  return app;
}
