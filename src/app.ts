/** Composition root: configuration → adapters → what commands, jobs and the API share. */
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { Fault } from './model/fault.js';
import type { Workspace } from './ports/workspace.js';

export interface OpenedWorkspace {
  readonly workspace: Workspace;
  close(): Promise<void>;
}

export async function openWorkspace(dir: string, _config: Config, _log: Logger): Promise<OpenedWorkspace> {
  throw new Fault(
    'workspace.none',
    `这里不是工作区：${dir}。请先运行 tuban init，或用 -C 指明文件夹 (not a workspace; run tuban init, or name it with -C)`,
  );
}
