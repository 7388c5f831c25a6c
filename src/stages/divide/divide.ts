/**
 * divide: a task that is split → a task for each part, of the same place and quarter, with the part's outline measured anew. What the judgement said
 * of the whole stays with each part; a part that the judgement told apart has its own suspected types.
 * In:  the task as its file was opened; `pieces` of the judgement, or outlines that a person drew. Out: tasks `<id>-1`, `<id>-2` …
 */
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { interiorPoint, isInside } from '../../geo/interior-point.js';
import { quantise } from '../../geo/quantise.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { ViolationCode } from '../../model/patch.js';
import type { StepDetails } from '../../model/step-details.js';
import type { Task } from '../../model/task.js';

interface Part {
  readonly name: string;
  readonly geometry: MultiPolygonRings;
  readonly violations: readonly ViolationCode[];
}

/** Drawn by hand: so much more ground than the patch is still the patch. */
const MOST_SHARE = 1.05;

export function divide(task: Task, asked: NonNullable<StepDetails['parts']>): Task[] {
  return partsOf(task, asked).map(({ name, geometry, violations }, i): Task => {
    const { patch, judgement } = task.judged;
    const { sample: _sample, issued: _issued, ...rest } = task;
    return {
      ...rest,
      id: `${task.id}-${i + 1}`,
      state: 'new',
      notes: [`由任务 ${task.id} 拆分：${name}`, ...(task.notes ?? [])],
      judged: {
        patch: {
          ...patch,
          id: `${patch.id}-${i + 1}`,
          geometry,
          areaM2: polygonAreaM2(geometry),
          perimeterM: perimeterM(geometry),
          ...interiorPoint(geometry),
        },
        judgement: { ...judgement, violations, pieces: [] },
      },
    };
  });
}

function partsOf({ judged: { patch, judgement } }: Task, asked: NonNullable<StepDetails['parts']>): Part[] {
  if (asked === 'pieces') {
    if (judgement.pieces.length < 2) {
      throw refused(
        '判定未将此图斑分成地块，请给出各部分的轮廓 (the judgement did not tell pieces apart: give outlines)',
      );
    }
    return judgement.pieces.map(({ piece, title, geometry, violations }) => ({
      name: `地块 ${piece}${title === null ? '' : `（${title}）`}`,
      geometry,
      violations,
    }));
  }
  const parts = asked.map(({ name, geometry }) => ({
    name,
    geometry: quantise(geometry),
    violations: judgement.violations,
  }));
  for (const { name, geometry } of parts) {
    if (polygonAreaM2(geometry) <= 0) throw refused(`“${name}”没有面积 (a part without an area)`);
    const { lon, lat } = interiorPoint(geometry);
    if (!isInside(patch.geometry, lon, lat)) throw refused(`“${name}”不在图斑内 (a part lies outside the patch)`);
  }
  const total = parts.reduce((sum, { geometry }) => sum + polygonAreaM2(geometry), 0);
  if (total > patch.areaM2 * MOST_SHARE) {
    throw refused(
      `各部分共 ${total.toFixed(1)} m²，大于图斑的 ${patch.areaM2.toFixed(1)} m²，可能互相重叠 (the parts are larger than the patch: do they overlap?)`,
    );
  }
  return parts;
}

function refused(message: string): Fault {
  return new Fault('flow.parts', message);
}
