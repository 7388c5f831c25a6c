/** register-entries: the register as it stands on a day, and the history of one thing of it. */
import type { Boundary, BoundaryKind } from './model/boundary.js';
import type { RegisterEntry } from './model/register-entry.js';
import { standingAt } from './model/standing.js';
import { eventsBetween, firstEvents, type VersionEvent } from './model/version-events.js';
import { type Version, versionsIn, versionsOf } from './model/versions.js';
import type { LayerRegister } from './ports/layer-register.js';

/** By kind in the order of the register, then by title, then id. */
export async function entriesOn(
  register: LayerRegister,
  on: string,
  kind: BoundaryKind | null,
): Promise<RegisterEntry[]> {
  const { rows, files } = await register.versions();
  const own = rows.filter((row) => kind === null || row.kind === kind);
  const versions = versionsOf(own, files);
  const spans = new Map(versionsIn(versions, { first: on, last: on }).map(({ id, span }) => [id, span]));
  const known = new Map<string, number>();
  for (const { row, stood } of versions) if (stood) known.set(row.lineage, (known.get(row.lineage) ?? 0) + 1);
  const byId = new Map(versions.filter(({ stood }) => stood).map((version) => [version.row.id, version]));
  const names = new Map((await register.files()).map(({ id, name }) => [id, name]));
  const polygons = await register.byIds([...spans.keys()]);
  return polygons.flatMap((polygon): RegisterEntry[] => {
    const span = spans.get(polygon.id) ?? null;
    const boundary = span === null ? polygon : { ...polygon, span };
    const version = byId.get(polygon.id);
    const at = standingAt(boundary, on, on);
    if (!version || !at) return [];
    const file = names.get(version.files[0]?.id ?? '') ?? '';
    const versionCount = known.get(version.row.lineage) ?? 1;
    return [{ boundary, standing: at.standing, remark: at.remark, since: version.from, versions: versionCount, file }];
  });
}

export interface HistoryStep {
  readonly boundary: Boundary;
  readonly events: readonly VersionEvent[];
  readonly from: string | null;
  readonly until: string | null;
  readonly delistedOn: string | null;
  /** False: corrected before it stood. */
  readonly stood: boolean;
  /** Names of the files that have it, in the order of import. */
  readonly files: readonly string[];
}

/** All versions of the things that have this id, number or name, in the order in which they stood; empty where there is none. */
export async function historyOf(register: LayerRegister, asked: string): Promise<HistoryStep[]> {
  const { rows, files } = await register.versions();
  const named = (await register.boundaries()).filter(
    ({ id, number, name }) => id === asked || number === asked || name === asked,
  );
  const ids = new Set(named.map(({ id }) => id));
  const lineages = new Set(rows.filter(({ id }) => ids.has(id)).map(({ lineage }) => lineage));
  const versions = versionsOf(
    rows.filter(({ lineage }) => lineages.has(lineage)),
    files,
  );
  const polygons = new Map(
    (await register.byIds(versions.map(({ row }) => row.id))).map((polygon) => [polygon.id, polygon]),
  );
  const fileNames = new Map((await register.files()).map(({ id, name }) => [id, name]));
  return versions.flatMap((version) => stepOf(version, versions, polygons, fileNames)).sort(inTime);
}

function inTime(a: HistoryStep, b: HistoryStep): number {
  const [first, second] = [a.from ?? '', b.from ?? ''];
  return first < second
    ? -1
    : first > second
      ? 1
      : Number(b.stood) - Number(a.stood) || (a.boundary.id < b.boundary.id ? -1 : 1);
}

function stepOf(
  { row, after, from, until, delistedOn, stood, files }: Version,
  versions: readonly Version[],
  polygons: ReadonlyMap<string, Boundary>,
  names: ReadonlyMap<string, string>,
): HistoryStep[] {
  const boundary = polygons.get(row.id);
  if (!boundary) return [];
  const before = after ? polygons.get(after.id) : undefined;
  const corrects = versions.some((old) => old.row === after && !old.stood);
  const events = before ? eventsBetween(before, boundary, corrects) : firstEvents(boundary);
  return [{ boundary, events, from, until, delistedOn, stood, files: files.map(({ id }) => names.get(id) ?? id) }];
}
