/**
 * How a command reaches its workspace. With DATABASE_URL every process opens it for itself. Without, one process is the holder:
 * the first that comes takes the lock, opens the embedded database and listens; the others hand it their whole command line.
 */
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from '../adapters/pool/pool.js';
import { existingWorkspace } from '../adapters/workspace/folder.js';
import { handOver } from '../adapters/workspace/hand-over.js';
import { acquireLock, type LockOwner } from '../adapters/workspace/lock.js';
import { type OpenedWorkspace, openWorkspace } from '../app.js';
import { type Config, packageVersion } from '../config.js';
import { type FileLog, fileLog } from '../log.js';
import { Fault } from '../model/fault.js';
import type { WorkPool } from '../ports/work-pool.js';
import type { Register, Session } from './command.js';
import { type Held, startHolding } from './holding.js';
import { namesInput } from './input.js';
import type { Access } from './program.js';

/** How long a holder that is alive may be silent before its visitors give up. */
const PATIENCE_MS = 90_000;

export interface LocalAccess {
  readonly context: Access;
  /** Settles with the exit status when the command was carried out by another process; else never. */
  readonly elsewhere: Promise<0 | 1 | 2>;
  log(): FileLog;
  close(): Promise<void>;
}

export interface AccessOptions {
  readonly config: Config;
  readonly argv: readonly string[];
  readonly commands: readonly Register[];
}

export function localAccess({ config, argv, commands }: AccessOptions): LocalAccess {
  const version = packageVersion();
  const pools: WorkPool[] = [];
  let logging: FileLog = fileLog(join(config.stateDir, 'tuban.log'), config.logLevel);
  let opened: Promise<OpenedWorkspace> | null = null;
  let held: Held | null = null;
  let user: Session | null = null;
  let carriedOut: (status: 0 | 1 | 2) => void = () => undefined;
  const elsewhere = new Promise<0 | 1 | 2>((settle) => {
    carriedOut = settle;
  });

  async function open(dir: string, session: Session, stays: boolean): Promise<OpenedWorkspace> {
    user = session;
    const folder = existingWorkspace(dir);
    if (config.databaseUrl === null) {
      const mine = await holdOrHandOver(folder.inner, session, stays);
      // Carried out elsewhere: this command is to wait until the process ends.
      if (mine === null) return new Promise(() => undefined);
      logging = fileLog(folder.log, config.logLevel);
      const opening = openWorkspace(dir, config, logging.log);
      held = await startHolding({ lock: mine, opening, dir, version, commands, config, log: () => logging });
      return opening;
    }
    logging = fileLog(folder.log, config.logLevel);
    return openWorkspace(dir, config, logging.log);
  }

  async function holdOrHandOver(inner: string, session: Session, stays: boolean) {
    const start = Date.now();
    for (;;) {
      const acquired = acquireLock({ inner, command: `tuban ${argv.join(' ')}`, stays });
      if (acquired.kind === 'mine') return acquired.lock;
      if (stays) throw heldFault(acquired.owner);
      const { cwd, columns, stdoutIsTerminal, stderrIsTerminal } = session;
      const { person } = config;
      const input = namesInput(argv) ? await session.input() : null;
      const command = { argv, cwd, columns, stdoutIsTerminal, stderrIsTerminal, person, input };
      const status = await handOver(acquired.owner, command, version, session);
      if (status !== 'gone') {
        carriedOut(status);
        return null;
      }
      if (Date.now() - start > PATIENCE_MS) throw silentFault(acquired.owner);
      session.signal.throwIfAborted();
      await delay(20 + Math.random() * 60);
    }
  }

  return {
    elsewhere,
    log: () => logging,
    context(options, session) {
      const folder = () => resolve(session.cwd, options.directory() ?? '.');
      const reach = async (dir: string, stays: boolean) => {
        opened ??= open(dir, session, stays);
        return (await opened).workspace;
      };
      return {
        session,
        directory: folder,
        person: () => options.person() ?? config.person,
        workspace: () => reach(folder(), false),
        hold: (dir = folder()) => reach(dir, true),
        pool(jobs = config.jobs) {
          const pool = createPool(jobs);
          pools.push(pool);
          return pool;
        },
      };
    },
    async close() {
      if (held?.busy && !held.stays) user?.err(waiting(held.busy));
      await held?.stopReceiving();
      await Promise.all(pools.map((pool) => pool.close()));
      // Handed over: `opened` never settles, and there is nothing to close.
      if (held || config.databaseUrl !== null) await (await opened?.catch(() => null))?.close();
      held?.release();
    },
  };
}

function waiting(count: number): string {
  return `本进程正在代为执行另外 ${count} 个命令，完成后退出 (this process carries out ${count} other command(s) and ends after them)\n`;
}

function heldFault({ pid, command, since, host }: LockOwner): Fault {
  return new Fault(
    'workspace.held',
    `工作区已由进程 ${pid} 持有（${command}，主机 ${host}，始于 ${since}）；请先结束它 (the workspace is held by process ${pid}: ${command}; end it first)`,
    { blame: 'system', details: { pid, command } },
  );
}

function silentFault({ pid, command }: LockOwner): Fault {
  return new Fault(
    'workspace.silent-holder',
    `持有工作区的进程 ${pid}（${command}）没有响应 (process ${pid}, ${command}, holds the workspace but does not answer)`,
    { retryable: true, details: { pid, command } },
  );
}
