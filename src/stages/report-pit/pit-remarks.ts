/**
 * pit-remarks: what is worth a second look before a pit is reported, and hinders nothing.
 * In:  the pit, whether it lies within the person's areas. Out: remarks (Chinese).
 */
import type { PitCheck } from '../../model/pit-check.js';
import { quarterDays } from '../../model/quarter.js';
import type { ReportedPit } from '../../model/reported-pit.js';

/** m²: a pixel of Sentinel-2; and 300 mu, larger than nearly every pit (judgements). */
const LITTLE_M2 = 100;
const MUCH_M2 = 200_000;

export function pitRemarks({ areaM2, seenOn, quarter }: ReportedPit, within: boolean): PitCheck['remarks'] {
  const remarks: PitCheck['remarks'][number][] = [];
  if (areaM2 < LITTLE_M2) {
    remarks.push({ code: 'small', message: `面积只有 ${areaM2.toFixed(0)} m²，请确认范围画得对 (very small)` });
  }
  if (areaM2 > MUCH_M2) {
    remarks.push({
      code: 'large',
      message: '面积很大，请确认不是把几处画在一起；几处采坑请分别上报 (very large: report each pit)',
    });
  }
  if (!within)
    remarks.push({ code: 'area', message: '范围有一部分在您负责的区域之外 (part of it lies outside your areas)' });
  if (seenOn > quarterDays(quarter).last) {
    remarks.push({
      code: 'late',
      message: `所见日期在 ${quarter} 之后：当季是否已有不详，不计入漏查估计 (seen after the quarter: not counted in the estimate)`,
    });
  }
  return remarks;
}
