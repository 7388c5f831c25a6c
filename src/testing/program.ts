/** The built program as processes of its own, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../config.js';

const PROGRAM = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has held `text`. */
  saying(text: string): Promise<void>;
  out(): string;
}

export interface Programs {
  /** `environment` on top of this process's, which is cleared of DATABASE_URL and REDIS_URL. */
  start(argv: readonly string[], cwd: string, environment?: Readonly<Record<string, string>>): Running;
  /** Kills what is left. */
  end(): Promise<void>;
}

export function programs(): Programs {
  const started: Running[] = [];
  return {
    start(argv, cwd, environment = {}) {
      const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
      const child = spawn(process.execPath, [PROGRAM, ...argv], {
        cwd,
        env: { ...rest, XDG_STATE_HOME: join(cwd, 'state'), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const running = watch(child);
      started.push(running);
      return running;
    },
    async end() {
      for (const { process: child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
    },
  };
}

function watch(child: ReturnType<typeof spawn>): Running {
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, out, err }));
  });
  return {
    process: child,
    ended,
    out: () => out,
    saying: (text) =>
      new Promise<void>((resolve, reject) => {
        const look = () => err.includes(text) && resolve();
        child.stderr?.on('data', look);
        look();
        void ended.then(() => reject(new Error(`ended without saying “${text}”: ${err}`)));
      }),
  };
}
