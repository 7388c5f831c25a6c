/**
 * writeZip: files as one ZIP, chunk by chunk, in memory never more than a chunk of each. Pictures and the like are put in as they are, text is
 * deflated. Names are ASCII; ZIP64 is not written, so that everything together stays below 4 GB.
 */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { Fault } from '../../model/fault.js';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  readonly deflate: boolean;
}

const MOST_BYTES = 0xffff_0000;

/** `at`: the time that all entries carry. Fault bundle.size. */
export async function writeZip(
  entries: AsyncIterable<ZipEntry>,
  at: string,
  put: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const made: Uint8Array[] = [];
  const failures: Error[] = [];
  let total = 0;
  const zip = new Zip((error, chunk) => {
    if (error) failures.push(error);
    else made.push(chunk);
  });
  const drain = async () => {
    for (const error of failures) throw error;
    for (const chunk of made.splice(0)) {
      total += chunk.length;
      if (total > MOST_BYTES)
        throw new Fault('bundle.size', '任务档案超过 4 GB，不能打包 (the bundle would exceed 4 GB)');
      await put(chunk);
    }
  };
  for await (const { name, content, deflate } of entries) {
    const file = deflate ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
    file.mtime = at;
    zip.add(file);
    if (content instanceof Uint8Array) file.push(content, true);
    else {
      for await (const chunk of content) {
        file.push(chunk);
        await drain();
      }
      file.push(new Uint8Array(0), true);
    }
    await drain();
  }
  zip.end();
  await drain();
}
