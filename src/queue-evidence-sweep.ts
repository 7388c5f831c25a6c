/**
 * queue-evidence-sweep: originals that no row names. An upload gives its file its name within the transaction of its row; what is removed is looked up
 * once more while no row can be added, so that a file is gone only before its row is begun, and then comes again with it.
 */
import type { EvidenceStore } from './adapters/evidence/store.js';
import { holdAdditions, namedHashes } from './adapters/postgres/evidence.js';
import type { Actor } from './model/person.js';
import type { Desk, EngineDesk } from './ports/desk.js';
import type { EvidenceSweep, UnnamedOriginal } from './ports/evidence-sweep.js';
import { refuseUnlessAdministrator } from './stages/administer/administer.js';

const OLD_MS = 24 * 3_600_000;
/** Uploads wait for one batch at most. */
const AT_ONCE = 100;

/** `desk`: whose turns these are, the console's or a person's; `engine` removes. */
export function createEvidenceSweep(desk: Desk, engine: EngineDesk, store: EvidenceStore): EvidenceSweep {
  const unnamed = async (actor: Actor): Promise<UnnamedOriginal[]> => {
    await desk.as(actor, async ({ member }) => refuseUnlessAdministrator(member));
    const old = await store.olderThan(OLD_MS);
    const found: UnnamedOriginal[] = [];
    for (const batch of batchesOf(old)) {
      const named = await engine.engine(actor.device, ({ sql }) => namedHashes(sql, hashesOf(batch)));
      found.push(...batch.filter(({ sha256 }) => !named.has(sha256)));
    }
    return found;
  };
  return {
    unnamed,
    async remove(actor) {
      const removed: UnnamedOriginal[] = [];
      for (const batch of batchesOf(await unnamed(actor))) {
        const gone = await engine.engine(actor.device, async (turn) => {
          await holdAdditions(turn.sql);
          const named = await namedHashes(turn.sql, hashesOf(batch));
          const still = batch.filter(({ sha256 }) => !named.has(sha256));
          if (still.length === 0) return [];
          const body = { by: actor.personId, files: still.map(({ sha256, bytes, at }) => ({ sha256, bytes, at })) };
          turn.record({ action: 'evidence.sweep', subject: 'evidence', body });
          for (const { sha256 } of still) await store.remove(sha256);
          return still;
        });
        removed.push(...gone);
      }
      return removed;
    },
  };
}

const hashesOf = (files: readonly UnnamedOriginal[]) => files.map(({ sha256 }) => sha256);

function* batchesOf<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE);
}
