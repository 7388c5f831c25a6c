/** queue-pictures: what a task's bundle shows of its place: both images side by side, and a map. The caller has seen to it that the person may. */
import { taskMap } from './adapters/html/task-map.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { chipPng } from './adapters/sharp/chip.js';
import { pairViews } from './adapters/views/pair-views.js';
import { squareBoxAround } from './geo/map-frame.js';
import type { EvidenceFile } from './model/evidence.js';
import { Fault } from './model/fault.js';
import type { HandlingMark } from './model/handling-mark.js';
import { noticeOf } from './model/notice.js';
import { quarterDays } from './model/quarter.js';
import type { Task } from './model/task.js';
import { muOf, VIOLATION_WORDS } from './model/words.js';
import type { Workspace } from './ports/workspace.js';

export interface TaskPictures {
  readonly map: string;
  readonly beforeAfter: Uint8Array | null;
  /** Chinese: why there are no images; empty where there are. */
  readonly missing: string;
}

const CHIP_PX = 520;

export async function taskPictures(
  { database, pool }: Pick<Workspace, 'database' | 'pool'>,
  { id, quarter, judged: { patch, judgement } }: Task,
  files: readonly EvidenceFile[],
  mark: HandlingMark,
): Promise<TaskPictures> {
  const record = quarterRecord(database);
  const box = squareBoxAround(patch.geometry);
  const boundaries = await record.boundaries(box, quarterDays(quarter).last);
  const map = taskMap({
    title: id,
    outline: patch.geometry,
    boundaries,
    photos: files.flatMap(({ place, sha256 }) =>
      place?.lon != null && place.lat != null ? [{ label: sha256.slice(0, 6), lon: place.lon, lat: place.lat }] : [],
    ),
  });
  const run = await record.run(quarter);
  const pair = run?.pairs.find((one) => patch.pairs.includes(one.id));
  if (!pair) return { map, beforeAfter: null, missing: '该任务没有可显示的影像对' };
  try {
    const picture = await pairViews(pool, record).picture(pair, box, CHIP_PX);
    const say = (language: 'zh' | 'en') =>
      judgement.violations.map((code) => VIOLATION_WORDS[code][language]).join('、');
    const beforeAfter = await chipPng({
      picture,
      outline: patch.geometry,
      boundaries: boundaries.filter(({ kind }) => kind !== 'admin'),
      title: { zh: `${say('zh')}　${id}`, en: `${say('en')}  ${id}` },
      facts: {
        zh: `面积 ${patch.areaM2.toFixed(0)} m²（${muOf(patch.areaM2).toFixed(2)} 亩）`,
        en: `area ${patch.areaM2.toFixed(0)} m²`,
      },
      dateBefore: patch.dateBefore,
      dateAfter: patch.dateAfter,
      notice: noticeOf([pair.use.before, pair.use.after]),
      mark,
    });
    return { map, beforeAfter, missing: '' };
  } catch (error) {
    // The images stay where they are: one that was moved away leaves the bundle without pictures, and the bundle says so.
    if (!(error instanceof Fault)) throw error;
    return { map, beforeAfter: null, missing: `影像打不开：${error.message}` };
  }
}
