/** The holder at work: carries out, beside its own command, those that other processes hand over. */
import { createPool } from '../adapters/pool/pool.js';
import type { Lock } from '../adapters/workspace/lock.js';
import { type Received, receive } from '../adapters/workspace/receive.js';
import type { OpenedWorkspace } from '../app.js';
import type { Config } from '../config.js';
import type { FileLog } from '../log.js';
import { Fault } from '../model/fault.js';
import type { WorkPool } from '../ports/work-pool.js';
import type { Register, Session } from './command.js';
import { noInput } from './input.js';
import { type Access, runCommandLine } from './program.js';

export interface Held {
  /** Commands of other processes in hand. */
  readonly busy: number;
  readonly stays: boolean;
  /** Waits for the commands in hand; those of a holder that was told to end (`serve`, `worker`) are told so, too. */
  stopReceiving(): Promise<void>;
  release(): void;
}

export interface Holding {
  readonly lock: Lock;
  /** Handed-over commands wait for it, and fail as it fails. */
  readonly opening: Promise<OpenedWorkspace>;
  readonly dir: string;
  readonly version: string;
  readonly commands: readonly Register[];
  readonly config: Config;
  log(): FileLog;
}

/** Listens from the start, while the database is still opening: who comes then waits instead of trying again and again. */
export async function startHolding(holding: Holding): Promise<Held> {
  const { lock, version } = holding;
  try {
    const receiver = await receive(lock.owner.socket, version, (command) => carryOut(command, holding));
    return {
      get busy() {
        return receiver.busy;
      },
      stays: lock.owner.stays,
      stopReceiving: () => receiver.close(lock.owner.stays),
      release: () => lock.release(),
    };
  } catch (error) {
    await holding.opening.then((opened) => opened.close()).catch(() => undefined);
    lock.release();
    throw error;
  }
}

async function carryOut(command: Received, holding: Holding): Promise<0 | 1 | 2> {
  const { argv, person, input, ...terminal } = command;
  const session: Session = {
    ...terminal,
    input: async () => {
      if (input === null) throw noInput();
      return input;
    },
    status: 0,
  };
  const pools: WorkPool[] = [];
  const context: Access = (options) => ({
    session,
    directory: () => holding.dir,
    person: () => options.person() ?? person,
    workspace: async () => (await holding.opening).workspace,
    hold: () => {
      const { pid, command: held } = holding.lock.owner;
      throw new Fault('workspace.held', `工作区已由进程 ${pid}（${held}）持有 (held by process ${pid})`, {
        blame: 'system',
      });
    },
    pool(jobs = holding.config.jobs) {
      const pool = createPool(jobs);
      pools.push(pool);
      return pool;
    },
  });
  try {
    return await runCommandLine({ argv, commands: holding.commands, log: holding.log }, session, context);
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
}
