/** Files of tasks: taken in as they arrive, shown as pictures drawn anew, given out as attachments. */
import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DATUMS } from '../../model/datum.js';
import { Fault } from '../../model/fault.js';
import type { Evidence, IncomingFile } from '../../ports/evidence.js';
import { attach } from '../download.js';
import { problemOf } from '../errors.js';
import { isReadable } from '../plain-input.js';
import { idParams } from '../query.js';
import { evidenceSchema, sha256 } from '../shapes.js';
import { eachUpload, refuseByLength, type Upload } from '../uploads.js';
import { actorOf } from '../who.js';
import { invalid } from '../zod-routes.js';

const fields = z.strictObject({
  sha256: sha256.optional(),
  datum: z.enum(DATUMS, '应为 CGCS2000、WGS84 或 GCJ-02').optional(),
  note: z.string().trim().max(500).refine(isReadable, '含有无效字符').optional(),
});
const result = z.object({
  name: z.string(),
  file: evidenceSchema.nullable(),
  added: z.boolean().meta({ description: 'false: it was there already' }),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable().meta({ description: 'why it was refused' }),
});
type Result = z.infer<typeof result>;

export function evidenceRoutes(evidence: Evidence): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/tasks/:id/evidence',
      {
        config: { right: 'evidence.read' },
        schema: {
          summary: '任务的附件 (files of a task)',
          params: idParams,
          response: { 200: z.object({ files: z.array(evidenceSchema) }) },
        },
      },
      async (request) => ({ files: await evidence.files(actorOf(request), request.params.id) }),
    );
    app.post(
      '/tasks/:id/evidence',
      {
        config: { right: 'evidence.write', upload: true },
        schema: {
          summary: '上传附件 (add files)',
          description:
            'multipart/form-data: files of any field name; before each file its own fields sha256, datum, note where they are known. Each file is ' +
            'taken or refused by itself, by its first bytes where these tell; where much would follow one that is refused, it is not waited for, and ' +
            'what came behind it has no entry in the answer. The status is that of the refusal where none was taken. The same file again is the same entry.',
          params: idParams,
          response: { 200: z.object({ files: z.array(result) }) },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        refuseByLength(request, reply, evidence.mostBytes);
        const results: Result[] = [];
        const faults: Fault[] = [];
        await eachUpload(request, reply, async (upload) => {
          try {
            const { file, added } = await evidence.attach(actor, request.params.id, incoming(upload));
            results.push({ name: upload.name, file, added, problem: null });
            return 'taken';
          } catch (error) {
            if (!(error instanceof Fault) || error.blame !== 'input') throw error;
            faults.push(error);
            const { code, detail } = problemOf(error, request);
            results.push({ name: upload.name, file: null, added: false, problem: { code, detail } });
            return 'refused';
          }
        });
        const [first] = faults;
        if (first && faults.length === results.length) throw first;
        return { files: results };
      },
    );
    app.get(
      '/evidence/:id/preview',
      {
        config: { right: 'evidence.read' },
        schema: {
          summary: '预览图，不含元数据 (picture drawn anew, without metadata)',
          params: idParams,
          querystring: z.strictObject({ px: z.coerce.number().int().min(16).max(2048).default(1024) }),
          response: {
            200: {
              description: '图片 (picture)',
              content: { 'image/jpeg': { schema: z.custom<Uint8Array>().meta({ type: 'string', format: 'binary' }) } },
            },
          },
        },
      },
      async (request, reply) => {
        const { contentType, bytes } = await evidence.preview(actorOf(request), request.params.id, request.query.px);
        return reply.type(contentType).send(bytes);
      },
    );
    app.get(
      '/evidence/:id/original',
      {
        config: { right: 'evidence.read' },
        schema: {
          summary: '原件，逐字节 (the original, byte for byte; on record)',
          params: idParams,
          response: {
            200: {
              description: '附件 (attachment)',
              content: {
                'application/octet-stream': { schema: z.custom<Readable>().meta({ type: 'string', format: 'binary' }) },
              },
            },
          },
        },
      },
      async (request, reply) => {
        const { contentType, fileName, bytes, sha256, open } = await evidence.original(
          actorOf(request),
          request.params.id,
        );
        attach(reply, { name: fileName, contentType }, bytes).header('etag', `"${sha256}"`);
        return reply.send(Readable.from(open()));
      },
    );
  };
}

function incoming({ name, content, fields: given }: Upload): IncomingFile {
  const read = fields.safeParse(given, { error: z.locales.zhCN().localeError });
  if (!read.success) {
    const errors = read.error.issues.map(({ path, message }) => ({ path: ['body', ...path].join('.'), message }));
    throw invalid('api.body', errors);
  }
  const { sha256, datum, note } = read.data;
  return {
    name,
    content,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(datum === undefined ? {} : { datum }),
    ...(note === undefined ? {} : { note }),
  };
}
