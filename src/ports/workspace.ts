/** An opened workspace: what commands, jobs and the API share. Whoever opened it closes it; those who get it never do. */
import type { Logger } from 'pino';
import type { QueueSettings } from '../model/queue-settings.js';
import type { Recipe } from '../model/recipe.js';
import type { Database } from './database.js';
import type { QueueSource } from './queue-source.js';
import type { WorkPool } from './work-pool.js';

export interface Workspace {
  readonly dir: string;
  /** Name of the bureau or county, from tuban.yaml; stands on lists and reports. */
  readonly title: string;
  /** As tuban.yaml says when asked: take it once for a piece of work. */
  readonly recipe: Recipe;
  readonly queueSettings: QueueSettings;
  readonly database: Database;
  readonly pool: WorkPool;
  readonly queue: QueueSource;
  readonly log: Logger;
  /**
   * Embedded database: takes a copy that survives a power cut, unless nothing was written since the last one. On a server, whose
   * writes are safe once committed, nothing.
   */
  safeCopy(): Promise<void>;
}
