/** layer-changes: what an import did to what was known, in lines for the one who imports. */
import type { LayerFile } from '../model/layer-file.js';
import { EVENT_WORDS } from '../model/version-events.js';
import type { LayerChanges } from '../stages/register/changes.js';

/** More than this many are counted only; --json has them all. */
const MOST_LINES = 200;

export function changeLines({ first, same, changed, missing }: LayerChanges, file: LayerFile): string[] {
  const known = changed.length + same + missing.length > 0;
  const counts = `首次登记 (first) ${first}，与已登记相同 (same) ${same}，新版本 (new versions) ${changed.length}`;
  const gone = file.complete ? `，名单中已无 (no longer listed) ${missing.length}` : '';
  return [
    ...(known ? [counts + gone] : []),
    ...changed.slice(0, MOST_LINES).map(({ title, effective, events, undated }) => {
      const what = events.map((event) => EVENT_WORDS[event]).join('、');
      const since = effective === null ? '自始' : `自 ${effective} 起`;
      const remark = undated ? '；文件没有变更日期，按更正处理，如是变更请用 --valid-from 给出日期' : '';
      return `${title}：${what}，${since}${remark}`;
    }),
    ...rest(changed.length),
    ...missing
      .slice(0, MOST_LINES)
      .map(({ title }) => `名单中已无：${title}，自 ${file.validFrom} 起不再作为依据，请核实`),
    ...rest(missing.length),
  ];
}

function rest(count: number): string[] {
  return count > MOST_LINES ? [`……另有 ${count - MOST_LINES} 个，见 --json (and more)`] : [];
}
