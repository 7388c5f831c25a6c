/**
 * versions: which version of a register polygon stands when. A licence keeps its number for good (domain: permanent numbers), so
 * a later row of the same number is a newer version; where there is no number, name and holder stand for it.
 * In:  rows of all imports, in the order of recording. Out: for a period, the rows that stand on some day of it, each with its span.
 * A version stands from its effective date until the next one's. Two with the same date: the one recorded later corrects the
 * earlier, which then never stood. The first version of a lineage is taken back to the beginning: what was before is not known.
 */

import type { Boundary, BoundaryKind, VersionSpan } from './boundary.js';
import type { Box } from './grid.js';
import { contentHash } from './id.js';

export function versionRow(boundary: Boundary, box: Box, file: VersionFile): VersionRow {
  return {
    id: boundary.id,
    kind: boundary.kind,
    lineage: lineageOf(boundary),
    meaning: meaningOf(boundary, file.validFrom),
    box,
    effectiveFrom: boundary.effectiveFrom ?? null,
    validFrom: boundary.validFrom,
    file,
  };
}

/** What has to be known of a row to place it in time: no geometry beyond its box. */
export interface VersionRow {
  readonly id: string;
  readonly kind: BoundaryKind;
  readonly lineage: string;
  /** Rows of equal meaning are the same version, in whichever file. */
  readonly meaning: string;
  readonly box: Box;
  readonly effectiveFrom: string | null;
  readonly validFrom: string | null;
  readonly file: VersionFile;
}

/** An import. */
export interface VersionFile {
  readonly id: string;
  readonly kind: BoundaryKind;
  /** Order of recording. */
  readonly seq: number;
  readonly validFrom: string | null;
  /** The file is the complete list of its kind from `validFrom` on: what it does not name has ended. */
  readonly complete: boolean;
}

/** Kinds whose polygons are rights with a number that is kept for good. */
const TITLES: readonly BoundaryKind[] = ['licences', 'exploration'];
/** Of these a complete list that no longer names a polygon ends its right; of the others, the polygon is simply gone. */
const GRANTED: readonly BoundaryKind[] = ['licences', 'exploration', 'plans', 'restoration', 'lawful'];

type Named = Pick<Boundary, 'id' | 'kind' | 'number' | 'name' | 'holder' | 'zoneKind'>;

/** What people write where there is no number. */
const NO_NUMBER = /^(无|暂无|未知|不详|NULL|N\/A|[-—/\\0]+)$/i;

/** As people mean it: without blanks, widths of characters and capitals. */
export function plainText(text: string | null): string {
  return (text ?? '').normalize('NFKC').replace(/\s/g, '').toUpperCase();
}

/** '' where there is none. */
export function plainNumber(number: string | null): string {
  return NO_NUMBER.test(plainText(number)) ? '' : plainText(number);
}

/** The thing that a row is about, whatever version of it: the same text = the same thing. */
export function lineageOf({ id, kind, number, name, holder, zoneKind }: Named): string {
  const no = plainNumber(number);
  if (TITLES.includes(kind) && no !== '') return `${kind}|no|${no}`;
  // Red lines, rivers and borders share one name over many rows: only a complete list replaces them.
  if (kind === 'keyzones' || kind === 'admin') {
    return no === '' ? id : `${kind}|${[no, plainText(name), plainText(zoneKind)].join('|')}`;
  }
  return no === '' && name === null ? id : `${kind}|${[no, plainText(name), plainText(holder)].join('|')}`;
}

/** Hash of what a row says, without row number and spare attributes; a beginning that only the import gave is not the row's. */
export function meaningOf(boundary: Boundary, fileValidFrom: string | null): string {
  const {
    id: _id,
    row: _row,
    attributes: _attributes,
    areaM2: _area,
    span: _span,
    effectiveFrom: _from,
    validFrom,
    ...rest
  } = boundary;
  return contentHash({ ...rest, validFrom: validFrom === fileValidFrom ? null : validFrom });
}

export interface Version extends VersionSpan {
  readonly row: VersionRow;
  /** Date of the rows it came with; null = unknown. */
  readonly effective: string | null;
  /** False: corrected before it ever stood. */
  readonly stood: boolean;
  /** Files that name it, in the order of recording. */
  readonly files: readonly VersionFile[];
  /** The version that it replaced, if any. */
  readonly after: VersionRow | null;
}

type Open = { -readonly [K in keyof Version]: K extends 'files' ? VersionFile[] : Version[K] };

interface Group {
  readonly effective: string | null;
  readonly file: VersionFile;
  readonly rows: VersionRow[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every version with its whole span, by lineage, then in the order in which they were replaced. */
export function versionsOf(rows: readonly VersionRow[], files: readonly VersionFile[]): Version[] {
  const lineages = new Map<string, VersionRow[]>();
  for (const row of rows) {
    const known = lineages.get(row.lineage);
    if (known) known.push(row);
    else lineages.set(row.lineage, [row]);
  }
  const complete = files.filter((file) => file.complete && file.validFrom !== null);
  return [...lineages].sort(([a], [b]) => byText(a, b)).flatMap(([, own]) => lineageVersions(own, complete));
}

function lineageVersions(rows: readonly VersionRow[], complete: readonly VersionFile[]): Version[] {
  const done: Open[] = [];
  let standing: Open[] = [];
  for (const group of groupsOf(rows, complete)) {
    const { closed, kept } = group.rows.length === 0 ? delist(standing, group) : meet(standing, group);
    const first = done.length === 0 && standing.length === 0;
    const fresh = group.rows.filter(({ meaning }) => !kept.some((open) => open.row.meaning === meaning));
    const added = fresh.map((row) => open(row, group, closed, first));
    for (const one of closed) {
      one.stood = (one.effective ?? '') < (group.effective ?? '');
      one.until = one.stood ? group.effective : one.from;
    }
    done.push(...closed);
    standing = [...kept, ...added];
  }
  return [...done, ...standing];
}

function open(row: VersionRow, { effective, file }: Group, closed: readonly Open[], first: boolean): Open {
  const after = closed.find((old) => meets(old.row.box, row.box)) ?? closed[0];
  // What corrects the first version is the first version.
  const corrects = after !== undefined && after.effective === effective;
  const from = first ? null : corrects ? after.from : effective;
  return { row, effective, from, until: null, delistedOn: null, stood: true, files: [file], after: after?.row ?? null };
}

interface Met {
  readonly closed: readonly Open[];
  readonly kept: readonly Open[];
}

function meet(standing: readonly Open[], { rows, file }: Group): Met {
  const closed: Open[] = [];
  const kept: Open[] = [];
  for (const old of standing) {
    const same = rows.some(({ meaning }) => meaning === old.row.meaning);
    if (same) {
      old.files.push(file);
      old.delistedOn = null;
    }
    if (same || !replaces(rows, old.row)) kept.push(old);
    else closed.push(old);
  }
  return { closed, kept };
}

/** A complete list does not name it any more. */
function delist(standing: readonly Open[], { effective }: Group): Met {
  const granted = standing.filter(({ row }) => GRANTED.includes(row.kind));
  for (const old of granted) old.delistedOn ??= effective;
  return { closed: standing.filter(({ row }) => !GRANTED.includes(row.kind)), kept: granted };
}

/** Rows of one file with one effective date stand together; a complete list without the lineage is an empty group. */
function groupsOf(rows: readonly VersionRow[], complete: readonly VersionFile[]): Group[] {
  const groups: Group[] = [];
  const bySeq = [...rows].sort((a, b) => a.file.seq - b.file.seq || byText(a.id, b.id));
  let latest: string | null = null;
  for (const row of bySeq) {
    const known = dateOf(row);
    const group = groups.find(({ file, rows: [one] }) => file.id === row.file.id && one && dateOf(one) === known);
    if (group) {
      group.rows.push(row);
      continue;
    }
    // A row without any date corrects what was known last.
    const effective: string | null = known ?? latest;
    if (effective !== null && (latest === null || effective > latest)) latest = effective;
    groups.push({ effective, file: row.file, rows: [row] });
  }
  const named = new Set(rows.map(({ file }) => file.id));
  const [first] = bySeq;
  for (const file of complete) {
    if (first && file.kind === first.kind && !named.has(file.id) && file.seq > first.file.seq) {
      groups.push({ effective: file.validFrom, file, rows: [] });
    }
  }
  return groups.sort((a, b) => byText(a.effective ?? '', b.effective ?? '') || a.file.seq - b.file.seq);
}

/** From when the row says it counts; null = it does not say. */
export function dateOf(row: VersionRow): string | null {
  return row.effectiveFrom ?? row.file.validFrom ?? row.validFrom;
}

/** A number of a right says enough; names repeat, so a polygon elsewhere is another one. */
function replaces(rows: readonly VersionRow[], old: VersionRow): boolean {
  return (TITLES.includes(old.kind) && old.lineage.includes('|no|')) || rows.some(({ box }) => meets(box, old.box));
}

function meets(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

export interface Period {
  /** First and last day, ISO. */
  readonly first: string;
  readonly last: string;
}

/**
 * The rows that matter for a period: those that stand on one of its days; by id. What happens after it changes nothing: the same
 * period keeps its answer when a later version comes.
 */
export function versionsIn(
  versions: readonly Version[],
  { first, last }: Period,
): { readonly id: string; readonly span: VersionSpan | null }[] {
  const found = new Map<string, VersionSpan | null>();
  for (const { row, from, until, delistedOn, stood } of versions) {
    if (!stood) continue;
    if ((from ?? '') > last || (until !== null && until <= first)) continue;
    const span = {
      from: from !== null && from > first ? from : null,
      until: until !== null && until <= last ? until : null,
      delistedOn: delistedOn !== null && delistedOn <= last ? delistedOn : null,
    };
    const whole = span.from === null && span.until === null && span.delistedOn === null;
    found.set(row.id, whole ? null : span);
  }
  return [...found].map(([id, span]) => ({ id, span })).sort((a, b) => byText(a.id, b.id));
}

/** What tells a version in a period from another: the bare id where it stands throughout. */
export type VersionKey =
  | string
  | readonly [id: string, from: string | null, until: string | null, delistedOn: string | null];

export function versionKey({ id, span }: { readonly id: string; readonly span?: VersionSpan | null }): VersionKey {
  return span ? [id, span.from, span.until, span.delistedOn] : id;
}
