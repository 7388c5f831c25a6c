/**
 * score: the priority of a patch, 0–100, as the sum of named parts that a reader can add up: each part is rounded to 0.1 first
 * and the score is their sum, so that nothing hides in the rounding. Weights are the recipe's, scaled to a total of 100.
 *   violation  the gravest suspicion (recipe.severity)            area       log scale from 100 m² to recipe.areaFullM2
 *   outside    m² beyond the tolerance, same scale                confidence the detector's, 0–1
 *   keyzone    in (1) or near (0.5) a key zone, closed mine or prone place
 */
import type { AttributedPatch, Classification } from '../../model/attribution.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { JudgedPatch, ScorePart } from '../../model/patch.js';
import type { JudgementRecipe } from '../../model/recipe.js';
import type { SiteFacts } from '../../model/site.js';
import { VIOLATION_WORDS } from '../../model/words.js';

const KEY_KINDS: readonly BoundaryKind[] = ['keyzones', 'closed', 'prone'];
const LEAST_M2 = 100;
const MU_PER_M2 = 3 / 2000;

export interface Scored {
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

export function score(
  { patch, near }: AttributedPatch,
  classification: Classification,
  recipe: JudgementRecipe,
): Scored {
  const { weights } = recipe;
  const total = weights.violation + weights.area + weights.outside + weights.confidence + weights.keyzone;
  const key = near.filter(({ boundary }) => KEY_KINDS.includes(boundary.kind) && boundary.excludedReason === null);
  const inKey = key.find(({ overlap }) => overlap.areaInsideM2 > 0);
  const place = inKey ?? key[0];
  const gravest = Math.max(0, ...classification.violations.map((code) => recipe.severity[code]));
  const suspected = classification.violations.some((code) => code !== 'lawful');
  const beyondM2 = suspected ? classification.beyondToleranceM2 : 0;

  const part = (code: keyof typeof weights, name: string, share: number, evidence: string): ScorePart => ({
    part: code,
    name,
    points: total === 0 ? 0 : Math.round(((weights[code] * share) / total) * 1000) / 10,
    evidence,
  });
  const parts = [
    part(
      'violation',
      '疑似类型',
      gravest,
      classification.violations.map((code) => VIOLATION_WORDS[code].zh).join('、') || '无',
    ),
    part(
      'area',
      '面积',
      logShare(patch.areaM2, recipe.areaFullM2),
      `${patch.areaM2.toFixed(1)} m²（${(patch.areaM2 * MU_PER_M2).toFixed(2)} 亩）`,
    ),
    part('outside', '界外面积', logShare(beyondM2, recipe.areaFullM2), `扣除容差后界外 ${beyondM2.toFixed(1)} m²`),
    part('confidence', '识别可信度', patch.confidence, `可信度 ${patch.confidence.toFixed(2)}`),
    part(
      'keyzone',
      '重点区域',
      inKey ? 1 : place ? 0.5 : 0,
      place
        ? `${inKey ? '位于' : `距 ${place.overlap.distanceM.toFixed(0)} m：`}${place.boundary.name ?? place.boundary.zoneKind ?? place.boundary.kind}`
        : '不在重点区域附近',
    ),
  ];
  // Added as whole tenths: a sum of decimal fractions would carry binary rests.
  return { score: parts.reduce((sum, { points }) => sum + Math.round(points * 10), 0) / 10, parts };
}

/** The priority with what the place's record says. */
export function scoreWithSite(judged: JudgedPatch, _facts: SiteFacts, _recipe: JudgementRecipe): JudgedPatch {
  return judged;
}

function logShare(m2: number, fullM2: number): number {
  if (m2 <= LEAST_M2) return 0;
  return Math.min(1, Math.log(m2 / LEAST_M2) / Math.log(Math.max(fullM2, 2 * LEAST_M2) / LEAST_M2));
}
