/** Areas from the admin layer: the versions that stand today become the areas that grants name. Asked for by every import of the layer. */
import { placeFilesAgain } from './adapters/postgres/admission.js';
import { putAreas } from './adapters/postgres/areas.js';
import { boundariesById, versionRows } from './adapters/postgres/version-rows.js';
import { areasOfLayer } from './model/area.js';
import { versionsIn, versionsOf } from './model/versions.js';
import type { EngineDesk } from './ports/desk.js';
import type { AreaSync } from './ports/people.js';

/** `today`: ISO day. */
export function syncAreas(desk: EngineDesk, device: string, today: string): Promise<AreaSync> {
  return desk.engine(device, async (turn) => {
    const { rows, files } = await versionRows(turn.sql);
    const ofKind = <T extends { readonly kind: string }>(all: readonly T[]) =>
      all.filter(({ kind }) => kind === 'admin');
    const versions = versionsOf(ofKind(rows), ofKind(files));
    const standing = versionsIn(versions, { first: today, last: today });
    const boundaries = await boundariesById(
      turn.sql,
      standing.map(({ id }) => id),
    );
    const { areas, shared, nameless } = areasOfLayer(boundaries);
    const changes = await putAreas(turn.sql, areas);
    const { added, changed, vanished } = changes;
    if (added.length + changed.length + vanished.length > 0) {
      await placeFilesAgain(turn.sql);
      const body = { added, changed, vanished: vanished.map(({ id, grants }) => ({ id, grants })) };
      turn.record({ action: 'area.sync', subject: 'area:all', body });
    }
    return { ...changes, shared, nameless, total: areas.length };
  });
}
