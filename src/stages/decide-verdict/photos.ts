/** Photos that can bear a verdict out: with a position near the patch, not before its image, whole, unedited, of this task alone. */
import type { EvidenceFlag } from '../../model/evidence.js';
import type { NamedFile, PartContext } from './context.js';
import { quarterOfDirection } from './direction.js';

/** What takes a photo's weight away where the strongest evidence is asked for. */
const WEAKENING: readonly EvidenceFlag[] = [
  'no-position',
  'no-time',
  'before-image',
  'future',
  'far',
  'turned-away',
  'repeated',
  'edited',
  'truncated',
];

export function strongPhotos({ named, settings }: Pick<PartContext, 'named' | 'settings'>): NamedFile[] {
  return named.filter(
    ({ file }) =>
      file.place?.distanceM !== undefined &&
      file.place.distanceM !== null &&
      file.place.distanceM <= settings.farM &&
      !file.flags.some((flag) => WEAKENING.includes(flag)),
  );
}

/** Quarters of the horizon from which they show the patch. */
export function directionsShown(context: Pick<PartContext, 'named' | 'settings' | 'patch'>): number {
  const quarters = strongPhotos(context).flatMap(({ file }) =>
    file.place ? (quarterOfDirection(file.place, context.patch.outline) ?? []) : [],
  );
  return new Set(quarters).size;
}

/** Pictures from above that are not older than the change. `unknown`: there is one, but it says no time. */
export function imageAfter({ named, patch }: Pick<PartContext, 'named' | 'patch'>): 'yes' | 'unknown' | 'no' {
  const images = named.filter(({ role }) => role?.effect === 'image');
  if (images.length === 0) return 'no';
  const days = images.map(({ file }) => (file.place?.takenAt ? dayInChina(file.place.takenAt) : null));
  if (days.some((day) => day !== null && (patch.imageOn === null || day >= patch.imageOn))) return 'yes';
  return days.some((day) => day === null) ? 'unknown' : 'no';
}

export function dayInChina(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10);
}
