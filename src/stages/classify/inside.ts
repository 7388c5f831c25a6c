/** inside: what a patch inside a mining right may be suspected of: the way of mining, the plan area and its stage, other holders' rights. */
import { countingLicences, type NearBoundary, plansOfLicences } from '../../model/attribution.js';
import type { Finding } from '../../model/patch.js';
import { plainNumber } from '../../model/versions.js';
import { holderOf, isUnderground } from './ground.js';
import type { Case } from './rules.js';
import { about, areaOf, finding, m2, titleOf } from './words.js';

/** Inside a right: the way of mining, the plan area and its stage, and other holders' rights. */
export function insideRight(item: Case): Finding[] {
  const under = countingLicences(item.attributed).filter((near) => item.ground.ownM2(near) >= item.recipe.minOutsideM2);
  return [...methodFindings(under, item), ...planFindings(under, item), ...holderFindings(under, item)];
}

/** Ground that a licence for open-pit mining holds as well is not the underground one's (ground.ts). */
function methodFindings(under: readonly NearBoundary[], { ground }: Case): Finding[] {
  return under.filter(isUnderground).map((near) => {
    const what = `登记的开采方式为“${near.boundary.method}”，而地表变化 ${m2(ground.ownM2(near))} m²`;
    return about(near, finding('OP-1', `疑似擅自改变开采方式：${titleOf(near)} ${what}`));
  });
}

function planFindings(under: readonly NearBoundary[], item: Case): Finding[] {
  const { attributed, measures, recipe, toleranceM, ground } = item;
  const { plans } = measures;
  const findings: Finding[] = [];
  const all = plansOfLicences(attributed);
  const planned = new Set(all.map(({ boundary }) => plainNumber(boundary.number)));
  // A plan says nothing of the ground of a licence that has none.
  const unplannedM2 = under
    .filter(({ boundary }) => !planned.has('') && !planned.has(plainNumber(boundary.number)))
    .reduce((sum, near) => sum + ground.ownM2(near), 0);
  // Beyond the licence as well is BB-1's; the plan speaks of what is left of the licence.
  const beyondM2 = plans ? plans.beyondToleranceM2 - measures.licences.beyondToleranceM2 - unplannedM2 : 0;
  if (plans && beyondM2 >= recipe.minOutsideM2) {
    findings.push(
      finding(
        'OP-2',
        `疑似不按开发利用方案开采：超出方案范围 ${areaOf(plans)}，扣除容差 ${toleranceM.toFixed(1)} m 后许可证内仍超出 ${m2(beyondM2)} m²`,
      ),
    );
  }
  for (const near of all) {
    const { validity, boundary, overlap } = near;
    if (validity !== 'expired' && validity !== 'not-yet') continue;
    // Ground that lies in a stage in force as well is in its time.
    const areaM2 = Math.min(overlap.areaInsideM2, plans ? Math.max(0, beyondM2) : Number.POSITIVE_INFINITY);
    if (areaM2 < recipe.minOutsideM2) continue;
    const ended = validity === 'expired' && (boundary.validTo ?? '') >= (attributed.patch.dateBefore ?? '9999');
    const doubt = ended ? '；该期在两期影像之间结束，变化发生在期内还是期满后影像不能区分' : '';
    findings.push(
      finding(
        'OP-3',
        `疑似不按分期开采：图斑有 ${m2(areaM2)} m² 在设计分期 ${titleOf(near)}（${boundary.validFrom ?? '?'} 至 ${boundary.validTo ?? '?'}）内，后时相 ${attributed.patch.dateAfter} 不在该期${doubt}`,
      ),
    );
  }
  return findings;
}

/** Two rights on the same ground (one above the other, or registered twice): the map cannot say whose the digging is. */
function sharedFinding(under: readonly NearBoundary[], { attributed, recipe, ground }: Case): Finding[] {
  const shared = countingLicences(attributed).filter(
    (near) =>
      near.overlap.areaInsideM2 - ground.ownM2(near) >= recipe.minOutsideM2 &&
      near.boundary.holder !== null &&
      under.some(({ boundary }) => boundary.holder !== null && holderOf(boundary) !== holderOf(near.boundary)),
  );
  const [first] = shared;
  if (!first) return [];
  const [owner] = under;
  const areaM2 = first.overlap.areaInsideM2 - ground.ownM2(first);
  const titles = [...(owner ? [owner] : []), ...shared].map(titleOf).join('、');
  return [
    finding(
      'OH-3',
      `图斑有 ${m2(areaM2)} m² 同时位于不同采矿权人的矿区（${titles}），矿区相互重叠，不能判断属谁的矿区`,
    ),
  ];
}

function holderFindings(under: readonly NearBoundary[], item: Case): Finding[] {
  const { attributed, toleranceM } = item;
  const holders = new Map(
    under.flatMap(({ boundary }) => (boundary.holder === null ? [] : [[holderOf(boundary), boundary.holder]])),
  );
  if (holders.size > 1) {
    return [
      finding(
        'OH-1',
        `图斑跨 ${holders.size} 个采矿权人的矿区（${[...holders.values()].sort().join('、')}），疑似进入他人矿区；由谁开采须现场核实`,
      ),
    ];
  }
  const shared = sharedFinding(under, item);
  if (shared.length > 0) return shared;
  const touched = countingLicences(attributed).find(
    ({ boundary, overlap }) =>
      boundary.holder !== null &&
      holders.size === 1 &&
      !holders.has(holderOf(boundary)) &&
      overlap.distanceM <= toleranceM,
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
