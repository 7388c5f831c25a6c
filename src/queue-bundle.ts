/**
 * queue-bundle: a task's whole file as one archive: what it was opened with and what is said now, every step, findings, reviews, verdicts, the record,
 * pictures, a map, the originals; SHA256SUMS over all of it. Offenders are not in it: they are kept apart, encrypted.
 */
import { createHash } from 'node:crypto';
import type { EvidenceStore } from './adapters/evidence/store.js';
import { bundleRows } from './adapters/postgres/bundle.js';
import { beginExport } from './adapters/postgres/export-log.js';
import { findingsOf } from './adapters/postgres/findings.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import { verdictsOf } from './adapters/postgres/verdicts.js';
import { writeZip, type ZipEntry } from './adapters/zip/write-zip.js';
import type { EvidenceFile } from './model/evidence.js';
import { type HandlingMark, markRecord, markText } from './model/handling-mark.js';
import type { Task } from './model/task.js';
import type { Desk, Turn } from './ports/desk.js';
import type { TaskBundle } from './ports/task-bundle.js';
import { digestOn, finishExport } from './queue-exports.js';
import { taskGround } from './queue-ground.js';
import type { TaskPictures } from './queue-pictures.js';
import { extensionOf } from './stages/attach/family.js';

export type DrawTask = (task: Task, files: readonly EvidenceFile[], mark: HandlingMark) => Promise<TaskPictures>;

interface Gathered {
  readonly task: Task;
  readonly files: readonly EvidenceFile[];
  readonly texts: ReadonlyMap<string, string>;
  readonly auditEntries: number;
  readonly mark: HandlingMark & { readonly exportId: string };
  readonly at: string;
}

export function createTaskBundle(desk: Desk, store: EvidenceStore, draw: DrawTask): TaskBundle {
  return {
    async write(actor, taskId, put) {
      const gathered = await desk.as(actor, (turn) => gather(turn, taskId));
      // Before the first byte leaves: a bundle with a changed original is none.
      for (const { sha256 } of gathered.files) await store.verify(sha256);
      const pictures = await draw(gathered.task, gathered.files, gathered.mark);
      const sums: string[] = [];
      const leaves = digestOn(put);
      await writeZip(entries(gathered, pictures, store, sums), gathered.at, leaves.put);
      await finishExport(desk, actor, gathered.mark.exportId, leaves.digest());
      return { files: sums.length + 1 };
    },
  };
}

async function gather(turn: Turn, taskId: string): Promise<Gathered> {
  const { task, files, codes } = await taskGround(turn.sql, taskId);
  const rows = await bundleRows(turn.sql, taskId);
  const texts: [string, unknown][] = [
    ['task.json', { file: rows.file, opened: rows.opened, newest: task }],
    ['steps.json', rows.steps],
    ['findings.json', await findingsOf(turn.sql, taskId)],
    ['reviews.json', rows.opinions],
    ['verdicts.json', await verdictsOf(turn.sql, taskId)],
    ['evidence.json', files.map((file) => ({ ...file, original: originalName(file) }))],
    ['people.json', rows.people],
    ['codes.json', codes],
    ['audit.json', rows.audit],
  ];
  await sawPlaces(turn, 'export', [taskId]);
  const what = { kind: 'bundle', format: 'zip', quarter: task.quarter, rows: 1 } as const;
  const mark = await beginExport(turn, what, `task:${taskId}`, { originals: files.length });
  return {
    task,
    files,
    texts: new Map(texts.map(([name, value]) => [name, `${JSON.stringify(value, null, 1)}\n`])),
    auditEntries: rows.audit.length,
    mark,
    at: turn.at,
  };
}

const originalName = ({ sha256, contentType }: EvidenceFile) =>
  `originals/${sha256.slice(0, 16)}.${extensionOf(contentType)}`;

async function* entries(
  gathered: Gathered,
  pictures: TaskPictures,
  store: EvidenceStore,
  sums: string[],
): AsyncGenerator<ZipEntry> {
  const whole = (name: string, content: Uint8Array, deflate: boolean): ZipEntry => {
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}`);
    return { name, content, deflate };
  };
  yield whole('README.txt', Buffer.from(readme(gathered, pictures)), true);
  for (const [name, text] of gathered.texts) yield whole(name, Buffer.from(text), true);
  yield whole('map.svg', Buffer.from(pictures.map), true);
  if (pictures.beforeAfter) yield whole('before-after.png', pictures.beforeAfter, false);
  for (const file of gathered.files) {
    // The hash that the record is bound to, not one of what was just read.
    sums.push(`${file.sha256}  ${originalName(file)}`);
    yield { name: originalName(file), content: store.read(file.sha256), deflate: false };
  }
  yield { name: 'SHA256SUMS', content: Buffer.from(`${sums.join('\n')}\n`), deflate: true };
}

function readme({ task, files, auditEntries, mark }: Gathered, { missing }: TaskPictures): string {
  return `核查任务档案 ${task.id}（${task.quarter}）
${markText(mark)}
${markRecord(mark)}

核对方法：解压后在本文件夹运行
    sha256sum -c SHA256SUMS
每一行都应为 OK（Windows 可用 certutil -hashfile 文件 SHA256 逐个比对）。原件按接收时的字节保存，
其 SHA-256 与核查记录（findings.json）、审计记录（audit.json）中的一致。

task.json       任务：file 现状，opened 建档时的内容，newest 最近一次运行的内容
steps.json      每一步：何人、何时、何设备、何变化
findings.json   提交的核查记录（不含违法主体身份信息，该信息加密另存，不随档案导出）
reviews.json    审核过程中的意见        verdicts.json  认定意见
evidence.json   附件清单：SHA-256、EXIF 时间、位置、方向、与图斑的距离、提示
codes.json      代码表                  people.json    相关人员
audit.json      审计记录 ${auditEntries} 条${auditEntries === 0 ? '（导出人无权查看审计记录）' : ''}
map.svg         图斑、登记范围与照片位置
${missing === '' ? 'before-after.png  前后时相影像' : `没有前后时相影像：${missing}`}
originals/      附件原件 ${files.length} 个

图斑为疑似线索，以实地核查和认定意见为准。
`;
}
