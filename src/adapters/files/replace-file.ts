/** replaceFile: new contents under a name, all at once: written beside it, then moved over it. */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';

/** Faults: output.folder (input), output.write (retryable). */
export async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.part-${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(partial, contents);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'EISDIR', 'EROFS'].includes(code)) {
      throw new Fault('output.folder', `不能写到 ${path}：文件夹不存在或没有权限 (folder missing or no permission)`, {
        cause,
      });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('output.write', `无法写出 ${path}：${why}；原有文件未改动 (cannot write; nothing was replaced)`, {
      retryable: true,
      cause,
    });
  }
}
