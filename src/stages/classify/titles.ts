/** titles: what exploration rights, closed mines and projects around a patch say of it. */
import { counts, isProject, type NearBoundary } from '../../model/attribution.js';
import type { Finding } from '../../model/patch.js';
import type { Case } from './rules.js';
import { about, areaOf, finding, m2, titleOf } from './words.js';

/**
 * Exploration rights, closed mines, and projects in whose name digging may go on. `open`: some ground of the patch is said to lie under no
 * licence and no project; without it only that a mine was closed is said.
 */
export function otherTitles(item: Case, open: boolean): Finding[] {
  const { attributed, recipe, ground } = item;
  const found = attributed.near.flatMap((near) => {
    const { boundary, overlap } = near;
    if (boundary.excludedReason !== null) return [];
    // The version that stands now speaks for it.
    if (near.validity === 'superseded') return [];
    if (boundary.kind === 'closed') return overlap.areaInsideM2 >= recipe.minOutsideM2 ? closedFinding(near, open) : [];
    const openM2 = open ? ground.openM2(near) : 0;
    const spoken = openM2 >= recipe.minOutsideM2 ? titleFinding(near, openM2, item) : null;
    return spoken ? about(near, spoken) : [];
  });
  return open ? [...found, ...beyondProject(item)] : found;
}

/** Where nothing else is said: a mine is on record as closed, and a licence in force holds the same ground. One of them is wrong. */
export function closedRight({ attributed, recipe }: Case): Finding | null {
  const closed = attributed.near.find(
    ({ boundary, overlap, validity }) =>
      boundary.kind === 'closed' &&
      boundary.excludedReason === null &&
      boundary.buffered === undefined &&
      validity !== 'superseded' &&
      overlap.areaInsideM2 >= recipe.minOutsideM2,
  );
  return closed ? { ...closedFinding(closed, false), code: 'cannot-say' } : null;
}

function closedFinding({ boundary, ...near }: NearBoundary, open: boolean): Finding {
  const title = titleOf({ boundary, ...near });
  const where = boundary.buffered?.from === 'point' ? `（登记为点，按周围 ${boundary.buffered.metres} m 计）` : '';
  const doubt = open ? '疑似关闭后复采' : '是否关闭后复采须核实';
  return finding('CL-1', `图斑有 ${m2(near.overlap.areaInsideM2)} m² 在已关闭矿山 ${title} 内${where}，${doubt}`);
}

function titleFinding(near: NearBoundary, openM2: number, { attributed }: Case): Finding | null {
  const { kind, validFrom, validTo, status } = near.boundary;
  const area = `${m2(openM2)} m²`;
  const title = titleOf(near);
  const { dateBefore, dateAfter } = attributed.patch;
  if (kind === 'exploration') {
    if (counts(near)) return finding('EX-1', `图斑有 ${area} 在探矿权 ${title} 内而无采矿权，疑似以采代探`);
    const dates = `有效期 ${validFrom ?? '?'} 至 ${validTo ?? '?'}，不含后时相 ${dateAfter}`;
    const why = near.remark ?? (near.validity === 'ended' ? `状态为“${status ?? '已终止'}”` : dates);
    return finding('EX-2', `图斑有 ${area} 在探矿权 ${title} 内（${why}）且无采矿权，疑似无证勘查或开采`);
  }
  if (isProject(near) && !counts(near)) {
    const what = kind === 'restoration' ? '修复治理工程' : '已批准项目';
    const between = near.validity === 'expired' && (validTo ?? '') >= (dateBefore ?? '9999');
    const doubt = between ? '；期限在两期影像之间届满，变化发生在期内还是期满后影像不能区分' : '';
    return finding(
      'RE-1',
      `图斑有 ${area} 在${what} ${title} 内，${near.remark ?? `后时相 ${dateAfter} 不在其期限（${validFrom ?? '?'} 至 ${validTo ?? '?'}）内`}，疑似借工程名义开采${doubt}`,
    );
  }
  return null;
}

/** Partly in a project that is in force, and beyond it. Ground that a licence holds is no excess of a project. */
function beyondProject({ measures, recipe }: Case): Finding[] {
  const { projects, licences, held } = measures;
  if (!projects) return [];
  const beyondM2 = (held ?? licences).beyondToleranceM2;
  if (Math.min(projects.beyondToleranceM2, beyondM2) < recipe.minOutsideM2) return [];
  return [finding('RE-2', `图斑超出工程或项目范围 ${areaOf(projects)}，疑似借工程名义开采`)];
}
