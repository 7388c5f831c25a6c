/** The description of the API (OpenAPI 3.1), made from the routes' schemas. It describes what is there and is served with it. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Access } from './who.js';
import type { Api } from './zod-routes.js';

export interface RouteEntry {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route that was registered, in its order. */
    routeList: RouteEntry[];
  }
}

/** problemSchema (errors.ts) by its id. */
const PROBLEM = { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
const REFUSALS: Readonly<Record<string, string>> = {
  '4XX': '请求未执行 (refused; nothing was changed)',
  '5XX': '服务出错 (failed)',
};
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'ETag of what was read, or its revision as "12"',
  schema: { type: 'string' },
};
const KEY = (required: boolean) => ({
  name: 'Idempotency-Key',
  in: 'header',
  required,
  description: 'a unique value of your own, 8–100 visible characters: sent again, the first answer comes again',
  schema: { type: 'string', minLength: 8, maxLength: 100 },
});

interface Operation {
  parameters?: object[];
  responses?: Record<string, object>;
  security?: object[];
  [more: string]: unknown;
}

/** First of all plugins: routes registered before it are not described. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  app.decorate('routeList', []);
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) {
      if (one !== 'HEAD') app.routeList.push({ method: one, url, access: config?.access ?? 'person' });
    }
  });
  const transform = createJsonSchemaTransform({});
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'tuban',
        version,
        description: '图斑核查队列的接口 (the verification queue). Conventions: docs/api.md',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'tuban_session' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: (given) => {
      const { schema, url } = transform(given);
      const config = (given.route.config ?? {}) as { access?: Access; key?: string; ifMatch?: boolean };
      return { url, schema: { ...schema, ...{ 'x-tuban': { ...config } } } as typeof schema };
    },
    transformObject: (given) => {
      const document = jsonSchemaTransformObject(given) as { paths?: Record<string, Record<string, Operation>> };
      for (const operations of Object.values(document.paths ?? {})) {
        for (const [method, operation] of Object.entries(operations)) complete(method, operation);
      }
      return document as ReturnType<typeof jsonSchemaTransformObject>;
    },
  });
}

/** What holds for every route and is said in none. */
function complete(method: string, operation: Operation): void {
  const config = (operation['x-tuban'] ?? {}) as { access?: Access; key?: string; ifMatch?: boolean };
  delete operation['x-tuban'];
  if (config.access === 'open') operation.security = [];
  const headers = [
    ...(config.ifMatch === true ? [IF_MATCH] : []),
    ...(method !== 'get' && config.access !== 'open' && config.key !== 'never' ? [KEY(config.key === 'needed')] : []),
  ];
  if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  operation.responses = { ...operation.responses };
  for (const [status, description] of Object.entries(REFUSALS)) {
    operation.responses[status] ??= { description, ...PROBLEM };
  }
}

export function openApiRoute(app: Api): void {
  app.get('/api/openapi.json', { schema: { hide: true }, config: { access: 'open' } }, async () => app.swagger());
}
