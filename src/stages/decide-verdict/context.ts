/** What the rules of verdicts look at: one part with its verdict, the whole form, the files that bear it out, the patch. */
import { distanceToSegments, segmentsOf } from '../../geo/distance.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { isInside } from '../../geo/interior-point.js';
import { roughlyFromGcj02 } from '../../geo/map-links.js';
import { type Code, type CodeKind, type CodeTable, findCode, type VerdictEffect } from '../../model/codes.js';
import type { EvidenceFile } from '../../model/evidence.js';
import type { FindingForm, FindingPart } from '../../model/finding-form.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import type { PartVerdict } from '../../model/verdict.js';

export interface VerdictGround {
  readonly form: Omit<FindingForm, 'offender'>;
  readonly files: readonly EvidenceFile[];
  readonly codes: CodeTable;
  readonly patch: {
    readonly outline: MultiPolygonRings;
    /** Day of the newest image in which the change was seen; null = unknown. */
    readonly imageOn: string | null;
    /** Of the right in which it lies by the register; null = none. */
    readonly licenceNo: string | null;
    readonly violations: readonly string[];
  };
  readonly settings: { readonly farM: number; readonly directions: number };
}

/** A file that the form or the verdict names, with what it was said to show. */
export interface NamedFile {
  readonly file: EvidenceFile;
  readonly role: Code | null;
}

export interface PartContext extends VerdictGround {
  readonly part: FindingPart;
  readonly given: PartVerdict;
  readonly effect: VerdictEffect;
  readonly handling: Code | null;
  /** Of this part and of the form as a whole, each once. */
  readonly named: readonly NamedFile[];
  /** How far from the outline the officers say they stood; null = they do not. */
  readonly positionM: number | null;
}

export function contextOf(ground: VerdictGround, part: FindingPart, given: PartVerdict): PartContext | null {
  const verdict = findCode(ground.codes, 'verdict', given.code);
  if (!verdict) return null;
  return {
    ...ground,
    part,
    given,
    effect: (verdict.effect ?? 'other') as VerdictEffect,
    handling: given.handling === null ? null : findCode(ground.codes, 'handling', given.handling),
    named: namedFiles(ground, part, given),
    positionM: distanceOf(ground),
  };
}

function distanceOf({ form: { position }, patch: { outline } }: VerdictGround): number | null {
  if (!position || outline.length === 0) return null;
  const stated: Position = [position.lon, position.lat];
  const [lon, lat] = position.datum === 'GCJ-02' ? roughlyFromGcj02(stated) : stated;
  const scale = metresPerDegree(lat);
  const local = outline.map((polygon) =>
    polygon.map((ring) => ring.map(([x, y]): Position => [(x - lon) * scale.lon, (y - lat) * scale.lat])),
  );
  return isInside(local, 0, 0) ? 0 : Math.round(distanceToSegments(segmentsOf(local), 0, 0));
}

function namedFiles({ form, files, codes }: VerdictGround, part: FindingPart, given: PartVerdict): NamedFile[] {
  const roles = new Map<string, string | null>();
  for (const sha256 of given.attachments) roles.set(sha256, null);
  for (const { sha256, role } of [...form.files, ...part.files]) roles.set(sha256, role);
  return [...roles].flatMap(([sha256, role]) => {
    const file = files.find((one) => one.sha256 === sha256);
    return file ? [{ file, role: role === null ? null : findCode(codes, 'role', role) }] : [];
  });
}

export function hasEffect(codes: CodeTable, kind: CodeKind, list: readonly string[], effect: string): boolean {
  return list.some((code) => findCode(codes, kind, code)?.effect === effect);
}
