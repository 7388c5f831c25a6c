/**
 * Requests of the office pages to the API: JSON in and out, with the header that only a page of this site can set. What is refused comes back
 * as a Problem (RFC 9457) with its stable code.
 */
import { counted } from './under-way.js';

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldProblem[];
  /** Steps of others since the revision that was named. */
  readonly since: readonly unknown[];
  /** The task that is there already. */
  readonly taskId: string | null;
  /** Where an unfinished finding was kept. */
  readonly draftId: string | null;
  readonly remarks: readonly { readonly text: string; readonly part: string | null }[];

  constructor(status: number, body: Partial<Problem> & { readonly detail?: string }) {
    super(body.detail ?? `请求失败（${status}）`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? 'api.unknown';
    this.errors = body.errors ?? [];
    this.since = body.since ?? [];
    this.taskId = body.taskId ?? null;
    this.draftId = body.draftId ?? null;
    this.remarks = body.remarks ?? [];
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface Asking {
  readonly body?: unknown;
  /** The revision it is based on (If-Match). */
  readonly revision?: number;
  /** Sent again under the same key it is done once (Idempotency-Key). */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/**
 * What is to happen when the session has ended, or a password of one's own is to be chosen first; and when the sign-in is too old for what was
 * asked: true = it was renewed, and the same may be asked again.
 */
const listeners = {
  signedOut: () => undefined as unknown,
  oldPassword: () => undefined as unknown,
  oldSignIn: () => Promise.resolve(false),
};
export function onRefusal(changes: Partial<typeof listeners>): void {
  Object.assign(listeners, changes);
}

/** The server's clock beside this machine's: leases are told by the server's. */
let clockAheadMs = 0;
export const serverNow = (): number => Date.now() + clockAheadMs;

export async function ask<T>(method: Method, path: string, asking: Asking = {}): Promise<T> {
  const response = await send(method, path, asking);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

const KEPT_MS = 60_000;

/** A file of the answer, saved under the name that the server gave it. */
export async function download(path: string, body: unknown): Promise<string> {
  const response = await send('POST', path, { body });
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'tuban';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
  return name;
}

async function send(method: Method, path: string, { body, revision, key, signal }: Asking): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', 'x-tuban': '1' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (revision !== undefined) headers['if-match'] = `"${revision}"`;
  if (key !== undefined) headers['idempotency-key'] = key;
  const request: RequestInit = {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
  try {
    return await answered(path, request);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'sign-in.fresh' || !(await listeners.oldSignIn())) throw error;
  }
  return answered(path, request);
}

async function answered(path: string, request: RequestInit): Promise<Response> {
  const response = await counted(fetch(`./api${path}`, request)).catch((cause: unknown) => {
    if (cause instanceof DOMException) throw cause;
    throw new Problem(0, {
      code: 'page.offline',
      detail: '连不上服务器，请检查网络后再试 (no connection to the server)',
    });
  });
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isFinite(date)) clockAheadMs = date - Date.now();
  if (response.ok) return response;
  throw refused(response.status, await response.json().catch(() => ({})));
}

function refused(status: number, body: Partial<Problem> & { readonly detail?: string }): Problem {
  const problem = new Problem(status, body);
  if (problem.code === 'api.sign-in' || problem.code === 'desk.nobody' || problem.code === 'desk.ended')
    listeners.signedOut();
  if (problem.code === 'api.password') listeners.oldPassword();
  return problem;
}

/** A file with its fields; `told` hears the share that has gone, 0–1. */
export function upload<T>(
  path: string,
  file: File,
  fields: Readonly<Record<string, string>>,
  told: (share: number) => void,
): Promise<T> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `./api${path}`);
    request.setRequestHeader('x-tuban', '1');
    request.responseType = 'json';
    request.upload.onprogress = (event) => told(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      const { status, response } = request;
      if (status >= 200 && status < 300) resolve(response as T);
      else reject(refused(status, (response ?? {}) as object));
    };
    request.onerror = () =>
      reject(new Problem(0, { code: 'page.offline', detail: '上传中断，请再试一次 (interrupted)' }));
    request.send(form);
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
