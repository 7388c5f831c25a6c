/** Files that are attached to tasks: taken in byte for byte, given out only to those who see the task. */
import type { Datum } from '../model/datum.js';
import type { EvidenceFile, EvidenceType } from '../model/evidence.js';
import type { Actor } from '../model/person.js';

export interface IncomingFile {
  /** As its sender calls it. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** What the sender says the SHA-256 is; a file that arrives otherwise is refused. */
  readonly sha256?: string;
  /** Datum of the position in it where the sender knows better than the file; asked, never guessed. */
  readonly datum?: Datum;
  readonly note?: string;
}

export interface StoredOriginal {
  readonly contentType: EvidenceType;
  /** Safe as a file name: `<first 12 digits of the hash>.<extension by content>`. */
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  open(): AsyncIterable<Uint8Array>;
}

export interface Evidence {
  /** What a task's files may weigh together: no request brings more. */
  readonly mostBytes: number;
  /**
   * The same file again is the same entry (`added` false). Faults: task.none, evidence.role, evidence.type, evidence.disguised, evidence.size,
   * evidence.total, evidence.most, evidence.empty, evidence.hash, evidence.name, evidence.broken, evidence.disk.
   */
  attach(
    actor: Actor,
    taskId: string,
    file: IncomingFile,
  ): Promise<{ readonly file: EvidenceFile; readonly added: boolean }>;
  /** In the order of receipt. */
  files(actor: Actor, taskId: string): Promise<EvidenceFile[]>;
  /** Pixels alone, drawn anew, upright, longer side at most `maxPx`. Faults: evidence.none, evidence.no-preview. */
  preview(
    actor: Actor,
    fileId: string,
    maxPx: number,
  ): Promise<{ readonly contentType: 'image/jpeg'; readonly bytes: Uint8Array }>;
  /** Byte for byte; to be sent as an attachment only. Each is on record. Faults: evidence.none, evidence.lost. */
  original(actor: Actor, fileId: string): Promise<StoredOriginal>;
}
