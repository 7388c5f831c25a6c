/**
 * classify: which of the six suspected violation types the map evidence raises, and why. A suspicion is never a verdict: what
 * the data cannot decide is `cannot-say`, and each code comes with a reason that names its rule and numbers.
 * Method: overlay facts against thresholds of the rule set (no public metre or percent rule exists; the practice is "overlay,
 * look, measure on site"). Beyond-boundary counts what is left outside after the licences are widened by the tolerance.
 * In:  the attributed patch, the measures of the children's `outside`, its ground by title, which layers are loaded, the rule set.
 * Out: codes in the order of VIOLATION_CODES, the licence it belongs to, the findings.
 */
import {
  type AttributedPatch,
  type Classification,
  countingLicences,
  counts,
  isProject,
  licencePosition,
  type Measures,
} from '../../model/attribution.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import { isSecret } from '../../model/zone-kinds.js';
import { codesOf } from './codes.js';
import type { Ground } from './ground.js';
import { insideRight } from './inside.js';
import { covering, coveringRest } from './projects.js';
import { beyondBoundary, type Case, inside, noLicence } from './rules.js';
import { closedRight, otherTitles } from './titles.js';
import { undatedRight, validityFindings } from './validity.js';
import { finding, titleOf } from './words.js';

export function classify(
  attributed: AttributedPatch,
  measures: Measures,
  ground: Ground,
  layers: readonly BoundaryKind[],
  recipe: JudgementRecipe,
): Classification {
  const { toleranceM } = licencePosition(attributed, recipe);
  const disabled = new Set<string>(recipe.disabledRules);
  const findings = [
    ...secretFindings(attributed),
    ...findingsOf({ attributed, measures, recipe, toleranceM, ground }, layers),
  ].filter(({ rule }) => !disabled.has(rule));
  return { licenceNo: licenceNumber(attributed), violations: codesOf(findings), findings };
}

function findingsOf(item: Case, layers: readonly BoundaryKind[]): Finding[] {
  if (!layers.includes('licences')) return withoutLicences(item);
  const inLicence = countingLicences(item.attributed).some(({ overlap }) => overlap.areaInsideM2 > 0);
  return inLicence ? inLicenceFindings(item) : noLicenceFindings(item);
}

function withoutLicences(item: Case): Finding[] {
  const unsaid = finding('CS-3', '未加载采矿权图层，不判断有证无证、是否越界');
  const titles = otherTitles(item, true).filter(({ code }) => code !== 'exploration');
  return [covering(item) ?? unsaid, ...titles];
}

function inLicenceFindings(item: Case): Finding[] {
  const beyond = beyondLicence(item);
  // Only ground that is said to lie beyond the licences, and beyond the projects, asks for other titles.
  const open = beyond.some(({ rule }) => rule === 'BB-1');
  const findings = [...beyond, ...insideRight(item), ...otherTitles(item, open)];
  const validity = validityFindings(item, open);
  const said = [...findings, ...validity].some(({ code }) => code !== null);
  const first = said ? [] : [closedRight(item) ?? undatedRight(item) ?? inside(item)];
  return [...first, ...findings, ...validity].filter((one, i) => i === 0 || one.reason !== first[0]?.reason);
}

function beyondLicence(item: Case): Finding[] {
  const beyond = beyondBoundary(item);
  if (!beyond.some(({ rule }) => rule === 'BB-1')) return beyond;
  const explained = covering(item) ?? coveringRest(item);
  if (explained) return [explained];
  const excluded = excludedTitle(item);
  return excluded ? [excluded] : beyond;
}

function noLicenceFindings(item: Case): Finding[] {
  const cover = covering(item);
  const main = cover ?? excludedTitle(item) ?? noLicence(item);
  const open = main.rule === 'NL-1';
  return [main, ...otherTitles(item, open), ...validityFindings(item, open)];
}

/** A title whose coordinates cannot be used may hold ground that seems to lie under none. */
function excludedTitle({ attributed }: Case): Finding | null {
  const excluded = attributed.near.find(
    (near) =>
      near.boundary.excludedReason !== null &&
      (near.boundary.kind === 'licences' || isProject(near)) &&
      counts({ ...near, boundary: { ...near.boundary, excludedReason: null } }),
  );
  if (!excluded) return null;
  const what = excluded.boundary.kind === 'licences' ? '采矿许可证' : '工程或项目';
  return finding('CS-1', `附近的${what} ${titleOf(excluded)} 不能自动判定：${excluded.boundary.excludedReason}`);
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
