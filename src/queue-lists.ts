/**
 * queue-lists: lists of tasks as files for a person, each in a turn of his: only what he may see, with his name and the time in it, the export on
 * record; and the forms that come back. A list is made in a folder of its own within the workspace that goes when it is done; what a process that was killed
 * left there goes with a later export.
 */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileDigest } from './adapters/files/file-digest.js';
import { gpxText } from './adapters/files/gpx-text.js';
import { replaceFile } from './adapters/files/replace-file.js';
import { taskWorkbook } from './adapters/xlsx/task-workbook.js';
import { writeZip, type ZipEntry } from './adapters/zip/write-zip.js';
import { exportList } from './list-files.js';
import { partsOf } from './model/form-sheet.js';
import { type HandlingMark, MARK_FILE_ENDING, markFileText } from './model/handling-mark.js';
import { markedList } from './model/marked-list.js';
import { taskList } from './model/patch-list.js';
import type { Task } from './model/task.js';
import type { Desk } from './ports/desk.js';
import type { Findings } from './ports/findings.js';
import type { TaskListFormat, TaskLists } from './ports/task-lists.js';
import type { TaskQueue } from './ports/task-queue.js';
import type { Workspace } from './ports/workspace.js';
import { digestOn, finishExport, type Put } from './queue-exports.js';
import { type Listed, listedIn } from './queue-listed.js';
import { createReadBack } from './queue-read-back.js';
import { exportSheets, type SheetsWorkspace } from './queue-sheets.js';

const CONTENT_TYPES: Readonly<Record<TaskListFormat, string>> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  geojson: 'application/geo+json',
  gpkg: 'application/geopackage+sqlite3',
  shp: 'application/zip',
  kml: 'application/vnd.google-earth.kml+xml',
  kmz: 'application/vnd.google-earth.kmz',
  gpx: 'application/gpx+xml',
};

/** An export that takes longer than this is none any more. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

export function createTaskLists(
  workspace: SheetsWorkspace & Pick<Workspace, 'dir'>,
  desk: Desk,
  files: TaskQueue,
  findings: Findings,
): TaskLists {
  return {
    async write(actor, wish, put) {
      const { format } = wish;
      const answer = (tasks: number, quarter: string) => ({
        tasks,
        name: format === 'shp' ? `tuban-${quarter}-shp.zip` : `tuban-${quarter}.${format}`,
        contentType: CONTENT_TYPES[format],
      });
      if (format === 'pdf') {
        const { tasks, quarter } = await exportSheets(workspace, desk, actor, wish, put);
        return answer(tasks, quarter);
      }
      const listed = await desk.as(actor, (turn) => listedIn(turn, wish));
      const leaves = digestOn(put);
      await writeList(workspace, listed, format, leaves.put);
      await finishExport(desk, actor, listed.mark.exportId, leaves.digest());
      return answer(listed.tasks.length, listed.quarter);
    },
    async writeShapefile(actor, wish, path) {
      const { tasks, mark } = await desk.as(actor, (turn) => listedIn(turn, { ...wish, format: 'shp' }));
      await shapefile(path, tasks, mark, workspace.pool);
      await finishExport(desk, actor, mark.exportId, await fileDigest(path));
      return { tasks: tasks.length };
    },
    readBack: createReadBack(files, findings),
  };
}

async function writeList(
  { dir, pool }: Pick<Workspace, 'dir' | 'pool'>,
  listed: Listed,
  format: TaskListFormat,
  put: Put,
): Promise<void> {
  const { quarter, tasks, files, mark, codes } = listed;
  const list = taskList(tasks);
  if (format === 'gpx') return put(Buffer.from(gpxText(list, mark), 'utf8'));
  if (format === 'xlsx') {
    const parts = tasks.flatMap((task) =>
      partsOf(task).map((part) => ({
        taskId: task.id,
        revision: files.get(task.id)?.revision ?? 0,
        codesVersion: codes.version,
        part,
      })),
    );
    return put(await taskWorkbook({ list, parts, codes, mark }));
  }
  const folder = await leavingFolder(join(dir, '.tuban', 'leaving'));
  try {
    if (format === 'shp') {
      await shapefile(join(folder, `tuban-${quarter}.shp`), tasks, mark, pool);
      return await writeZip(filesOf(folder), mark.at, put);
    }
    const path = join(folder, `list.${format}`);
    // A CSV goes by itself: no file beside it could hold the mark.
    await exportList(path, format === 'csv' ? markedList(list, mark) : list, pool, mark);
    for await (const chunk of createReadStream(path)) await put(chunk as Uint8Array);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function shapefile(
  path: string,
  tasks: readonly Task[],
  mark: HandlingMark,
  pool: Workspace['pool'],
): Promise<void> {
  await exportList(path, taskList(tasks), pool, mark);
  await replaceFile(`${path}${MARK_FILE_ENDING}`, Buffer.from(markFileText(mark)));
}

async function* filesOf(folder: string): AsyncGenerator<ZipEntry> {
  for (const name of (await readdir(folder)).sort()) {
    yield { name, content: await readFile(join(folder, name)), deflate: true };
  }
}

async function leavingFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    const left = join(parent, name);
    // Another export may just have taken its own away.
    const age = await stat(left).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LEFT_BEHIND_MS) await rm(left, { recursive: true, force: true });
  }
  return mkdtemp(join(parent, 'list-'));
}
