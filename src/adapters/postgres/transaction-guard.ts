/**
 * Inside a transaction every query must go through the transaction's own `sql`: on the embedded database's one connection
 * anything else would wait for itself for ever, and on a server it would not see what the transaction wrote. Both refuse it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface TransactionGuard {
  refuseInside(): void;
  inside<T>(work: () => Promise<T>): Promise<T>;
}

export function transactionGuard(): TransactionGuard {
  const current = new AsyncLocalStorage<{ open: boolean }>();
  return {
    refuseInside() {
      if (current.getStore()?.open) throw new Error('a query beside the open transaction: use the sql it was given');
    },
    async inside(work) {
      const state = { open: true };
      try {
        return await current.run(state, work);
      } finally {
        state.open = false;
      }
    },
  };
}

/** A COMMIT after a failed statement that nobody rethrew rolls back without an error: then nothing was written. */
export function refuseSilentRollback(commandTag: string): void {
  if (commandTag !== 'COMMIT') throw new Error(`the transaction was not committed but ended by ${commandTag}`);
}
