/** firstBytes: what a file is by its beginning, while the rest of it is still on its way: what is certainly not taken in is not waited for. */
import { fileTypeFromBuffer } from 'file-type';

/** As many as the detection of types asks for. */
const ENOUGH = 4100;
/** Archives and text show what they are only as a whole. */
const UNDECIDED = ['application/zip', 'application/xml'];

export interface Beginning {
  /** Null = it cannot be told from the beginning. */
  readonly mime: string | null;
  /** All of it, from the first byte on. */
  readonly content: AsyncIterable<Uint8Array>;
}

export async function firstBytes(content: AsyncIterable<Uint8Array>): Promise<Beginning> {
  const rest = content[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  for (let bytes = 0; bytes < ENOUGH; ) {
    const { value, done } = await rest.next();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
  }
  const found = await fileTypeFromBuffer(Buffer.concat(chunks)).catch(() => undefined);
  const mime = found === undefined || UNDECIDED.includes(found.mime) ? null : found.mime;
  return { mime, content: whole(chunks, rest) };
}

async function* whole(begun: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* begun;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
