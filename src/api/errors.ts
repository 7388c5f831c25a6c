/** Faults as HTTP answers (RFC 9457, application/problem+json). The only place that knows HTTP statuses. */
import type { FastifyInstance } from 'fastify';
import { Fault } from '../model/fault.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'api.not-found': 404,
  'api.host': 403,
  'api.busy': 503,
  'quarter.form': 400,
};

export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Fault) {
    const status = STATUS_BY_CODE[error.code] ?? (error.retryable ? 503 : error.blame === 'input' ? 400 : 500);
    return problem(status, error.code, error.message);
  }
  const asked = (error as { statusCode?: number; validation?: unknown } | null)?.statusCode ?? 500;
  if (asked >= 400 && asked < 500) {
    return problem(asked, 'api.request', error instanceof Error ? error.message : '请求有误 (bad request)');
  }
  return problem(500, 'internal.defect', '程序内部出错，详情见日志 (an internal error; see the log)');
}

function problem(status: number, code: string, detail: string): Problem {
  const title =
    status >= 500 ? '服务出错 (server error)' : status === 404 ? '没有找到 (not found)' : '请求有误 (bad request)';
  return { type: 'about:blank', title, status, code, detail };
}

export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = problemOf(error);
    if (answer.status >= 500) request.log.error({ err: error, url: request.url }, 'Api:Answer:Failed');
    return reply.code(answer.status).type('application/problem+json').send(answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const answer = problemOf(new Fault('api.not-found', `没有这个地址：${request.url} (no such address)`));
    return reply.code(answer.status).type('application/problem+json').send(answer);
  });
}
