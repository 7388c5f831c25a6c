/** What stages need from the raster children: one call per line of the work catalogue. */
import type { WorkCatalogue, WorkName } from '../model/work.js';

export interface WorkPool {
  /** Runs in a free child. Faults of the child arrive as Faults; a child that died is `pool.child-lost` (retryable). */
  run<K extends WorkName>(name: K, input: WorkCatalogue[K]['input']): Promise<WorkCatalogue[K]['output']>;
  readonly size: number;
  close(): Promise<void>;
}
