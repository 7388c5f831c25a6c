/** Files of a multipart request, one after the other as they arrive: nothing is held in memory or on disk here. */
import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../model/fault.js';

/** Of one request. What a file of a task may weigh is the workspace's setting; this is beyond any of them. */
const LIMITS = { files: 20, fileSize: 4 * 1024 ** 3, fields: 60, fieldSize: 2000, headerPairs: 50 };

export interface Upload {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** Fields that were sent before this file and after the one before. */
  readonly fields: Readonly<Record<string, string>>;
}

export async function takeUploads(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { limits: LIMITS, throwFileSizeLimit: true });
}

/** What is left of a request is read to its end where it is little: the answer is then sure to be read. */
const LITTLE_BYTES = 2_000_000;
/** Headers and fields of the parts. */
const AROUND_BYTES = 1_000_000;

/** What says of itself that it is too large is not waited for. Fault api.too-large. */
export function refuseByLength(request: FastifyRequest, reply: FastifyReply, most: number): void {
  if ((lengthOf(request) ?? 0) <= most + AROUND_BYTES) return;
  reply.header('connection', 'close');
  throw new Fault(
    'api.too-large',
    `一次上传不得超过 ${Math.floor(most / 1e6)} MB (one request has ${Math.floor(most / 1e6)} MB at most)`,
  );
}

/**
 * `take` reads each to its end, or what is left of it is passed over: after a refusal only where little is left of the request, else the answer
 * is given at once and the connection ended.
 */
export async function eachUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  take: (upload: Upload) => Promise<'taken' | 'refused'>,
): Promise<void> {
  if (!request.isMultipart()) {
    throw new Fault('api.media-type', '请以 multipart/form-data 上传文件 (send files as multipart/form-data)');
  }
  const before = request.socket.bytesRead ?? 0;
  let fields: Record<string, string> = {};
  let files = 0;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      fields[part.fieldname] = `${part.value}`;
      continue;
    }
    files += 1;
    const taken = await take({ name: part.filename, content: whole(part), fields });
    const length = lengthOf(request);
    const left = length === null ? Number.POSITIVE_INFINITY : length - ((request.socket.bytesRead ?? 0) - before);
    if (taken === 'refused' && left > LITTLE_BYTES) {
      reply.header('connection', 'close');
      return;
    }
    part.file.resume();
    fields = {};
  }
  if (files === 0) throw new Fault('api.no-file', '请求中没有文件 (the request holds no file)');
}

/** Null = not said: it comes in chunks. */
function lengthOf({ headers }: Pick<FastifyRequest, 'headers'>): number | null {
  const said = headers['content-length'];
  return said === undefined ? null : Number(said);
}

/** A file that was cut off by the limit is none. */
async function* whole({ file }: MultipartFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of file) yield chunk as Uint8Array;
  if (file.truncated) throw new Fault('api.too-large', '文件超出上限 (the file is too large)');
}
