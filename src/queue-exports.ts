/**
 * queue-exports: a file leaves: first the log says so (a file without an entry cannot be), then it is written with its mark, then the log gets its
 * SHA-256. An entry without one is a file that was never whole.
 */
import { createHash } from 'node:crypto';
import { type FileDigest, fileDigest } from './adapters/files/file-digest.js';
import { beginExport, endExport, exportEntries } from './adapters/postgres/export-log.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import type { ExportWhat } from './model/export-entry.js';
import { Fault } from './model/fault.js';
import type { HandlingMark } from './model/handling-mark.js';
import type { Actor } from './model/person.js';
import type { Desk } from './ports/desk.js';
import type { ExportLog } from './ports/export-log.js';

export type Put = (chunk: Uint8Array) => Promise<void>;

const MOST_A_LIST = 500;

export function createExportLog(desk: Desk): ExportLog {
  return {
    async list(actor, query) {
      if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > MOST_A_LIST) {
        throw new Fault('export.page', `每页应为 1 至 ${MOST_A_LIST} 项 (a page has 1 to ${MOST_A_LIST} entries)`);
      }
      return desk.as(actor, (turn) => exportEntries(turn, query));
    },
  };
}

/** A file of this disk that `write` leaves at `path`; `seen`: the tasks whose places are in it. */
export async function leaveFile<T>(
  desk: Desk,
  actor: Actor,
  what: ExportWhat,
  path: string,
  write: (mark: HandlingMark) => Promise<T>,
  seen: readonly string[] = [],
): Promise<T> {
  const mark = await desk.as(actor, async (turn) => {
    await sawPlaces(turn, 'export', seen);
    return beginExport(turn, what);
  });
  const answer = await write(mark);
  await finishExport(desk, actor, mark.exportId, await fileDigest(path));
  return answer;
}

export async function finishExport(desk: Desk, actor: Actor, exportId: string, digest: FileDigest): Promise<void> {
  await desk.as(actor, (turn) => endExport(turn, exportId, digest));
}

/** Takes the digest of what goes by. */
export function digestOn(put: Put): { readonly put: Put; digest(): FileDigest } {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    put: async (chunk) => {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await put(chunk);
    },
    digest: () => ({ sha256: hash.digest('hex'), bytes }),
  };
}
