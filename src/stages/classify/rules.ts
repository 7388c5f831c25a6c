/**
 * rules: what the licences around a patch say of it, one function per rule family (table: model/rules). Every finding carries its rule
 * id, the numbers it rests on and their error, and is worded as a suspicion. What settles it is for people on site (docs/rules.md).
 */
import { type AttributedPatch, countingLicences, type Measures, plansOfLicences } from '../../model/attribution.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import type { Ground } from './ground.js';
import { areaOf, distanceOf, finding, m2, titleOf } from './words.js';

export interface Case {
  readonly attributed: AttributedPatch;
  readonly measures: Measures;
  readonly recipe: JudgementRecipe;
  readonly toleranceM: number;
  readonly ground: Ground;
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

/** Inside the licences as far as it can be told. */
export function inside({ attributed, measures, toleranceM }: Case): Finding {
  const [first] = countingLicences(attributed);
  const where = first ? titleOf(first) : '';
  const { outsideM2 } = measures.licences;
  const rest = outsideM2 === 0 ? '全部在界内' : `界外 ${m2(outsideM2)} m² 在限值以内`;
  const unchecked = [
    ...(first?.boundary.method ? [] : ['开采方式（未登记）']),
    ...(plansOfLicences(attributed).length > 0 ? [] : ['开采设计范围和分期（无资料）']),
  ];
  const said = unchecked.length > 0 ? `；未核对：${unchecked.join('、')}` : '';
  return finding('LA-1', `位于采矿许可证 ${where} 范围内，${rest}（容差 ${toleranceM.toFixed(1)} m）${said}`);
}
