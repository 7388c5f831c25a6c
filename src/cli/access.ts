/** How commands of this process reach a workspace and raster children; closes both when the command has ended. */
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { createPool } from '../adapters/pool/pool.js';
import { type OpenedWorkspace, openWorkspace } from '../app.js';
import type { Config } from '../config.js';
import type { WorkPool } from '../ports/work-pool.js';
import type { CommandContext, Session } from './command.js';

export interface LocalAccess {
  context(directory: () => string | null, session: Session): CommandContext;
  close(): Promise<void>;
}

export function localAccess(config: Config, log: Logger): LocalAccess {
  const pools: WorkPool[] = [];
  let opened: Promise<OpenedWorkspace> | null = null;
  return {
    context(directory, session) {
      const folder = () => resolve(session.cwd, directory() ?? '.');
      const open = async (dir = folder()) => {
        opened ??= openWorkspace(dir, config, log);
        return (await opened).workspace;
      };
      return {
        session,
        directory: folder,
        workspace: () => open(),
        hold: open,
        pool(jobs = config.jobs) {
          const pool = createPool(jobs);
          pools.push(pool);
          return pool;
        },
      };
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.close()));
      await (await opened?.catch(() => null))?.close();
    },
  };
}
