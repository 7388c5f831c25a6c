/**
 * projects: an approved project or use, or a restoration project in force, that explains the ground. It does so only as far as its own
 * record goes: a project without an end, one that was halted, or one that began between the two images leaves it open (CS-4).
 */
import { type AttributedPatch, type NearBoundary, projectsInForce } from '../../model/attribution.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import type { OutsideReading } from '../../model/work.js';
import type { Case } from './rules.js';
import { about, areaOf, finding, m2, titleOf } from './words.js';

const TWO_MU_M2 = 4000 / 3;
const HALF_MU_M2 = 1000 / 3;
/** Coverage that suffices for a patch of at most 2 mu. */
const SMALL_COVERED_SHARE = 0.9;

/** The patch as a whole lies in a project, or in several that lie side by side. */
export function covering(item: Case): Finding | null {
  const { attributed, measures, recipe } = item;
  const { areaM2 } = attributed.patch;
  const projects = inForce(attributed);
  const one = projects.find(({ overlap }) => isCovered(overlap.areaInsideM2, overlap.areaOutsideM2, recipe));
  if (one) return explained([one], `覆盖 ${percent(one.overlap.areaInsideM2 / areaM2)}`, item);
  if (!measures.projects) return null;
  const { outsideM2 } = measures.projects;
  const own = projects.filter((near) => item.ground.ownM2(near) >= recipe.minPieceM2);
  if (own.length > 1 && isCovered(areaM2 - outsideM2, outsideM2, recipe)) {
    return explained(own, `共覆盖 ${percent(1 - outsideM2 / areaM2)}`, item);
  }
  return excessWithinTolerance(measures.projects, item);
}

/** What lies beyond the licences lies in projects, as far as it can be told. */
export function coveringRest(item: Case): Finding | null {
  const { attributed, measures, recipe, ground, toleranceM } = item;
  const { held } = measures;
  if (!held || held.beyondToleranceM2 >= recipe.minOutsideM2) return null;
  const own = inForce(attributed).filter((near) => ground.ownM2(near) >= recipe.minPieceM2);
  if (own.length === 0) return null;
  if (held.outsideM2 < recipe.minOutsideM2) {
    const areaM2 = own.reduce((sum, near) => sum + ground.ownM2(near), 0);
    return explained(own, `许可证界外 ${m2(areaM2)} m² 在其中`, item);
  }
  return finding(
    'CS-2',
    `许可证与项目 ${own.map(titleOf).join('、')} 以外 ${areaOf(held)}，但扣除位置容差 ${toleranceM.toFixed(1)} m 后仅 ${m2(held.beyondToleranceM2)} m²，小于限值 ${recipe.minOutsideM2} m²，影像不能判定是否超出`,
  );
}

/** Approved uses first: what they allow, restoration need not. */
function inForce(attributed: AttributedPatch): readonly NearBoundary[] {
  return projectsInForce(attributed).toSorted((a, b) => rankOf(a) - rankOf(b));
}

const rankOf = (near: NearBoundary): number =>
  (near.boundary.kind === 'lawful' ? 0 : 1) + (near.validity === 'valid' && near.since === undefined ? 0 : 2);

function explained(projects: readonly NearBoundary[], extent: string, { attributed }: Case): Finding | null {
  const { changeType, dateAfter } = attributed.patch;
  const [first] = projects;
  if (!first) return null;
  const titles = projects.map(titleOf).join('、');
  if (projects.some(({ boundary }) => boundary.kind === 'restoration')) {
    const where = `位于修复治理工程 ${titles} 的范围和期限内（${extent}）`;
    // Dug further or filled with water where it should heal.
    const deeper = changeType === 'bare-deeper' || changeType === 'bare-to-water';
    const said = deeper
      ? finding('RE-4', `${where}，但裸地继续下挖或积水，疑似借工程名义开采`)
      : finding('RE-3', `${where}；是否超挖、外运须现场核实`);
    const from = projects.reduce<string | null>(
      (latest, { boundary }) =>
        boundary.validFrom !== null && boundary.validFrom > (latest ?? '') ? boundary.validFrom : latest,
      null,
    );
    return about(first, from === null || deeper ? said : { ...said, from });
  }
  const doubt = projects.map((near) => doubtOf(near, dateAfter)).find((text) => text !== null);
  if (doubt) {
    return about(first, finding('CS-4', `位于已批准的项目或用地 ${titles} 内（${extent}），但${doubt}，不能判定合法`));
  }
  const undated = dateAfter === null ? '；影像日期未知，未判断其期限' : '';
  return about(first, finding('LA-2', `位于已批准的项目或用地 ${titles} 内（${extent}）${undated}`));
}

/** Why an approved project does not settle it; null = it does. Without dates of the images nothing is judged by dates. */
function doubtOf({ boundary, validity, since, remark }: NearBoundary, dateAfter: string | null): string | null {
  if (validity === 'suspended') return `其状态为停工或暂停（${remark ?? boundary.status ?? '日期见登记'}）`;
  if (since !== undefined) return remark ?? `其自 ${since} 起才有效`;
  return validity === 'unknown' && dateAfter !== null ? '其期限止未登记' : null;
}

function isCovered(insideM2: number, outsideM2: number, { coveredShare }: JudgementRecipe): boolean {
  const areaM2 = insideM2 + outsideM2;
  if (insideM2 <= 0) return false;
  const share = insideM2 / areaM2;
  return areaM2 > TWO_MU_M2
    ? share >= coveredShare && outsideM2 < HALF_MU_M2
    : share >= Math.min(SMALL_COVERED_SHARE, coveredShare);
}

/** More than the covered share allows lies beyond the projects, but no more than the error of position explains. */
function excessWithinTolerance(projects: OutsideReading, { attributed, recipe, toleranceM }: Case): Finding | null {
  const [project] = projectsInForce(attributed);
  if (!project || projects.beyondToleranceM2 >= recipe.minOutsideM2) return null;
  return finding(
    'CS-2',
    `超出工程或项目 ${titleOf(project)} ${areaOf(projects)}，但扣除位置容差 ${toleranceM.toFixed(1)} m 后仅 ${m2(projects.beyondToleranceM2)} m²，小于限值 ${recipe.minOutsideM2} m²，影像不能判定是否超出`,
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
