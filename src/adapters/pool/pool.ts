/**
 * The pool of forked raster children. GDAL's bindings are not context-aware and native code can crash, so the work is done in
 * processes: a child that dies fails the one request it had (`pool.child-lost`, retryable) and is replaced by the next.
 * Children are started when first needed and take one request at a time, in the order of the calls. They exit by themselves
 * when the channel to this process closes, so that nothing is left behind by a kill.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault, faultFrom } from '../../model/fault.js';
import type { WorkCatalogue, WorkName } from '../../model/work.js';
import type { WorkPool } from '../../ports/work-pool.js';
import type { Reply, Request } from './messages.js';

interface Waiting {
  readonly name: WorkName;
  readonly input: unknown;
  readonly lane: number | undefined;
  resolve(output: unknown): void;
  reject(error: Fault): void;
}

interface Child {
  readonly process: ChildProcess;
  current: Waiting | null;
  /** Which lanes are its own. */
  readonly slot: number;
  stderr: string;
  stdout: string;
}

/** dist/workers/raster.js of this package, whether this module runs from dist/ or from src/. */
function childEntry(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const entry = join(folder, 'dist', 'workers', 'raster.js');
  if (!existsSync(entry)) {
    throw new Fault(
      'pool.not-built',
      `程序尚未构建：缺少 ${entry}。请先运行 npm run setup (the program is not built yet)`,
      {
        blame: 'system',
      },
    );
  }
  return entry;
}

/** GDAL's account of what a child fetched is some kilobytes. */
const MOST_STDOUT = 1 << 20;
const RETIRE_MS = 5000;

/** Lets an idle child end by itself; gives what it wrote. */
async function retire(child: Child): Promise<string> {
  const { stdout } = child.process;
  const ended = stdout && !stdout.readableEnded ? once(stdout, 'end') : null;
  const late = setTimeout(() => child.process.kill('SIGKILL'), RETIRE_MS);
  child.process.disconnect();
  await ended;
  clearTimeout(late);
  return child.stdout;
}

/** The sum of GDAL's network statistics, which it prints when a process ends (CPL_VSIL_SHOW_NETWORK_STATS); 0 without them. */
export function downloadedBytes(stdout: string): number {
  const at = stdout.indexOf('Network statistics:');
  if (at < 0) return 0;
  try {
    const said = JSON.parse(stdout.slice(stdout.indexOf('{', at))) as {
      methods?: Record<string, { downloaded_bytes?: number }>;
    };
    return Object.values(said.methods ?? {}).reduce((sum, method) => sum + (method.downloaded_bytes ?? 0), 0);
  } catch {
    return 0;
  }
}

export function createPool(size: number = availableParallelism()): WorkPool {
  const entry = childEntry();
  const children: Child[] = [];
  const queue: Waiting[] = [];
  let closed = false;
  let sequence = 0;

  function freeSlot(): number {
    let slot = 0;
    while (children.some((child) => child.slot === slot)) slot++;
    return slot;
  }

  function start(): Child {
    const forked = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const child: Child = { process: forked, current: null, slot: freeSlot(), stderr: '', stdout: '' };
    forked.stdout?.on('data', (text: Buffer) => {
      child.stdout = (child.stdout + text.toString('utf8')).slice(-MOST_STDOUT);
    });
    forked.stderr?.on('data', (text: Buffer) => {
      child.stderr = (child.stderr + text.toString('utf8')).slice(-2000);
    });
    forked.on('message', (message) => {
      const reply = message as Reply;
      const waiting = child.current;
      child.current = null;
      if (reply.ok) waiting?.resolve(reply.output);
      else waiting?.reject(faultFrom(reply.fault));
      next();
    });
    forked.on('error', (error) => lost(child, error.message));
    forked.on('exit', (code, signal) => lost(child, signal ?? `status ${code}`));
    children.push(child);
    return child;
  }

  function lost(child: Child, how: string): void {
    const at = children.indexOf(child);
    if (at < 0) return;
    children.splice(at, 1);
    child.current?.reject(
      new Fault(
        'pool.child-lost',
        `栅格子进程意外结束（${how}），请重试 (a raster process ended unexpectedly: ${how})`,
        {
          retryable: true,
          details: { how, stderr: child.stderr },
        },
      ),
    );
    next();
  }

  /** A child's own lanes first, then what has no lane, then the far end of another's. */
  function take(child: Child): Waiting {
    let at = queue.findIndex(({ lane }) => lane !== undefined && lane % size === child.slot);
    if (at < 0) at = queue.findIndex(({ lane }) => lane === undefined);
    if (at < 0) at = queue.length - 1;
    return queue.splice(at, 1)[0] as Waiting;
  }

  function next(): void {
    while (queue.length > 0) {
      const idle = children.find((child) => child.current === null);
      if (!idle && children.length >= size) return;
      const child = idle ?? start();
      const waiting = take(child);
      child.current = waiting;
      sequence += 1;
      const request: Request = { id: sequence, name: waiting.name, input: waiting.input };
      child.process.send(request, (error) => {
        if (error) lost(child, error.message);
      });
    }
  }

  return {
    size,
    run<K extends WorkName>(
      name: K,
      input: WorkCatalogue[K]['input'],
      lane?: number,
    ): Promise<WorkCatalogue[K]['output']> {
      if (closed) {
        return Promise.reject(
          new Fault('pool.closed', '栅格进程池已关闭 (the raster pool is closed)', { blame: 'system' }),
        );
      }
      return new Promise((resolve, reject) => {
        queue.push({ name, input, lane, resolve: resolve as (output: unknown) => void, reject });
        // all that is asked for in one go is there before anything is handed out, so that nobody starts in another's lane
        queueMicrotask(next);
      });
    },
    async networkBytes(): Promise<number> {
      const ended = await Promise.all(children.splice(0).map(retire));
      return ended.reduce((sum, stdout) => sum + downloadedBytes(stdout), 0);
    },
    async close(): Promise<void> {
      closed = true;
      const fault = new Fault('pool.closed', '栅格进程池已关闭 (the raster pool is closed)', { blame: 'system' });
      for (const waiting of queue.splice(0)) waiting.reject(fault);
      await Promise.all(
        children.splice(0).map(
          (child) =>
            new Promise<void>((resolve) => {
              child.current?.reject(fault);
              child.process.once('exit', () => resolve());
              child.process.kill('SIGKILL');
            }),
        ),
      );
    },
  };
}
