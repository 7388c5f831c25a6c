/**
 * rules: what the licences around a patch say of it, one function per rule family (table: model/rules). Every finding carries its rule
 * id, the numbers it rests on and their error, and is worded as a suspicion. What settles it is for people on site (docs/rules.md).
 */
import {
  type AttributedPatch,
  countingLicences,
  type Measures,
  type NearBoundary,
  plansOfLicences,
} from '../../model/attribution.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import { areaOf, distanceOf, finding, m2, titleOf } from './words.js';

export interface Case {
  readonly attributed: AttributedPatch;
  readonly measures: Measures;
  readonly recipe: JudgementRecipe;
  readonly toleranceM: number;
}

const UNDERGROUND = /地下|井工|硐采|underground/i;
const OPEN_PIT = /露天|联合|open/i;

/** Dates and status of licences under the patch that do not count, or whose dates are not known. */
export function validityFindings({ attributed, recipe }: Case): Finding[] {
  return attributed.near.flatMap((item) => {
    const { boundary, overlap } = item;
    if (boundary.kind !== 'licences' || overlap.areaInsideM2 === 0 || boundary.excludedReason !== null) return [];
    const spoken = validityFinding(item, attributed);
    // A sliver of a licence that does not count changes nothing.
    return spoken && (spoken.code === null || overlap.areaInsideM2 >= recipe.minPieceM2) ? [spoken] : [];
  });
}

function validityFinding(item: NearBoundary, attributed: AttributedPatch): Finding | null {
  const { boundary, validity, remark } = item;
  const { dateBefore, dateAfter } = attributed.patch;
  const title = titleOf(item);
  switch (validity) {
    case 'expired': {
      const between = dateBefore !== null && (boundary.validTo ?? '') >= dateBefore;
      const when = between
        ? `在前后时相 ${dateBefore} 与 ${dateAfter} 之间，变化发生在到期前还是到期后影像不能区分`
        : `早于后时相 ${dateAfter}`;
      return finding(
        'NL-2',
        `采矿许可证 ${title} 有效期止 ${boundary.validTo}，${when}；${remark ?? '请核实延续申请是否已受理'}`,
        null,
      );
    }
    case 'lapsed':
      return finding(
        'NL-6',
        `采矿许可证 ${title}：${remark ?? `有效期止 ${boundary.validTo}`}，延续受理不再覆盖`,
        null,
      );
    case 'not-yet':
      return finding('NL-3', `采矿许可证 ${title} 有效期起 ${boundary.validFrom}，晚于后时相 ${dateAfter}`, null);
    case 'ended': {
      // Today's status says nothing of the day of an older image.
      const undated =
        boundary.endedOn === undefined && remark === undefined ? '；未登记终止日期，是否早于后时相须核实' : '';
      return finding(
        'NL-4',
        `采矿许可证 ${title}：${remark ?? `状态为“${boundary.status}”`}，不作为有效许可${undated}`,
        null,
      );
    }
    case 'no-permit':
      return finding(
        'NL-5',
        `${title} 登记状态为“${boundary.status}”：有采矿权，未取得采矿许可证，不作为有效许可`,
        null,
      );
    case 'suspended':
      return finding(
        'SU-1',
        `采矿许可证 ${title} 停产或暂扣（${remark ?? boundary.status}），有地表变化，须核实开采时间`,
      );
    case 'superseded':
      return finding('VA-4', `采矿许可证 ${title}：${remark ?? '已由新版本替代'}`);
    default:
      return sinceFinding(item, attributed) ?? unknownFinding(item, attributed);
  }
}

/** It began to count between the two images, unless the version before it held the same ground. */
function sinceFinding(item: NearBoundary, { near, patch }: AttributedPatch): Finding | null {
  const { boundary, since, overlap, remark } = item;
  if (since === undefined || patch.dateBefore === null) return null;
  const heldBefore = near.some(
    ({ boundary: other, validity, overlap: before }) =>
      validity === 'superseded' &&
      boundary.number !== null &&
      other.number === boundary.number &&
      (other.validTo === null || other.validTo >= since) &&
      before.areaInsideM2 >= overlap.areaInsideM2,
  );
  return heldBefore ? null : finding('VA-3', `采矿许可证 ${titleOf(item)}：${remark ?? `自 ${since} 起有效`}`);
}

function unknownFinding(item: NearBoundary, { patch }: AttributedPatch): Finding | null {
  if (item.validity !== 'unknown') return null;
  const title = titleOf(item);
  return patch.dateAfter === null
    ? finding('VA-1', `影像日期未知，未判断采矿许可证 ${title} 的有效期，按有效处理`)
    : finding('VA-2', `采矿许可证 ${title} 未登记有效期止，未判断有效期，按有效处理`);
}

/** No licence that counts has any of the patch inside it. */
export function noLicence({ attributed, measures, recipe, toleranceM }: Case): Finding {
  const [nearest] = countingLicences(attributed);
  const { patch } = attributed;
  const { beyondToleranceM2 } = measures.licences;
  if (nearest && beyondToleranceM2 < recipe.minOutsideM2) {
    return finding(
      'CS-2',
      `图斑紧邻采矿许可证 ${titleOf(nearest)}（距 ${nearest.overlap.distanceM.toFixed(1)} m），扣除位置容差 ${toleranceM.toFixed(1)} m 后界外仅 ${m2(beyondToleranceM2)} m²，影像不能判定在界内还是界外`,
    );
  }
  const distance = nearest
    ? `最近的采矿权 ${titleOf(nearest)} 相距 ${nearest.overlap.distanceM.toFixed(1)} ± ${(toleranceM / (recipe.toleranceSigmas || 1)).toFixed(1)} m`
    : `${recipe.reachM} m 范围内没有可作依据的采矿权`;
  return finding('NL-1', `疑似无证开采：图斑 ${m2(patch.areaM2)} m² 不在任何有效采矿权范围内，${distance}`);
}

/** The patch lies partly in a licence: how much of it is beyond, and is that more than the position allows? */
export function beyondBoundary({ attributed, measures, recipe, toleranceM }: Case): Finding[] {
  const { outsideM2, beyondToleranceM2, shift } = measures.licences;
  const { patch } = attributed;
  if (beyondToleranceM2 >= recipe.minOutsideM2) {
    const share = ((outsideM2 / patch.areaM2) * 100).toFixed(1);
    const beyond = finding(
      'BB-1',
      `疑似越界开采：界外 ${areaOf(measures.licences)}，占 ${share}%${distanceOf(measures.licences)}；扣除容差 ${toleranceM.toFixed(1)} m 后 ${m2(beyondToleranceM2)} m²，不小于限值 ${recipe.minOutsideM2} m²`,
    );
    if (!shift) return [beyond];
    return [
      beyond,
      finding(
        'BB-2',
        `界外部分沿边界平行：许可证边界整体平移 ${shift.distanceM.toFixed(1)} m（东 ${shift.dxM.toFixed(1)}、北 ${shift.dyM.toFixed(1)}）后界外仅 ${m2(shift.restM2)} m²，可能是许可证坐标有误，请先核对坐标`,
      ),
    ];
  }
  if (outsideM2 < recipe.minOutsideM2) return [];
  return [
    finding(
      'CS-2',
      `界外 ${areaOf(measures.licences)}，但扣除位置容差 ${toleranceM.toFixed(1)} m 后仅 ${m2(beyondToleranceM2)} m²，小于限值 ${recipe.minOutsideM2} m²，影像不能判定是否越界`,
    ),
  ];
}

/** Inside a right: the way of mining, the plan area and its stage, and other holders' rights. */
export function insideRight(item: Case): Finding[] {
  const under = countingLicences(item.attributed).filter(
    ({ overlap }) => overlap.areaInsideM2 >= item.recipe.minOutsideM2,
  );
  return [...methodFindings(under), ...planFindings(item), ...holderFindings(under, item)];
}

function methodFindings(under: readonly NearBoundary[]): Finding[] {
  return under.flatMap((item) => {
    const { method } = item.boundary;
    if (method === null || !UNDERGROUND.test(method) || OPEN_PIT.test(method)) return [];
    return finding(
      'OP-1',
      `疑似擅自改变开采方式：${titleOf(item)} 登记的开采方式为“${method}”，而地表变化 ${m2(item.overlap.areaInsideM2)} m²`,
    );
  });
}

function planFindings({ attributed, measures, recipe, toleranceM }: Case): Finding[] {
  const { plans } = measures;
  const findings: Finding[] = [];
  // Beyond the licence as well is BB-1's; the plan speaks of what is left of the licence.
  const beyondM2 = plans ? plans.beyondToleranceM2 - measures.licences.beyondToleranceM2 : 0;
  if (plans && beyondM2 >= recipe.minOutsideM2) {
    findings.push(
      finding(
        'OP-2',
        `疑似不按开发利用方案开采：超出方案范围 ${areaOf(plans)}，扣除容差 ${toleranceM.toFixed(1)} m 后许可证内仍超出 ${m2(beyondM2)} m²`,
      ),
    );
  }
  for (const item of plansOfLicences(attributed)) {
    const { validity, boundary, overlap } = item;
    if (overlap.areaInsideM2 < recipe.minOutsideM2 || (validity !== 'expired' && validity !== 'not-yet')) continue;
    findings.push(
      finding(
        'OP-3',
        `疑似不按分期开采：图斑有 ${m2(overlap.areaInsideM2)} m² 在设计分期 ${titleOf(item)}（${boundary.validFrom ?? '?'} 至 ${boundary.validTo ?? '?'}）内，后时相 ${attributed.patch.dateAfter} 不在该期`,
      ),
    );
  }
  return findings;
}

function holderFindings(under: readonly NearBoundary[], { attributed, toleranceM }: Case): Finding[] {
  const holders = new Set(under.flatMap(({ boundary }) => boundary.holder ?? []));
  if (holders.size > 1) {
    return [
      finding(
        'OH-1',
        `图斑跨 ${holders.size} 个采矿权人的矿区（${[...holders].sort().join('、')}），疑似进入他人矿区；由谁开采须现场核实`,
      ),
    ];
  }
  const touched = countingLicences(attributed).find(
    (item) =>
      item.boundary.holder !== null &&
      holders.size === 1 &&
      !holders.has(item.boundary.holder) &&
      item.overlap.distanceM <= toleranceM,
  );
  if (!touched) return [];
  const where = touched.overlap.areaInsideM2 > 0 ? '触及' : `相距 ${touched.overlap.distanceM.toFixed(1)} m`;
  return [
    finding(
      'OH-2',
      `图斑与另一采矿权人 ${touched.boundary.holder} 的矿区 ${titleOf(touched)} ${where}（容差 ${toleranceM.toFixed(1)} m 以内）；采掘面是否贯通须现场核实`,
    ),
  ];
}

/** Inside the licences as far as it can be told. */
export function inside({ attributed, measures, toleranceM }: Case): Finding {
  const [first] = countingLicences(attributed);
  const where = first ? titleOf(first) : '';
  const { outsideM2 } = measures.licences;
  const rest = outsideM2 === 0 ? '全部在界内' : `界外 ${m2(outsideM2)} m² 在限值以内`;
  return finding('LA-1', `位于采矿许可证 ${where} 范围内，${rest}（容差 ${toleranceM.toFixed(1)} m）`);
}
