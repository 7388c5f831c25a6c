/**
 * Faults as HTTP answers (RFC 9457, application/problem+json). Only src/api knows HTTP statuses: a Fault's status is that of its code in
 * status.ts; one that is not there is told by whose fault it is. Stable for programs: `code`, and `errors` of a request that does not fit.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Fault } from '../model/fault.js';
import { STATUS_BY_CODE } from './status.js';

export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'stable, `<noun>.<what>`' }),
    detail: z.string().meta({ description: '中文在前 (Chinese first)' }),
    requestId: z.string().meta({ description: 'the same as in the answer’s x-request-id and in the log' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), code: z.string().optional() }))
      .optional()
      .meta({ description: 'everything that is wrong with what was sent, field by field' }),
    draftId: z.string().optional().meta({ description: 'where an unfinished finding was kept' }),
    taskId: z.string().optional().meta({ description: 'the task that is there already' }),
    since: z.array(z.unknown()).optional().meta({ description: 'steps after the revision that was named' }),
    remarks: z.array(z.unknown()).optional().meta({ description: 'what is missing or inconsistent, by rule' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

const TITLES: Readonly<Record<number, string>> = {
  401: '请先登录 (sign in first)',
  403: '无权进行此操作 (not allowed)',
  404: '没有找到 (not found)',
  409: '与现状冲突 (conflict)',
  412: '内容已有变动 (changed in the meantime)',
  413: '内容过大 (too large)',
  415: '不接受的类型 (type not accepted)',
  422: '内容不合要求 (content does not fit)',
  428: '缺少必要的请求头 (a header is missing)',
  429: '请求过于频繁 (too many requests)',
};

/** Faults of Fastify and its plugins by their status. */
const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  413: 'api.too-large',
  415: 'api.media-type',
  429: 'api.too-many',
};

export function problemOf(error: unknown, request: Pick<FastifyRequest, 'id' | 'headers'>): Problem {
  if (error instanceof Fault) {
    const known = STATUS_BY_CODE.get(error.code) ?? (error.retryable ? 503 : error.blame === 'input' ? 400 : 500);
    // What was asked under a condition (RFC 9110) failed by it.
    const status = known === 409 && error.code.endsWith('.stale') && request.headers['if-match'] ? 412 : known;
    return { ...problem(status, error.code, error.message, request.id), ...told(error) };
  }
  const asked = (error as { statusCode?: number } | null)?.statusCode ?? 500;
  if (asked >= 400 && asked < 500) {
    const detail = error instanceof Error ? error.message : 'bad request';
    return problem(asked, CODE_BY_STATUS[asked] ?? 'api.request', `请求有误 (${detail})`, request.id);
  }
  return problem(500, 'internal.defect', '程序内部出错，详情见日志 (an internal error; see the log)', request.id);
}

/** What of a Fault's details is for whoever asked. */
function told({ details }: Fault): Pick<Problem, 'errors' | 'draftId' | 'taskId' | 'since' | 'remarks'> {
  const { errors, draftId, taskId, since, remarks } = details;
  return {
    ...(Array.isArray(errors) ? { errors: errors.map(fieldError) } : {}),
    ...(typeof draftId === 'string' ? { draftId } : {}),
    ...(typeof taskId === 'string' ? { taskId } : {}),
    ...(Array.isArray(since) ? { since } : {}),
    ...(Array.isArray(remarks) ? { remarks } : {}),
  };
}

function fieldError(given: Partial<Record<'path' | 'message' | 'code' | 'row' | 'field', unknown>>) {
  const path = given.path ?? [given.row, given.field].filter((part) => part !== undefined).join('.');
  const code = typeof given.code === 'string' ? { code: given.code } : {};
  return { path: `${path}`, message: `${given.message ?? ''}`, ...code };
}

function problem(status: number, code: string, detail: string, requestId: string): Problem {
  const title = TITLES[status] ?? (status >= 500 ? '服务出错 (server error)' : '请求有误 (bad request)');
  return { type: 'about:blank', title, status, code, detail, requestId };
}

export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = problemOf(error, request);
    // The route's pattern, not the address: ids and queries stay out of the log.
    if (answer.status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'Api:Answer:Failed');
    return sendProblem(reply, answer, error);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, problemOf(new Fault('api.not-found', '没有这个地址 (no such address)'), request)),
  );
}

function sendProblem(reply: FastifyReply, answer: Problem, error?: unknown): FastifyReply {
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="tuban"');
  const wait = error instanceof Fault ? error.details.seconds : undefined;
  if (typeof wait === 'number') reply.header('retry-after', `${Math.ceil(wait)}`);
  // As text: no schema of the route is for it.
  return reply.code(answer.status).type('application/problem+json').serializer(JSON.stringify).send(answer);
}
