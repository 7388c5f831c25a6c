/** A task's whole file as one archive that a third party can check with `sha256sum -c` alone. */
import type { Actor } from '../model/person.js';

export interface TaskBundle {
  /** Chunks of a ZIP in their order; the export is on record. Faults task.none, evidence.lost. */
  write(actor: Actor, taskId: string, put: (chunk: Uint8Array) => Promise<void>): Promise<{ readonly files: number }>;
}
