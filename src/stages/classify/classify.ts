/**
 * classify: which of the six suspected violation types the map evidence raises, and why. A suspicion is never a verdict: what
 * the data cannot decide is `cannot-say`, and each code comes with a reason that names its rule and numbers.
 * Method: overlay facts against thresholds of the rule set (no public metre or percent rule exists; the practice is "overlay,
 * look, measure on site"). Beyond-boundary counts what is left outside after the licences are widened by the tolerance.
 * In:  the attributed patch, the measures of the children's `outside`, which layers are loaded, the rule set.
 * Out: codes in the order of VIOLATION_CODES, the licence it belongs to, the findings.
 */
import {
  type AttributedPatch,
  type Classification,
  countingLicences,
  licencePosition,
  type Measures,
} from '../../model/attribution.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import { isSecret } from '../../model/zone-kinds.js';
import { codesOf } from './codes.js';
import { beyondBoundary, type Case, inside, insideRight, noLicence, validityFindings } from './rules.js';
import { covering, otherTitles } from './titles.js';
import { finding, titleOf } from './words.js';

export function classify(
  attributed: AttributedPatch,
  measures: Measures,
  layers: readonly BoundaryKind[],
  recipe: JudgementRecipe,
): Classification {
  const { toleranceM } = licencePosition(attributed, recipe);
  const disabled = new Set<string>(recipe.disabledRules);
  const findings = [
    ...secretFindings(attributed),
    ...findingsOf({ attributed, measures, recipe, toleranceM }, layers),
  ].filter(({ rule }) => !disabled.has(rule));
  return { licenceNo: licenceNumber(attributed), violations: codesOf(findings), findings };
}

function findingsOf(item: Case, layers: readonly BoundaryKind[]): Finding[] {
  if (!layers.includes('licences')) return withoutLicences(item);
  const { attributed } = item;
  const inLicence = countingLicences(attributed).some(({ overlap }) => overlap.areaInsideM2 > 0);
  const validity = validityFindings(item);
  return [...(inLicence ? inLicenceFindings(item, validity) : noLicenceFindings(item)), ...validity];
}

function withoutLicences(item: Case): Finding[] {
  const unsaid = finding('CS-3', '未加载采矿权图层，不判断有证无证、是否越界');
  const titles = otherTitles(item).filter(({ code }) => code !== 'exploration');
  return [covering(item) ?? unsaid, ...titles];
}

function inLicenceFindings(item: Case, validity: readonly Finding[]): Finding[] {
  const beyond = beyondBoundary(item);
  // Ground beyond the licence that an approved project covers is explained by the project.
  const cover = beyond.length > 0 ? covering(item) : null;
  const closed = otherTitles(item).filter(({ rule }) => rule === 'CL-1');
  const findings = [...(cover ? [cover] : beyond), ...insideRight(item)];
  const said = findings.some(({ code }) => code !== null) || validity.some(({ code }) => code !== null);
  return [...(said ? [] : [inside(item)]), ...findings, ...closed];
}

function noLicenceFindings(item: Case): Finding[] {
  const titles = otherTitles(item);
  const cover = covering(item);
  if (cover) return [cover, ...titles.filter(({ code }) => code !== 'restoration')];
  const excluded = item.attributed.near.find(
    ({ boundary }) => boundary.kind === 'licences' && boundary.excludedReason !== null,
  );
  if (!excluded) return [noLicence(item), ...titles];
  const why = `附近的采矿许可证 ${titleOf(excluded)} 不能自动判定：${excluded.boundary.excludedReason}`;
  return [finding('CS-1', why), ...titles];
}

/** Of the licence that holds most of the patch: one that counts before one that does not, else none. */
function licenceNumber(attributed: AttributedPatch): string | null {
  const holding = ({ boundary, overlap }: AttributedPatch['near'][number]): boolean =>
    boundary.kind === 'licences' && overlap.areaInsideM2 > 0;
  const first = countingLicences(attributed).find(holding) ?? attributed.near.find(holding);
  return first?.boundary.number ?? null;
}

/** Only that there is one is said of a secret area. */
function secretFindings({ near }: AttributedPatch): Finding[] {
  return near.some(({ boundary, overlap }) => overlap.areaInsideM2 > 0 && isSecret(boundary))
    ? [finding('SE-1', '图斑涉及涉密区域，名称和范围不列出，须由有权限的人员处理')]
    : [];
}
