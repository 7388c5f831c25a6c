/** quarter-report: a workspace's quarter as one offline HTML page, and the before/after picture of each of its first tasks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeReport } from './adapters/html/report.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { chipPng } from './adapters/sharp/chip.js';
import { encodeJpeg } from './adapters/sharp/encode.js';
import { pairViews } from './adapters/views/pair-views.js';
import { boxOf } from './geo/distance.js';
import { boxesMeet, squareBoxAround } from './geo/map-frame.js';
import { Fault } from './model/fault.js';
import type { Box } from './model/grid.js';
import { type HandlingMark, MARK_TITLE, markRecord, markText } from './model/handling-mark.js';
import { noticeOf } from './model/notice.js';
import { quarterDays } from './model/quarter.js';
import type { Quarter } from './model/scene.js';
import type { Observation, Task } from './model/task.js';
import { muOf, VIOLATION_WORDS, type Words } from './model/words.js';
import type { FinishedRun, MappedBoundary, QuarterRecord } from './ports/quarter-record.js';
import type { Workspace } from './ports/workspace.js';

export interface QuarterReportRequest {
  readonly quarter: Quarter;
  readonly htmlPath: string;
  readonly pictureFolder: string;
  /** How many tasks get a picture of their own. */
  readonly top: number;
  /** Stands below the page; null: the page stays in the workspace. */
  readonly mark: HandlingMark | null;
}

export interface QuarterReport {
  readonly html: string;
  readonly tasks: number;
  /** In the order of the ranks. */
  readonly pictures: readonly string[];
}

const CHIP_PX = 520;
const MOST_TASKS = 2000;

export async function reportQuarter(
  { database, pool, title }: Workspace,
  { quarter, htmlPath, pictureFolder, top, mark }: QuarterReportRequest,
): Promise<QuarterReport> {
  const record = quarterRecord(database);
  const views = pairViews(pool, record);
  const run = await record.run(quarter);
  if (!run) {
    throw new Fault(
      'report.no-run',
      `季度 ${quarter} 还没有运行过，请先运行 tuban run ${quarter} (run the quarter first)`,
    );
  }
  const { tasks, total } = await record.tasks(quarter, { state: 'new', offset: 0, limit: MOST_TASKS });
  const unlisted = await unlistedOf(record, quarter);
  const pairs = await Promise.all(
    run.pairs.map(async (pair) => ({
      id: pair.id,
      pair: pair.use,
      shiftPx: await record.shiftPx(pair.id),
      box: await views.box(pair),
    })),
  );
  const boundaries = await boundariesOf(
    record,
    pairs.map(({ box }) => box),
    quarterDays(quarter).last,
  );
  const observations = await record.observations(quarter);
  const notice = noticeOf(run.pairs.flatMap(({ use }) => [use.before, use.after]));
  await mkdir(dirname(htmlPath), { recursive: true });
  await writeReport(
    {
      path: htmlPath,
      title: `${title} ${quarter} 疑似图斑`,
      pairs,
      judged: tasks.map(({ judged }) => judged),
      boundaries,
      facts: factsOf(tasks, observations, unlisted),
      remarks: [...listRemarks(unlisted, { shown: tasks.length, total }), ...notSeenRemarks(observations, boundaries)],
      provenance: [...provenanceOf(run), ...markFacts(mark)],
      notice,
    },
    pool,
    encodeJpeg,
  );
  await mkdir(pictureFolder, { recursive: true });
  const pictures: string[] = [];
  for (const task of tasks.slice(0, top)) {
    const pair = run.pairs.find(({ id }) => task.judged.patch.pairs.includes(id));
    if (!pair) continue;
    const { patch } = task.judged;
    const box = squareBoxAround(patch.geometry);
    const png = await chipPng({
      picture: await views.picture(pair, box, CHIP_PX),
      outline: patch.geometry,
      boundaries: boundaries.filter(({ geometry, kind }) => kind !== 'admin' && boxesMeet(boxOf(geometry), box)),
      title: titleOf(task),
      facts: factsLine(task),
      dateBefore: patch.dateBefore,
      dateAfter: patch.dateAfter,
      notice,
      mark,
    });
    const path = join(pictureFolder, `${String(task.rank).padStart(3, '0')}-${task.id}.png`);
    await writeFile(path, png);
    pictures.push(path);
  }
  return { html: htmlPath, tasks: tasks.length, pictures };
}

async function boundariesOf(record: QuarterRecord, boxes: readonly Box[], on: string): Promise<MappedBoundary[]> {
  const found = new Map<string, MappedBoundary>();
  for (const box of boxes) for (const boundary of await record.boundaries(box, on)) found.set(boundary.id, boundary);
  return [...found.values()];
}

function markFacts(mark: HandlingMark | null): ReturnType<typeof provenanceOf> {
  if (mark === null) return [];
  return [{ words: { zh: MARK_TITLE, en: 'mark' }, value: `${markText(mark)}　${markRecord(mark)}` }];
}

/** What stands beside the list: how many tasks are in reserve, how many quiet. */
interface Unlisted {
  readonly reserve: number;
  readonly quiet: number;
}

async function unlistedOf(record: QuarterRecord, quarter: Quarter): Promise<Unlisted> {
  const count = async (state: Task['state']) => (await record.tasks(quarter, { state, offset: 0, limit: 1 })).total;
  return { reserve: await count('reserve'), quiet: await count('quiet') };
}

function listRemarks({ reserve, quiet }: Unlisted, { shown, total }: { shown: number; total: number }): string[] {
  const see = '，不在本页，用 tuban tasks list --all 查看';
  return [
    ...(reserve > 0 ? [`后备 ${reserve} 个：超出本季度核查预算的疑似图斑，得分与理由保留${see}。`] : []),
    ...(quiet > 0 ? [`误报记忆 ${quiet} 个：曾认定为误报且其后未明显扩大的地点，不再派发任务${see}。`] : []),
    ...(total > shown ? [`本页只列前 ${shown} 个，共 ${total} 个核查任务。`] : []),
  ];
}

function factsOf(tasks: readonly Task[], observations: readonly Observation[], { reserve, quiet }: Unlisted) {
  const areaM2 = tasks.reduce((sum, { judged }) => sum + judged.patch.areaM2, 0);
  const count = (result: Observation['result']) => observations.filter((one) => one.result === result).length;
  return [
    { words: { zh: '核查任务', en: 'tasks' }, value: `${tasks.length}` },
    ...(reserve > 0 ? [{ words: { zh: '后备', en: 'in reserve' }, value: `${reserve}` }] : []),
    ...(quiet > 0 ? [{ words: { zh: '误报记忆', en: 'quiet' }, value: `${quiet}` }] : []),
    { words: { zh: '图斑面积', en: 'area' }, value: `${muOf(areaM2).toFixed(2)} 亩` },
    { words: { zh: '登记范围', en: 'register polygons' }, value: `${observations.length}` },
    { words: { zh: '有变化', en: 'changed' }, value: `${count('changed')}` },
    { words: { zh: '无变化', en: 'unchanged' }, value: `${count('unchanged')}` },
    { words: { zh: '未看到', en: 'not seen' }, value: `${count('not-seen')}` },
  ];
}

function notSeenRemarks(observations: readonly Observation[], boundaries: readonly MappedBoundary[]): string[] {
  const names = observations
    .filter(({ result }) => result === 'not-seen')
    .map(({ boundaryId, seenShare }) => {
      const boundary = boundaries.find(({ id }) => id === boundaryId);
      const name = boundary?.name ?? boundary?.number ?? boundaryId;
      return `${name}（看到 ${(seenShare * 100).toFixed(0)} %）`;
    });
  return names.length > 0 ? [`未看到，不等于没有变化：${names.join('、')}。`] : [];
}

function provenanceOf({ id, recipeHash, pairs }: FinishedRun) {
  const file = (path: string, date: string) => `${basename(path)}（${date}）`;
  return [
    ...pairs.map(({ use, beforeOn, afterOn }) => ({
      words: { zh: '影像对', en: 'pair' },
      value: `${file(use.before.path, beforeOn)} → ${file(use.after.path, afterOn)}`,
    })),
    { words: { zh: '运行', en: 'run' }, value: id },
    { words: { zh: '配方', en: 'recipe' }, value: recipeHash },
  ];
}

function titleOf({ rank, id, judged }: Task): Words {
  const say = (language: 'zh' | 'en', between: string) =>
    judged.judgement.violations.map((code) => VIOLATION_WORDS[code][language]).join(between);
  return { zh: `第 ${rank} 名　${say('zh', '、')}　${id}`, en: `No. ${rank}  ${say('en', ', ')}  ${id}` };
}

function factsLine({ judged: { patch, judgement } }: Task): Words {
  const { outsideM2, outsideM, licenceNo } = judgement;
  const area = `${patch.areaM2.toFixed(0)} m²`;
  const inside = patch.areaM2 - outsideM2 > 1 && outsideM2 > 0;
  const zh = [
    `优先级 ${judgement.score.toFixed(1)}`,
    `面积 ${area}（${muOf(patch.areaM2).toFixed(2)} 亩）`,
    inside ? `界外 ${outsideM2.toFixed(0)} m²${outsideM === null ? '' : `，最远 ${outsideM.toFixed(0)} m`}` : '',
    licenceNo === null ? '' : `许可证 ${licenceNo}`,
  ];
  const en = [
    `score ${judgement.score.toFixed(1)}`,
    `area ${area}`,
    inside ? `outside ${outsideM2.toFixed(0)} m²` : '',
    licenceNo === null ? '' : `licence ${licenceNo}`,
  ];
  const join = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' · ');
  return { zh: join(zh), en: join(en) };
}
