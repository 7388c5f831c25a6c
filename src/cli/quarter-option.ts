/** Which quarter a command speaks of: the one asked for, else the newest that was run. */
import { Fault } from '../model/fault.js';
import { parseQuarter } from '../model/quarter.js';
import type { Quarter } from '../model/scene.js';
import type { QuarterRecord } from '../ports/quarter-record.js';

export const QUARTER_OPTION = [
  '--quarter <QUARTER>',
  '季度，如 2026Q3；缺省为最近运行过的季度 (quarter; default: the newest that was run)',
] as const;

/** Faults: quarter.form, quarter.none. */
export async function chosenQuarter(asked: string | undefined, record: QuarterRecord): Promise<Quarter> {
  if (asked !== undefined) return parseQuarter(asked);
  const [newest] = await record.quarters();
  if (!newest) {
    throw new Fault(
      'quarter.none',
      '还没有运行过任何季度；请先用 tuban run 2026Q3 这样的命令 (no quarter was run yet: tuban run)',
    );
  }
  return newest.quarter;
}
