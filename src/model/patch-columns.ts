/** The columns of a patch in every file that leaves the program (interface of `tuban diff --out` and `patches export`). */
import type { JudgedPatch } from './patch.js';

export interface Column {
  readonly name: string;
  readonly type: 'text' | 'real' | 'integer' | 'list';
}

export const PATCH_COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'area_m2', type: 'real' },
  { name: 'perimeter_m', type: 'real' },
  { name: 'score', type: 'real' },
  { name: 'confidence', type: 'real' },
  { name: 'kind', type: 'text' },
  { name: 'seen_share', type: 'real' },
  { name: 'violation', type: 'list' },
  { name: 'outside_m2', type: 'real' },
  { name: 'outside_m', type: 'real' },
  { name: 'licence_no', type: 'text' },
  { name: 'lon', type: 'real' },
  { name: 'lat', type: 'real' },
  { name: 'reasons', type: 'text' },
  { name: 'history', type: 'text' },
  { name: 'hist_dates', type: 'integer' },
  { name: 'hist_seen', type: 'integer' },
  { name: 'hist_from', type: 'text' },
  { name: 'out_min_m2', type: 'real' },
  { name: 'out_max_m2', type: 'real' },
  { name: 'out_min_m', type: 'real' },
  { name: 'out_max_m', type: 'real' },
  { name: 'tol_m', type: 'real' },
  { name: 'rule_set', type: 'text' },
];

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** Values in the order of PATCH_COLUMNS: areas to 0.01 m², lengths to 0.01 m, shares to 0.0001, degrees to 1e-9. */
export function patchRow({ patch, judgement }: JudgedPatch): (string | number | readonly string[] | null)[] {
  return [
    patch.id,
    rounded(patch.areaM2, 2),
    rounded(patch.perimeterM, 2),
    judgement.score,
    rounded(patch.confidence, 4),
    patch.changeType,
    rounded(patch.seenShare, 4),
    judgement.violations,
    rounded(judgement.outsideM2, 2),
    judgement.outsideM === null ? null : rounded(judgement.outsideM, 2),
    judgement.licenceNo,
    patch.lon,
    patch.lat,
    [...patch.reasons, ...judgement.reasons].join('；'),
    patch.history?.verdict ?? null,
    patch.history?.available ?? null,
    patch.history?.seen ?? null,
    patch.history?.earliest ?? null,
    judgement.outsideRangeM2[0],
    judgement.outsideRangeM2[1],
    judgement.outsideRangeM?.[0] ?? null,
    judgement.outsideRangeM?.[1] ?? null,
    rounded(judgement.position.toleranceM, 2),
    judgement.ruleSet,
  ];
}
