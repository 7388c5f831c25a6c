/**
 * classify: which of the six suspected violation types the map evidence raises, and why. A suspicion is never a verdict: what
 * the data cannot decide is `cannot-say`, and each code comes with a reason that names its rule and numbers.
 * Method: overlay facts against thresholds of the recipe (no public metre or percent rule exists; the practice is "overlay,
 * look, measure on site"). Beyond-boundary counts what is left outside after the licences are widened by the tolerance.
 * In:  the attributed patch, the measures of the children's `outside`, which layers are loaded, the recipe.
 * Out: codes in the order of VIOLATION_CODES, the licence it belongs to, the measure against licences, reasons.
 */
import {
  type AttributedPatch,
  type Classification,
  countingLicences,
  type Measures,
  toleranceOf,
} from '../../model/attribution.js';
import type { BoundaryKind } from '../../model/boundary.js';
import { VIOLATION_CODES } from '../../model/patch.js';
import type { JudgementRecipe } from '../../model/recipe.js';
import {
  beyondBoundary,
  type Case,
  covering,
  type Finding,
  insideRight,
  noLicence,
  otherTitles,
  titleOf,
  validityFindings,
} from './rules.js';

export function classify(
  attributed: AttributedPatch,
  measures: Measures,
  layers: readonly BoundaryKind[],
  recipe: JudgementRecipe,
): Classification {
  const toleranceM = toleranceOf(attributed.patch, recipe);
  const findings = findingsOf({ attributed, measures, recipe, toleranceM }, layers);
  const codes = new Set(findings.map(({ code }) => code));
  return {
    ...measures.licences,
    licenceNo: licenceNumber(attributed),
    violations: VIOLATION_CODES.filter((code) => codes.has(code)),
    reasons: findings.map(({ reason }) => reason),
  };
}

function findingsOf(item: Case, layers: readonly BoundaryKind[]): Finding[] {
  if (!layers.includes('licences')) return withoutLicences(item);
  const { attributed } = item;
  const inLicence = countingLicences(attributed).some(({ overlap }) => overlap.areaInsideM2 > 0);
  return [...(inLicence ? inLicenceFindings(item) : noLicenceFindings(item)), ...validityFindings(item)];
}

function withoutLicences(item: Case): Finding[] {
  const unsaid: Finding = { code: 'cannot-say', reason: '[CS-3] 未加载采矿权图层，不判断有证无证、是否越界' };
  const titles = otherTitles(item).filter(({ code }) => code !== 'exploration');
  return [covering(item) ?? unsaid, ...titles];
}

function inLicenceFindings(item: Case): Finding[] {
  const beyond = beyondBoundary(item);
  // Ground beyond the licence that an approved project covers is explained by the project.
  const cover = beyond ? covering(item) : null;
  const boundary = cover ?? beyond;
  const findings = [...(boundary ? [boundary] : []), ...insideRight(item)];
  return findings.length > 0 ? findings : [inside(item)];
}

function noLicenceFindings(item: Case): Finding[] {
  const titles = otherTitles(item);
  const cover = covering(item);
  if (cover) return [cover, ...titles.filter(({ code }) => code !== 'restoration')];
  const excluded = item.attributed.near.find(
    ({ boundary }) => boundary.kind === 'licences' && boundary.excludedReason !== null,
  );
  if (!excluded) return [noLicence(item), ...titles];
  const reason = `[CS-1] 附近的采矿许可证 ${titleOf(excluded)} 不能自动判定：${excluded.boundary.excludedReason}`;
  return [{ code: 'cannot-say', reason }, ...titles];
}

function inside({ attributed, measures, toleranceM }: Case): Finding {
  const [first] = countingLicences(attributed);
  const where = first ? titleOf(first) : '';
  const { outsideM2 } = measures.licences;
  const rest = outsideM2 === 0 ? '全部在界内' : `界外 ${outsideM2.toFixed(1)} m² 在限值以内`;
  return {
    code: 'lawful',
    reason: `[LA-1] 位于采矿许可证 ${where} 范围内，${rest}（容差 ${toleranceM.toFixed(1)} m）`,
  };
}

/** Of the licence that holds most of the patch: one that counts before one that does not, else none. */
function licenceNumber(attributed: AttributedPatch): string | null {
  const holding = ({ boundary, overlap }: AttributedPatch['near'][number]): boolean =>
    boundary.kind === 'licences' && overlap.areaInsideM2 > 0;
  const first = countingLicences(attributed).find(holding) ?? attributed.near.find(holding);
  return first?.boundary.number ?? null;
}
