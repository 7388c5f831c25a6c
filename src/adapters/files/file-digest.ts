/** fileDigest: SHA-256 and size of a file that was written; of a folder (FileGDB) those of the list of its files as `sha256sum` prints it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FileDigest {
  readonly sha256: string;
  readonly bytes: number;
}

export async function fileDigest(path: string): Promise<FileDigest> {
  if ((await stat(path)).isDirectory()) return folderDigest(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function folderDigest(folder: string): Promise<FileDigest> {
  const lines: string[] = [];
  let bytes = 0;
  for (const name of (await readdir(folder)).sort()) {
    const one = await fileDigest(join(folder, name));
    lines.push(`${one.sha256}  ${name}\n`);
    bytes += one.bytes;
  }
  return { sha256: createHash('sha256').update(lines.join('')).digest('hex'), bytes };
}
