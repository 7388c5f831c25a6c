/** The description of the API (OpenAPI 3.1), made from the routes' schemas. It describes what is there and is served with it. */
import swagger from '@fastify/swagger';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Right } from '../model/right.js';
import type { Access } from './who.js';
import type { Api } from './zod-routes.js';

export interface RouteEntry {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly right: Right | null;
  readonly key: FastifyContextConfig['key'] | null;
  readonly ifMatch: boolean;
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

const UPLOAD = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } },
        required: ['file'],
      },
    },
  },
};

interface Operation {
  parameters?: object[];
  responses?: Record<string, { description?: string }>;
  security?: object[];
  [more: string]: unknown;
}
interface Document {
  readonly paths?: Record<string, Record<string, Operation>>;
  readonly components?: { readonly schemas?: Record<string, unknown> };
}

/** First of all plugins: routes registered before it are not described. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  app.decorate('routeList', []);
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) {
      if (one === 'HEAD') continue;
      const { access = 'person', right = null, key = null, ifMatch = false } = config ?? {};
      app.routeList.push({ method: one, url, access, right, key, ifMatch });
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
          session: { type: 'apiKey', in: 'cookie', name: '__Host-tuban' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: (given) => {
      const { schema, url } = transform(given);
      return { url, schema: { ...schema, 'x-tuban': given.route.config ?? {} } as typeof schema };
    },
    transformObject: (given) => {
      const made = jsonSchemaTransformObject(given);
      return completed(made as Document) as typeof made;
    },
  });
}

/** Adds what holds for every route and is said in none; leaves out what nothing refers to. */
function completed(document: Document): Document {
  for (const [url, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) complete(method, url, operation);
  }
  // zod marks what is not changed in TypeScript; here the word would forbid sending it.
  const { components, ...rest } = withoutKey(document, 'readOnly') as Document;
  const used = new Set<string>(['Problem']);
  const schemas = components?.schemas ?? {};
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(rest);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...rest, components: { ...components, schemas: kept } };
}

function complete(method: string, url: string, operation: Operation): void {
  const config = (operation['x-tuban'] ?? {}) as FastifyContextConfig;
  delete operation['x-tuban'];
  operation.operationId = [method, ...url.replace(/^\/api\//, '').split(/[^A-Za-z]+/)].filter(Boolean).join('-');
  operation.tags = [url.split('/')[2] ?? 'health'];
  if (config.access === 'open') operation.security = [];
  const headers = [
    ...(config.ifMatch === true ? [IF_MATCH] : []),
    ...(method !== 'get' && config.access !== 'open' && config.key !== 'never' && config.upload !== true
      ? [KEY(config.key === 'needed')]
      : []),
  ];
  if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  if (config.upload === true) operation.requestBody = UPLOAD;
  for (const response of Object.values(operation.responses ?? {})) {
    if (response.description === 'Default Response') response.description = '完成 (done)';
  }
  operation.responses = { ...operation.responses };
  for (const [status, description] of Object.entries(REFUSALS)) {
    operation.responses[status] ??= { description, ...PROBLEM };
  }
}

function withoutKey(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutKey(one, key));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name, inner]) => name !== key || typeof inner !== 'boolean');
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutKey(inner, key)]));
}

export function openApiRoute(app: Api): void {
  app.get('/api/openapi.json', { schema: { hide: true }, config: { access: 'open' } }, async () => app.swagger());
}
