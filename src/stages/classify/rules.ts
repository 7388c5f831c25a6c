/**
 * rules: what each kind of map evidence says, one function per rule family. Every finding carries its rule id, the numbers it
 * rests on and their error, and is worded as a suspicion. What settles it is for people on site (docs/rules.md).
 */
import {
  type AttributedPatch,
  countingLicences,
  counts,
  type Measures,
  type NearBoundary,
  type OutsideMeasure,
} from '../../model/attribution.js';
import type { Patch, ViolationCode } from '../../model/patch.js';
import type { JudgementRecipe } from '../../model/recipe.js';

export interface Finding {
  readonly code: ViolationCode | null;
  readonly reason: string;
}

export interface Case {
  readonly attributed: AttributedPatch;
  readonly measures: Measures;
  readonly recipe: JudgementRecipe;
  readonly toleranceM: number;
}

const UNDERGROUND = /地下|井工|硐采|underground/i;
const OPEN_PIT = /露天|联合|open/i;
const TWO_MU_M2 = 4000 / 3;
const HALF_MU_M2 = 1000 / 3;
/** Coverage that suffices for a patch of at most 2 mu. */
const SMALL_COVERED_SHARE = 0.9;

export function titleOf({ boundary }: NearBoundary): string {
  const known = [boundary.name ?? boundary.holder, boundary.number].filter((text) => text !== null);
  return known.length === 0 ? `第 ${boundary.row} 行` : known.join(' ');
}

const m2 = (value: number): string => value.toFixed(1);

/** How much the outside area changes when the outline moves by one sigma. */
function areaError(measure: OutsideMeasure, recipe: JudgementRecipe): string {
  if (recipe.toleranceSigmas === 0) return '';
  return ` ± ${m2((measure.outsideM2 - measure.beyondToleranceM2) / recipe.toleranceSigmas)}`;
}

/** Dates and status of licences under the patch that do not count, or whose dates are not known. */
export function validityFindings({ attributed }: Case): Finding[] {
  const findings: Finding[] = [];
  for (const item of attributed.near) {
    const { boundary, overlap } = item;
    if (boundary.kind !== 'licences' || overlap.areaInsideM2 === 0 || boundary.excludedReason !== null) continue;
    const reason = validityReason(item, attributed.patch);
    if (reason !== null) findings.push({ code: null, reason });
  }
  return findings;
}

function validityReason(item: NearBoundary, { dateBefore, dateAfter }: Patch): string | null {
  const { boundary, validity } = item;
  const title = titleOf(item);
  if (item.remark !== undefined && validity !== 'expired') return `[VA-3] 采矿许可证 ${title}：${item.remark}`;
  if (validity === 'expired') {
    const between = dateBefore !== null && (boundary.validTo ?? '') >= dateBefore;
    const when = between
      ? `在前后时相 ${dateBefore} 与 ${dateAfter} 之间，变化发生在到期前还是到期后影像不能区分`
      : `早于后时相 ${dateAfter}`;
    return `[NL-2] 采矿许可证 ${title} 有效期止 ${boundary.validTo}，${when}；请核实延续申请是否已受理`;
  }
  if (validity === 'not-yet') {
    return `[NL-3] 采矿许可证 ${title} 有效期起 ${boundary.validFrom}，晚于后时相 ${dateAfter}`;
  }
  if (validity === 'ended') return `[NL-4] 采矿许可证 ${title} 的状态为“${boundary.status}”，不作为有效许可`;
  if (validity === 'valid') return null;
  return dateAfter === null
    ? `[VA-1] 影像日期未知，未判断采矿许可证 ${title} 的有效期，按有效处理`
    : `[VA-2] 采矿许可证 ${title} 未登记有效期止，未判断有效期，按有效处理`;
}

/** No licence that counts has any of the patch inside it. */
export function noLicence({ attributed, measures, recipe, toleranceM }: Case): Finding {
  const [nearest] = countingLicences(attributed);
  const { patch } = attributed;
  if (nearest && measures.licences.beyondToleranceM2 < recipe.minOutsideM2) {
    return {
      code: 'cannot-say',
      reason: `[CS-2] 图斑紧邻采矿许可证 ${titleOf(nearest)}（距 ${nearest.overlap.distanceM.toFixed(1)} m），扣除位置容差 ${toleranceM.toFixed(1)} m 后界外仅 ${m2(measures.licences.beyondToleranceM2)} m²，影像不能判定在界内还是界外`,
    };
  }
  const distance = nearest
    ? `最近的采矿权 ${titleOf(nearest)} 相距 ${nearest.overlap.distanceM.toFixed(1)} ± ${patch.sigmaM.toFixed(1)} m`
    : `${recipe.reachM} m 范围内没有可作依据的采矿权`;
  return {
    code: 'no-licence',
    reason: `[NL-1] 疑似无证开采：图斑 ${m2(patch.areaM2)} m² 不在任何有效采矿权范围内，${distance}`,
  };
}

/** The patch lies partly in a licence: how much of it is beyond, and is that more than the position allows? */
export function beyondBoundary({ attributed, measures, recipe, toleranceM }: Case): Finding | null {
  const { outsideM2, outsideM, beyondToleranceM2 } = measures.licences;
  const area = `${m2(outsideM2)}${areaError(measures.licences, recipe)} m²`;
  const { patch } = attributed;
  if (beyondToleranceM2 >= recipe.minOutsideM2) {
    const share = ((outsideM2 / patch.areaM2) * 100).toFixed(1);
    const far = outsideM === null ? '' : `，最远超出 ${outsideM.toFixed(1)} ± ${patch.sigmaM.toFixed(1)} m`;
    return {
      code: 'beyond-boundary',
      reason: `[BB-1] 疑似越界开采：界外 ${area}（占 ${share}%）${far}；扣除容差 ${toleranceM.toFixed(1)} m 后 ${m2(beyondToleranceM2)} m²，不小于限值 ${recipe.minOutsideM2} m²`,
    };
  }
  if (outsideM2 < recipe.minOutsideM2) return null;
  return {
    code: 'cannot-say',
    reason: `[CS-2] 界外 ${area}，但扣除位置容差 ${toleranceM.toFixed(1)} m 后仅 ${m2(beyondToleranceM2)} m²，小于限值 ${recipe.minOutsideM2} m²，影像不能判定是否越界`,
  };
}

/** Inside a right: the way of mining, the plan area, and other holders' rights. */
export function insideRight({ attributed, measures, recipe, toleranceM }: Case): Finding[] {
  const findings: Finding[] = [];
  const under = countingLicences(attributed).filter(({ overlap }) => overlap.areaInsideM2 >= recipe.minOutsideM2);
  for (const item of under) {
    const { method } = item.boundary;
    if (method !== null && UNDERGROUND.test(method) && !OPEN_PIT.test(method)) {
      findings.push({
        code: 'off-plan',
        reason: `[OP-1] 疑似擅自改变开采方式：${titleOf(item)} 登记的开采方式为“${method}”，而地表变化 ${m2(item.overlap.areaInsideM2)} m²`,
      });
    }
  }
  const { plans } = measures;
  if (plans && plans.beyondToleranceM2 >= recipe.minOutsideM2) {
    findings.push({
      code: 'off-plan',
      reason: `[OP-2] 疑似不按开发利用方案开采：超出方案范围 ${m2(plans.outsideM2)}${areaError(plans, recipe)} m²，扣除容差 ${toleranceM.toFixed(1)} m 后 ${m2(plans.beyondToleranceM2)} m²`,
    });
  }
  const holders = new Set(under.flatMap(({ boundary }) => boundary.holder ?? []));
  if (holders.size > 1) {
    findings.push({
      code: 'other-holder',
      reason: `[OH-1] 图斑跨 ${holders.size} 个采矿权人的矿区（${[...holders].sort().join('、')}），疑似进入他人矿区；由谁开采须现场核实`,
    });
  }
  return findings;
}

/** Exploration rights, closed mines, and projects in whose name digging may go on. */
export function otherTitles({ attributed, measures, recipe }: Case): Finding[] {
  const findings: Finding[] = [];
  for (const item of attributed.near) {
    const { kind, excludedReason, validFrom, validTo } = item.boundary;
    if (item.overlap.areaInsideM2 < recipe.minOutsideM2 || excludedReason !== null) continue;
    const area = `${m2(item.overlap.areaInsideM2)} m²`;
    if (kind === 'exploration') {
      findings.push({
        code: 'exploration',
        reason: `[EX-1] 图斑有 ${area} 在探矿权 ${titleOf(item)} 内而无采矿权，疑似以采代探`,
      });
    } else if (kind === 'restoration' && !counts(item)) {
      findings.push({
        code: 'restoration',
        reason: `[RE-1] 图斑有 ${area} 在修复治理工程 ${titleOf(item)} 内，后时相 ${attributed.patch.dateAfter} 不在工程期限（${validFrom ?? '?'} 至 ${validTo ?? '?'}）内，疑似借工程名义开采`,
      });
    } else if (kind === 'closed') {
      findings.push({ code: null, reason: `[CL-1] 图斑有 ${area} 在已关闭矿山 ${titleOf(item)} 内，疑似关闭后复采` });
    }
  }
  const { restoration } = measures;
  if (restoration && restoration.beyondToleranceM2 >= recipe.minOutsideM2) {
    findings.push({
      code: 'restoration',
      reason: `[RE-2] 图斑超出修复治理工程范围 ${m2(restoration.outsideM2)}${areaError(restoration, recipe)} m²，疑似借工程名义开采`,
    });
  }
  return findings;
}

/** An approved project or use, or a restoration project in force, that covers the patch. */
export function covering({ attributed, recipe }: Case): Finding | null {
  const { areaM2 } = attributed.patch;
  for (const item of attributed.near) {
    const { kind } = item.boundary;
    if ((kind !== 'lawful' && kind !== 'restoration') || !counts(item)) continue;
    const { areaInsideM2, areaOutsideM2 } = item.overlap;
    const share = areaInsideM2 / areaM2;
    const covered =
      areaM2 > TWO_MU_M2
        ? share >= recipe.coveredShare && areaOutsideM2 < HALF_MU_M2
        : share >= Math.min(SMALL_COVERED_SHARE, recipe.coveredShare);
    if (!covered) continue;
    const extent = `覆盖 ${(share * 100).toFixed(1)}%`;
    return kind === 'lawful'
      ? { code: 'lawful', reason: `[LA-2] 位于已批准的项目或用地 ${titleOf(item)} 内（${extent}）` }
      : {
          code: 'cannot-say',
          reason: `[RE-3] 位于修复治理工程 ${titleOf(item)} 的范围和期限内（${extent}）；是否超挖、外运须现场核实`,
        };
  }
  return null;
}
