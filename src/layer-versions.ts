/**
 * layer-versions: of the polygons of several files in the order in which they were named, the versions that stand between two dates: a
 * later file of a kind has the newer versions. Without a later date, the newest versions.
 */
import { boxOf } from './geo/distance.js';
import type { Boundary } from './model/boundary.js';
import { type VersionFile, versionRow, versionsIn, versionsOf } from './model/versions.js';

/** After any date that a register has. */
const NEWEST = '9999-12-31';

/** Each list is one file; sorted by id. */
export function versionsBetween(
  lists: readonly (readonly Boundary[])[],
  before: string | null,
  after: string | null,
): Boundary[] {
  const polygons = new Map<string, Boundary>();
  const rows = lists.flatMap((boundaries, i) =>
    boundaries.map((boundary) => {
      const { kind } = boundary;
      const file: VersionFile = { id: `${i}`, kind, seq: i, validFrom: null, complete: false };
      if (!polygons.has(boundary.id)) polygons.set(boundary.id, boundary);
      return versionRow(boundary, boxOf(boundary.geometry), file);
    }),
  );
  const period = { first: before ?? after ?? NEWEST, last: after ?? NEWEST };
  return versionsIn(versionsOf(rows, []), period).flatMap(({ id, span }) => {
    const boundary = polygons.get(id);
    if (!boundary) return [];
    return [span === null ? boundary : { ...boundary, span }];
  });
}
