/** What stages need from the raster children: one call per line of the work catalogue. */
import type { WorkCatalogue, WorkName } from '../model/work.js';

export interface WorkPool {
  /**
   * Runs in a free child. Requests of one lane go to one child in the order of the calls as far as that keeps all busy: what it has read for one
   * serves the next. Faults of the child arrive as Faults; a child that died is `pool.child-lost` (retryable).
   */
  run<K extends WorkName>(
    name: K,
    input: WorkCatalogue[K]['input'],
    lane?: number,
  ): Promise<WorkCatalogue[K]['output']>;
  readonly size: number;
  /** Ends the children, which must be idle, and says how many bytes they fetched over a network; new ones are started when needed. */
  networkBytes?(): Promise<number>;
  close(): Promise<void>;
}
