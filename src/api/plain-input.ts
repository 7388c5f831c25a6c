/**
 * What no database takes and no person types is refused before a route sees it: characters that are none (NUL, half of a pair) and bodies
 * nested beyond all sense. Without it they would come back as failures of the program, with what was sent in the database's error.
 */
import type { FastifyInstance } from 'fastify';
import { type FieldError, invalid } from './zod-routes.js';

/** The deepest body that the API takes is an outline in a form's part: 8. */
const DEEPEST = 40;
const UNREADABLE = /\0|\p{Surrogate}/u;

export function refuseUnreadable(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ params, query, body }) => {
    const wrong = (['params', 'query'] as const).flatMap((part) => firstWrong({ params, query }[part], part));
    if (wrong.length > 0) throw invalid('api.query', wrong);
    const inBody = Buffer.isBuffer(body) ? [] : firstWrong(body, 'body');
    if (inBody.length > 0) throw invalid('api.body', inBody);
  });
}

export function isReadable(text: string): boolean {
  return !UNREADABLE.test(text);
}

/** Not by calling itself: a body is as deep as its sender likes. */
function firstWrong(root: unknown, part: string): FieldError[] {
  const left: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: root, path: part, depth: 0 },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string' && !isReadable(value)) return [{ path, message: '含有无效字符' }];
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEEPEST) return [{ path: part, message: `层次超过 ${DEEPEST} 层` }];
    for (const [key, inner] of Object.entries(value)) {
      if (!isReadable(key)) return [{ path, message: '含有无效字符' }];
      left.push({ value: inner, path: path.length < 200 ? `${path}.${key}` : path, depth: depth + 1 });
    }
  }
  return [];
}
