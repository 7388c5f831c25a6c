/**
 * changes: what an import does to the register: which of its polygons are new things, which are as before, which are a new version of
 * something known and what kind of event that is (新立/延续/变更/扩大或缩小矿区/暂停/注销/延续已受理/更正), and which ones a
 * complete list no longer names. Derived by comparing with the version before and from the fields; never stored.
 * In:  all version rows with those of the import, the polygons of both sides. Out: LayerChanges, in the order of the lineages.
 */
import type { Boundary } from '../../model/boundary.js';
import { eventsBetween, type VersionEvent } from '../../model/version-events.js';
import { dateOf, type Version, type VersionFile } from '../../model/versions.js';

export interface VersionChange {
  readonly id: string;
  /** The version before. */
  readonly replaces: string;
  readonly title: string;
  /** The new one stands from this day; null = from the beginning. */
  readonly effective: string | null;
  readonly events: readonly VersionEvent[];
  /** The file has no date of the change: it counts as a correction of what was known. */
  readonly undated: boolean;
}

export interface LayerChanges {
  /** Polygons of things that were not known. */
  readonly first: number;
  /** Polygons that say what was known. */
  readonly same: number;
  readonly changed: readonly VersionChange[];
  /** Of a complete list: what it no longer names. */
  readonly missing: readonly { readonly id: string; readonly title: string }[];
}

export function titleOf({ name, holder, number, id }: Pick<Boundary, 'name' | 'holder' | 'number' | 'id'>): string {
  const known = [name ?? holder, number].filter((text) => text !== null);
  return known.length === 0 ? id : known.join(' ');
}

/** Ids of the polygons that `changesOf` has to compare or name. */
export function comparedIds(versions: readonly Version[], file: VersionFile): string[] {
  const ids = versions.flatMap((version) => {
    if (isMissing(version, file)) return [version.row.id];
    return version.files[0]?.id === file.id && version.after ? [version.row.id, version.after.id] : [];
  });
  return [...new Set(ids)].sort();
}

export function changesOf(
  versions: readonly Version[],
  file: VersionFile,
  polygons: ReadonlyMap<string, Boundary>,
): LayerChanges {
  const own = versions.filter(({ files }) => files.some(({ id }) => id === file.id));
  const begun = own.filter(({ files }) => files[0]?.id === file.id);
  const changed = begun.flatMap(({ row, after, effective }): VersionChange[] => {
    const [now, before] = [polygons.get(row.id), after ? polygons.get(after.id) : undefined];
    if (!after || !now || !before) return [];
    const corrects = versions.some((old) => old.row === after && !old.stood);
    const events = eventsBetween(before, now, corrects);
    return [{ id: row.id, replaces: after.id, title: titleOf(now), effective, events, undated: dateOf(row) === null }];
  });
  const missing = versions.filter((version) => isMissing(version, file));
  return {
    first: begun.filter(({ after }) => after === null).length,
    same: own.length - begun.length,
    changed,
    missing: missing.map(({ row: { id } }) => ({ id, title: titleOf(polygons.get(id) ?? NAMELESS(id)) })),
  };
}

const NAMELESS = (id: string): Pick<Boundary, 'name' | 'holder' | 'number' | 'id'> => ({
  id,
  name: null,
  holder: null,
  number: null,
});

function isMissing({ row, files, until, delistedOn }: Version, file: VersionFile): boolean {
  if (!file.complete || row.kind !== file.kind || files.some(({ id }) => id === file.id)) return false;
  return delistedOn === file.validFrom || until === file.validFrom;
}
