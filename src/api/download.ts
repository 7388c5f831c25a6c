/**
 * Downloads. What somebody sent in is never shown by the browser as a page of this server: an attachment with its checked type, in a sandbox.
 * Lists and bundles are written aside first, so that a slow reader holds no transaction open and a failure is told as one, not as half a file.
 */
import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

export interface Download {
  /** Safe characters only: made by the program. */
  readonly name: string;
  readonly contentType: string;
}

export function attach(reply: FastifyReply, { name, contentType }: Download, bytes: number): FastifyReply {
  return reply
    .type(contentType)
    .header('content-length', `${bytes}`)
    .header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
    .header('content-security-policy', "sandbox; default-src 'none'");
}

/** `write` gets where to put the chunks and says what they were. */
export async function sendWritten(
  reply: FastifyReply,
  write: (put: (chunk: Uint8Array) => Promise<void>) => Promise<Download>,
): Promise<Readable> {
  const path = join(tmpdir(), `tuban-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    // Whatever happens to this program, nothing of it stays.
    await unlink(path);
    let bytes = 0;
    const download = await write(async (chunk) => {
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    });
    attach(reply, download, bytes);
    return file.createReadStream({ start: 0, autoClose: true });
  } catch (error) {
    await file.close();
    throw error;
  }
}
