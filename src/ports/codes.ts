/** The workspace's code tables. Versions are added, never changed. */
import type { Code, CodeTable } from '../model/codes.js';
import type { Actor } from '../model/person.js';

export interface CodeVersion {
  readonly version: number;
  readonly at: string;
  readonly personId: string;
  readonly note: string;
}

export interface CodeTables {
  /** Null = the newest. Fault codes.version. */
  table(actor: Actor, version: number | null): Promise<CodeTable>;
  versions(actor: Actor): Promise<CodeVersion[]>;
  /**
   * A new version with exactly these codes; the version that stands where nothing differs. Administrators only. Faults: codes.role,
   * codes.invalid (details.errors: row and field; a code that findings name can be retired, not left out), codes.stale (`base`, where it is said, is
   * no longer the newest version).
   */
  replace(actor: Actor, codes: readonly Code[], note: string, base?: number): Promise<CodeTable>;
}
