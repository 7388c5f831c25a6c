/** Files of a multipart request, one after the other as they arrive: nothing is held in memory or on disk here. */
import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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

/** `take` reads each to its end, or what is left of it is passed over. */
export async function eachUpload(request: FastifyRequest, take: (upload: Upload) => Promise<void>): Promise<void> {
  if (!request.isMultipart()) {
    throw new Fault('api.media-type', '请以 multipart/form-data 上传文件 (send files as multipart/form-data)');
  }
  let fields: Record<string, string> = {};
  let files = 0;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      fields[part.fieldname] = `${part.value}`;
      continue;
    }
    files += 1;
    await take({ name: part.filename, content: whole(part), fields });
    part.file.resume();
    fields = {};
  }
  if (files === 0) throw new Fault('api.no-file', '请求中没有文件 (the request holds no file)');
}

/** A file that was cut off by the limit is none. */
async function* whole({ file }: MultipartFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of file) yield chunk as Uint8Array;
  if (file.truncated) throw new Fault('api.too-large', '文件超出上限 (the file is too large)');
}
