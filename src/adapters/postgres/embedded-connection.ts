/** The program's side of the embedded database's thread: one connection, lent to one user at a time. */
import { Worker } from 'node:worker_threads';
import { Fault } from '../../model/fault.js';
import type { SharedConnection } from '../../ports/queue-source.js';
import { databaseError } from './errors.js';
import type { ThreadReply, ThreadRequest, ThreadResult, ThreadSetup } from './thread-messages.js';
import { transactionGuard } from './transaction-guard.js';

type Request = Omit<ThreadRequest, 'id'>;

export interface EmbeddedConnection extends SharedConnection {
  send(request: Request): Promise<ThreadResult>;
  /** Runs the inside of a transaction: a second lease is refused there. */
  inside<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

function lostFault(how: string): Fault {
  return new Fault('database.lost', `内置数据库意外停止，请重新运行 (the embedded database stopped): ${how}`, {
    retryable: true,
  });
}

/** `entry`: the built workers/database.js. */
export async function openConnection(entry: string, setup: ThreadSetup): Promise<EmbeddedConnection> {
  const worker = new Worker(entry, { workerData: setup, stdout: true, stderr: true });
  const waiting = new Map<number, { resolve(result: ThreadResult): void; reject(error: unknown): void }>();
  const listeners = new Set<(channel: string, payload: string) => void>();
  const guard = transactionGuard();
  let sequence = 0;
  let ended: Fault | null = null;
  let tail: Promise<void> = Promise.resolve();

  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const end = (how: string) => {
      ended ??= lostFault(how);
      reject(ended);
      for (const one of waiting.values()) one.reject(ended);
      waiting.clear();
    };
    worker.on('error', (error) => end(error.message));
    worker.on('exit', (status) => end(`status ${status}`));
    worker.on('message', (reply: ThreadReply) => {
      if (reply.kind === 'ready') resolve();
      else if (reply.kind === 'notification') for (const listen of listeners) listen(reply.channel, reply.payload);
      else if (reply.kind === 'failed') {
        const error = databaseError(Object.assign(new Error(reply.error.message), reply.error));
        if (reply.id === null) reject(error);
        else waiting.get(reply.id)?.reject(error);
      } else waiting.get(reply.id)?.resolve(reply.result);
      if ('id' in reply && reply.id !== null) waiting.delete(reply.id);
    });
  });

  function send(request: Request): Promise<ThreadResult> {
    return new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      sequence += 1;
      waiting.set(sequence, { resolve, reject });
      worker.postMessage({ ...request, id: sequence } satisfies ThreadRequest);
    });
  }

  return {
    send,
    driverQuery: (text, values) => send({ kind: 'query', text, values, reading: 'driver' }),
    inside: guard.inside,
    async lease() {
      guard.refuseInside();
      const before = tail;
      let release = () => {};
      tail = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      return release;
    },
    onNotification(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      if (!ended) await send({ kind: 'close', text: '', values: [], reading: 'plain' }).catch(() => undefined);
      await worker.terminate();
      await exited;
    },
  };
}
