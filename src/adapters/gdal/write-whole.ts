/** write-whole: an output appears under its name only when all of it is there: made in a folder beside it, then moved, side files first. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';

/** Faults: output.folder (input); output.write (system, retryable: full disk and the like). */
export function writeWhole(path: string, write: (target: string) => void): void {
  const folder = dirname(path);
  const name = basename(path);
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new Fault('output.folder', `输出文件夹不存在或不可写：${folder} (output folder missing or not writable)`, {
      cause,
    });
  }
  const partial = join(folder, `.${name}.part-${process.pid}`);
  try {
    mkdirSync(partial);
    write(join(partial, name));
    publish(partial, folder, name);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('output.write', `无法写出 ${path}：${why}；原有文件未改动 (cannot write; nothing was replaced)`, {
      retryable: true,
      cause,
    });
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Side files first, the file itself last: whoever sees it sees all of it. */
function publish(partial: string, folder: string, name: string): void {
  const files = readdirSync(partial).sort();
  for (const file of [...files.filter((one) => one !== name), name]) {
    const target = join(folder, file);
    // A folder cannot be moved over another one: the old .gdb goes first, into the folder that is removed afterwards.
    if (existsSync(target) && statSync(target).isDirectory()) renameSync(target, join(partial, `old-${file}`));
    renameSync(join(partial, file), target);
  }
}
