/** SceneFiles on the local file system. Names in any script, with spaces; links are followed, never resolved. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../model/fault.js';
import type { SceneFile } from '../../model/scene.js';
import type { SceneFiles } from '../../ports/scene-files.js';

/** Endings by which images are found in a folder; a file that is named may have any. */
const IMAGE = /\.(tif|tiff|jp2|j2k|img|vrt|pix)$/i;

export function sceneFiles(): SceneFiles {
  return { digest, state, expand };
}

async function digest(path: string): Promise<SceneFile> {
  try {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    const { size, mtimeMs } = await stat(path);
    return { path, sha256: hash.digest('hex'), bytes: size, modifiedMs: Math.round(mtimeMs) };
  } catch (cause) {
    const gone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Fault(
      gone ? 'scene.missing' : 'scene.unreadable',
      gone ? `找不到文件：${path}。请检查路径 (no such file)` : `无法读取 ${path}，请检查权限与磁盘 (cannot be read)`,
      { cause },
    );
  }
}

async function state(file: SceneFile): Promise<'same' | 'missing' | 'changed'> {
  const now = await stat(file.path).catch(() => null);
  if (!now) return 'missing';
  if (now.size !== file.bytes) return 'changed';
  if (Math.round(now.mtimeMs) === file.modifiedMs) return 'same';
  return (await digest(file.path)).sha256 === file.sha256 ? 'same' : 'changed';
}

async function expand(argument: string, folder: string): Promise<string[]> {
  if (argument.startsWith('/vsi')) return [argument];
  const path = resolve(folder, argument);
  // a file whose own name holds * or ? is that file
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) {
    const names = (await readdir(path)).filter((name) => IMAGE.test(name) && !name.startsWith('.'));
    if (names.length === 0) {
      throw new Fault(
        'scene.no-match',
        `文件夹 ${path} 中没有影像文件（.tif .jp2 .img .vrt …）；不查找下级文件夹 (no image in the folder itself)`,
      );
    }
    return names.sort().map((name) => join(path, name));
  }
  if (there || !/[*?]/.test(argument)) return [path];
  const found = (await matching(path)).sort();
  if (found.length === 0) throw new Fault('scene.no-match', `没有文件符合 ${argument} (no file matches)`);
  return found;
}

async function matching(pattern: string): Promise<string[]> {
  const folder = dirname(pattern);
  const folders = /[*?]/.test(folder) ? await matching(folder) : [folder];
  const form = basename(pattern);
  const name = new RegExp(
    `^${form
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')}$`,
  );
  const found: string[] = [];
  for (const inside of folders) {
    const names = await readdir(inside).catch(() => []);
    // hidden files only when asked for
    for (const entry of names) {
      if (name.test(entry) && (form.startsWith('.') || !entry.startsWith('.'))) found.push(join(inside, entry));
    }
  }
  return found;
}
