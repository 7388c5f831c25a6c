/** titles: what exploration rights, closed mines and projects around a patch say of it. */
import { counts, isProject, type NearBoundary, projectsInForce } from '../../model/attribution.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import type { Case } from './rules.js';
import { areaOf, finding, m2, titleOf } from './words.js';

const TWO_MU_M2 = 4000 / 3;
const HALF_MU_M2 = 1000 / 3;
/** Coverage that suffices for a patch of at most 2 mu. */
const SMALL_COVERED_SHARE = 0.9;

/** Exploration rights, closed mines, and projects in whose name digging may go on. */
export function otherTitles(item: Case): Finding[] {
  const { attributed, recipe } = item;
  const found = attributed.near.flatMap((near) => {
    if (near.overlap.areaInsideM2 < recipe.minOutsideM2 || near.boundary.excludedReason !== null) return [];
    return titleFinding(near, item) ?? [];
  });
  return [...found, ...beyondProject(item)];
}

function titleFinding(near: NearBoundary, { attributed }: Case): Finding | null {
  const { kind, validFrom, validTo, status } = near.boundary;
  const area = `${m2(near.overlap.areaInsideM2)} m²`;
  const title = titleOf(near);
  const { dateAfter } = attributed.patch;
  // The version that stands now speaks for it.
  if (near.validity === 'superseded') return null;
  if (kind === 'closed') return finding('CL-1', `图斑有 ${area} 在已关闭矿山 ${title} 内，疑似关闭后复采`);
  if (kind === 'exploration') {
    if (counts(near)) return finding('EX-1', `图斑有 ${area} 在探矿权 ${title} 内而无采矿权，疑似以采代探`);
    const dates = `有效期 ${validFrom ?? '?'} 至 ${validTo ?? '?'}，不含后时相 ${dateAfter}`;
    const why = near.remark ?? (near.validity === 'ended' ? `状态为“${status ?? '已终止'}”` : dates);
    return finding('EX-2', `图斑有 ${area} 在探矿权 ${title} 内（${why}）且无采矿权，疑似无证勘查或开采`);
  }
  if (isProject(near) && !counts(near)) {
    const what = kind === 'restoration' ? '修复治理工程' : '已批准项目';
    return finding(
      'RE-1',
      `图斑有 ${area} 在${what} ${title} 内，${near.remark ?? `后时相 ${dateAfter} 不在其期限（${validFrom ?? '?'} 至 ${validTo ?? '?'}）内`}，疑似借工程名义开采`,
    );
  }
  return null;
}

/** Partly in a project that is in force, and beyond it. Ground that a licence holds is no excess of a project. */
function beyondProject({ measures, recipe }: Case): Finding[] {
  const { projects, licences } = measures;
  if (!projects) return [];
  const beyondM2 = Math.min(projects.beyondToleranceM2, licences.beyondToleranceM2);
  if (beyondM2 < recipe.minOutsideM2) return [];
  return [finding('RE-2', `图斑超出工程或项目范围 ${areaOf(projects)}，疑似借工程名义开采`)];
}

/** An approved project or use, or a restoration project in force, that covers the patch. */
export function covering(item: Case): Finding | null {
  const { areaM2, changeType } = item.attributed.patch;
  for (const near of item.attributed.near) {
    if (!isProject(near) || !counts(near) || near.overlap.areaInsideM2 === 0) continue;
    const share = near.overlap.areaInsideM2 / areaM2;
    if (!isCovered(near, areaM2, item.recipe)) continue;
    const extent = `覆盖 ${(share * 100).toFixed(1)}%`;
    if (near.boundary.kind === 'lawful')
      return finding('LA-2', `位于已批准的项目或用地 ${titleOf(near)} 内（${extent}）`);
    // Dug further or filled with water where it should heal.
    if (changeType === 'bare-deeper' || changeType === 'bare-to-water') {
      return finding(
        'RE-4',
        `位于修复治理工程 ${titleOf(near)} 的范围和期限内（${extent}），但裸地继续下挖或积水，疑似借工程名义开采`,
      );
    }
    return finding('RE-3', `位于修复治理工程 ${titleOf(near)} 的范围和期限内（${extent}）；是否超挖、外运须现场核实`);
  }
  return excessWithinTolerance(item);
}

function isCovered({ overlap }: NearBoundary, areaM2: number, { coveredShare }: JudgementRecipe): boolean {
  const share = overlap.areaInsideM2 / areaM2;
  return areaM2 > TWO_MU_M2
    ? share >= coveredShare && overlap.areaOutsideM2 < HALF_MU_M2
    : share >= Math.min(SMALL_COVERED_SHARE, coveredShare);
}

/** More than the covered share allows lies beyond the projects, but no more than the error of position explains. */
function excessWithinTolerance({ attributed, measures, recipe, toleranceM }: Case): Finding | null {
  const { projects } = measures;
  const [project] = projectsInForce(attributed);
  if (!projects || !project || projects.beyondToleranceM2 >= recipe.minOutsideM2) return null;
  return finding(
    'CS-2',
    `超出工程或项目 ${titleOf(project)} ${areaOf(projects)}，但扣除位置容差 ${toleranceM.toFixed(1)} m 后仅 ${m2(projects.beyondToleranceM2)} m²，小于限值 ${recipe.minOutsideM2} m²，影像不能判定是否超出`,
  );
}
