/**
 * validity: what dates and status of the licences under a patch say. A licence that does not count accuses only where it has ground that
 * no licence and no project in force holds, and where the patch is suspected of lying open at all; else the same sentence is a remark.
 */
import { countingLicences, counts, type NearBoundary } from '../../model/attribution.js';
import type { Finding, Patch } from '../../model/patch.js';
import type { Case } from './rules.js';
import { about, finding, titleOf } from './words.js';

/** `open`: some ground of the patch is said to lie under no licence and no project, beyond the tolerance. */
export function validityFindings({ attributed, recipe, ground }: Case, open: boolean): Finding[] {
  return attributed.near.flatMap((item) => {
    const { boundary, overlap } = item;
    if (boundary.kind !== 'licences' || overlap.areaInsideM2 === 0 || boundary.excludedReason !== null) return [];
    const spoken = validityFinding(item, attributed.patch);
    if (!spoken) return [];
    if (spoken.code === null) return about(item, spoken);
    // A sliver of a licence that does not count, or one in doubt whose ground another holds, changes nothing.
    if (overlap.areaInsideM2 < recipe.minPieceM2) return [];
    if (counts(item)) return ground.ownM2(item) >= recipe.minPieceM2 ? about(item, spoken) : [];
    if (open && ground.openM2(item) >= recipe.minPieceM2) return about(item, spoken);
    return about(item, { ...spoken, code: null, reason: `${spoken.reason}（其范围内的变化另有说明，本条仅供参考）` });
  });
}

/** Where nothing else is said: the licence whose ground it is has no end, so whether it was in force cannot be told. */
export function undatedRight({ attributed, ground, recipe }: Case): Finding | null {
  if (attributed.patch.dateAfter === null) return null;
  const undated = countingLicences(attributed).find(
    (near) => near.validity === 'unknown' && ground.ownM2(near) >= recipe.minPieceM2,
  );
  return undated ? about(undated, { ...unknownFinding(undated), code: 'cannot-say' }) : null;
}

function unknownFinding(item: NearBoundary): Finding {
  return finding('VA-2', `采矿许可证 ${titleOf(item)} 未登记有效期止，不能判断是否在有效期内，边界按有效许可证核对`);
}

function validityFinding(item: NearBoundary, { dateBefore, dateAfter }: Patch): Finding | null {
  const { boundary, validity, remark, since, standing } = item;
  const title = titleOf(item);
  switch (validity) {
    case 'expired': {
      if (boundary.validTo === null) {
        return finding('NL-2', `采矿许可证 ${title} 状态为“${boundary.status}”，未登记有效期止，是否早于后时相须核实`);
      }
      const between = dateBefore !== null && boundary.validTo >= dateBefore;
      const when = between
        ? `在前后时相 ${dateBefore} 与 ${dateAfter} 之间，变化发生在到期前还是到期后影像不能区分`
        : `早于后时相 ${dateAfter}`;
      return finding(
        'NL-2',
        `采矿许可证 ${title} 有效期止 ${boundary.validTo}，${when}；${remark ?? '请核实延续申请是否已受理'}`,
      );
    }
    case 'lapsed':
      return finding('NL-6', `采矿许可证 ${title}：${remark ?? `有效期止 ${boundary.validTo}`}，延续受理不再覆盖`);
    case 'not-yet':
      return finding('NL-3', `采矿许可证 ${title} 有效期起 ${boundary.validFrom}，晚于后时相 ${dateAfter}`);
    case 'ended': {
      // Today's status says nothing of the day of an older image.
      const undated =
        boundary.endedOn === undefined && remark === undefined ? '；未登记终止日期，是否早于后时相须核实' : '';
      return finding(
        'NL-4',
        `采矿许可证 ${title}：${remark ?? `状态为“${boundary.status}”`}，不作为有效许可${undated}`,
      );
    }
    case 'no-permit':
      return finding('NL-5', `${title} 登记状态为“${boundary.status}”：有采矿权，未取得采矿许可证，不作为有效许可`);
    case 'suspended':
      return finding(
        'SU-1',
        `采矿许可证 ${title} 停产或暂扣（${remark ?? boundary.status}），有地表变化，须核实开采时间`,
      );
    case 'superseded':
      return finding('VA-4', `采矿许可证 ${title}：${remark ?? '已由新版本替代'}`);
    default:
      break;
  }
  if (since !== undefined) return finding('VA-3', `采矿许可证 ${title}：${remark ?? `自 ${since} 起有效`}`);
  if (standing === 'renewal') return finding('VA-5', `采矿许可证 ${title}：${remark ?? '延续申请已受理'}，按有效处理`);
  if (validity !== 'unknown') return null;
  return dateAfter === null
    ? finding('VA-1', `影像日期未知，未判断采矿许可证 ${title} 的有效期，按有效处理`)
    : unknownFinding(item);
}
