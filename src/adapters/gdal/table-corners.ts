/**
 * tableCorners: boundaries as corner points for a table, each in its own CGCS2000 zone (that of the points it came with, else the
 * 3° zone of its middle, else the one given). Boundaries of another datum are refused one by one: the table would say what is not so.
 */
import { DATUM_WORDS } from '../../geo/corner-points/datum.js';
import type { WorkCatalogue } from '../../model/work.js';
import { ringsInZone } from './corner-sources.js';
import { sourceOf } from './write-corners.js';

type Catalogue = WorkCatalogue['tableCorners'];

/** Faults: corners.zone. */
export function tableCorners({ zone, boundaries }: Catalogue['input']): Catalogue['output'] {
  const refused = boundaries.flatMap(({ id, excludedReason }) =>
    excludedReason === null ? [] : [{ id, why: excludedReason }],
  );
  const serving = boundaries.filter(({ excludedReason }) => excludedReason === null);
  const plots = serving.map((boundary) => {
    const source = sourceOf(boundary);
    const rings = ringsInZone(boundary.geometry, source.kept, zone ?? source.zone, 'mm');
    return { id: boundary.id, system: DATUM_WORDS.CGCS2000, zone: zone ?? source.zone, rings };
  });
  return { plots, refused };
}
