/** diff-report: the offline HTML page of a one-off comparison. */
import { basename } from 'node:path';
import { writeReport } from './adapters/html/report.js';
import { encodeJpeg } from './adapters/sharp/encode.js';
import type { DiffOutcome } from './diff-outcome.js';
import { boxOf } from './geo/distance.js';
import { extentRing } from './geo/extent-ring.js';
import type { Shift } from './model/change.js';
import { noticeOf } from './model/notice.js';
import type { WorkPool } from './ports/work-pool.js';

export async function writeDiffReport(pool: WorkPool, path: string, outcome: DiffOutcome): Promise<void> {
  const { fitted, judged } = outcome;
  const { before, after } = fitted.pair;
  const { model } = fitted;
  const [ground = []] = await pool.run('toLonLat', {
    crs: fitted.grid.crs,
    polygons: [[[extentRing(fitted.grid, fitted.extent)]]],
  });
  const areaM2 = judged.reduce((sum, { patch }) => sum + patch.areaM2, 0);
  await writeReport(
    {
      path,
      title: `两期影像比较：${before.acquiredOn ?? basename(before.path)} → ${after.acquiredOn ?? basename(after.path)}`,
      pairs: [{ id: outcome.pairId, pair: fitted.pair, shiftPx: [model.shift.x, model.shift.y], box: boxOf(ground) }],
      judged,
      boundaries: outcome.boundaries,
      facts: [
        { words: { zh: '图斑', en: 'patches' }, value: String(judged.length) },
        {
          words: { zh: '变化面积', en: 'changed area' },
          value: `${((areaM2 * 3) / 2000).toFixed(2)} 亩（${Math.round(areaM2)} m²）`,
        },
        { words: { zh: '两期均可见', en: 'seen on both dates' }, value: `${(outcome.seenShare * 100).toFixed(1)} %` },
        {
          words: { zh: '两期偏移', en: 'shift' },
          value: `${model.shift.x.toFixed(2)}, ${model.shift.y.toFixed(2)} 像元，残差 ${model.shift.residualPx.toFixed(2)}`,
        },
        ...refusedFact(model.shift),
      ],
      remarks: outcome.remarks,
      provenance: [
        {
          words: { zh: '前期影像', en: 'before' },
          value: `${before.path}（${before.acquiredOn ?? '日期未知'}，${before.sensor}）`,
        },
        {
          words: { zh: '后期影像', en: 'after' },
          value: `${after.path}（${after.acquiredOn ?? '日期未知'}，${after.sensor}）`,
        },
        { words: { zh: '方法', en: 'method' }, value: model.method },
        { words: { zh: '配方', en: 'recipe' }, value: outcome.recipeHash },
      ],
      notice: noticeOf([before, after]),
    },
    pool,
    encodeJpeg,
  );
}

/** What could not be aligned is said only where there is such a part. */
function refusedFact({ refusedShare = 0 }: Shift) {
  if (refusedShare === 0) return [];
  const value = `${(refusedShare * 100).toFixed(1)} %（按未见处理，未作比较）`;
  return [{ words: { zh: '无法对准', en: 'refused: cannot be aligned' }, value }];
}
