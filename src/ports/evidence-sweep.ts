/** Originals that no row names: left by a program that was ended between a file and its row, or by a database that was restored from an older copy. */
import type { Actor } from '../model/person.js';

export interface UnnamedOriginal {
  readonly sha256: string;
  readonly bytes: number;
  /** When it was written, UTC. */
  readonly at: string;
}

export interface EvidenceSweep {
  /** Older than a day. Fault person.rights: for the console and administrators of everywhere. */
  unnamed(actor: Actor): Promise<UnnamedOriginal[]>;
  /** Removes those that are still named by no row, safe beside uploads; on record. Gives back what was removed. Fault person.rights. */
  remove(actor: Actor): Promise<UnnamedOriginal[]>;
}
