/** streamFile: contents that come in pieces, under a name all at once: written beside it, then moved over it. Nothing is kept in memory. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';

/** Faults: output.folder; those of `write`, after which nothing was replaced. */
export async function streamFile<T>(
  path: string,
  write: (put: (chunk: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  const partial = join(dirname(path), `.${basename(path)}.part-${randomBytes(4).toString('hex')}`);
  const file = await open(partial, 'wx').catch((cause: unknown) => {
    throw new Fault('output.folder', `不能写到 ${path}：文件夹不存在或没有权限 (folder missing or no permission)`, {
      cause,
    });
  });
  try {
    const answer = await write(async (chunk) => {
      await file.writeFile(chunk);
    }).finally(() => file.close());
    await rename(partial, path);
    return answer;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
