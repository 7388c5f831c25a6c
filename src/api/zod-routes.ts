/**
 * Routes with zod schemas: `app.route` and its short forms take `schema: { params, querystring, body, response }` of zod types, and their
 * handlers get what was checked. Refusals are told in Chinese, one by one, by errors.ts.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifySchemaCompiler, RawServerDefault } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Fault } from '../model/fault.js';

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** One thing that is wrong with a request: where, and what. */
export interface FieldError {
  /** As `body.areas.0.name`; the first word is body, query, params or headers. */
  readonly path: string;
  readonly message: string;
}

const PARTS: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'params',
  headers: 'headers',
};
const chinese = z.locales.zhCN().localeError;

/** Everything that is wrong, at once. A body that does not fit is api.body (422), anything of the address api.query (400). */
const refuseInChinese: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = 'body' }) =>
  (data) => {
    const result = schema.safeParse(data, { error: chinese });
    if (result.success) return { value: result.data };
    const part = PARTS[httpPart] ?? httpPart;
    const errors = result.error.issues.map(
      ({ path, message }): FieldError => ({ path: [part, ...path].join('.'), message }),
    );
    return { error: invalid(part === 'body' ? 'api.body' : 'api.query', errors) };
  };

export function invalid(code: 'api.body' | 'api.query', errors: readonly FieldError[]): Fault {
  const text = errors.map(({ path, message }) => `${path}：${message}`).join('；');
  return new Fault(code, `${text} (${code === 'api.body' ? 'bad request body' : 'bad query parameter'})`, {
    details: { errors },
  });
}

export function withZod(app: FastifyInstance): Api {
  app.setValidatorCompiler(refuseInChinese);
  app.setSerializerCompiler(serializerCompiler);
  return app.withTypeProvider<ZodTypeProvider>();
}
