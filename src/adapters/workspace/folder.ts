/** What lies where in a workspace folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';

export const SETTINGS_FILE = 'tuban.yaml';

export interface WorkspaceFolder {
  readonly dir: string;
  readonly settings: string;
  /** The program's own folder in it. */
  readonly inner: string;
  /** The embedded database's data folder. */
  readonly database: string;
  /** Its copy that survives a power cut. */
  readonly databaseCopy: string;
  readonly log: string;
}

export function workspaceFolder(dir: string): WorkspaceFolder {
  const inner = join(dir, '.tuban');
  return {
    dir,
    settings: join(dir, SETTINGS_FILE),
    inner,
    database: join(inner, 'database'),
    databaseCopy: join(inner, 'database-copy'),
    log: join(inner, 'log', 'tuban.log'),
  };
}

export function isWorkspace(dir: string): boolean {
  return existsSync(join(dir, SETTINGS_FILE));
}

/** The workspace at `dir`. Fault workspace.none. */
export function existingWorkspace(dir: string): WorkspaceFolder {
  if (isWorkspace(dir)) return workspaceFolder(dir);
  const why = existsSync(dir)
    ? `没有 ${SETTINGS_FILE} (there is no ${SETTINGS_FILE} in it)`
    : '文件夹不存在 (there is no such folder)';
  throw new Fault(
    'workspace.none',
    `${dir} 不是工作区：${why}。\n请先运行 tuban init DIR，或用 -C DIR 指明工作区 (not a workspace: run tuban init DIR first, or name it with -C DIR)`,
  );
}

/** Fault workspace.foreign, workspace.not-a-folder: `dir` must be empty, or not exist below an existing folder. */
export function refuseForeign(dir: string): void {
  let above = dir;
  while (!existsSync(above)) above = dirname(above);
  if (!statSync(above).isDirectory()) {
    throw new Fault('workspace.not-a-folder', `${above} 是文件，不是文件夹 (a file, not a folder)`);
  }
  // The program's own folder alone is an init that was cut short.
  const names =
    above === dir
      ? readdirSync(dir)
          .sort()
          .filter((name) => name !== '.tuban')
      : [];
  if (names.length === 0) return;
  const some = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  throw new Fault(
    'workspace.foreign',
    `${dir} 里已有别的文件（${some}），又不是工作区；请指定空文件夹或新文件夹 (the folder is neither empty nor a workspace; name an empty or a new one)`,
  );
}
