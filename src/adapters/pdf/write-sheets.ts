/** writeSheets: a list of tasks for paper: a cover with the table of all tasks, then a sheet for each, handed on as it is drawn. */
import { planeCoordinates } from '../../geo/plane-coordinates.js';
import { chinaTime, HANDLING_WORDS } from '../../model/handling-mark.js';
import type { SheetList, TaskSheet } from '../../model/task-sheet.js';
import { muOf, VIOLATION_WORDS } from '../../model/words.js';
import { line, openPaper, PAGE, type Paper, paragraph } from './paper.js';
import { printTable } from './print-table.js';
import { drawTask } from './task-pages.js';

/** Number of pages. Fault pdf.font. */
export async function writeSheets(
  list: SheetList,
  sheets: AsyncIterable<TaskSheet>,
  put: (chunk: Uint8Array) => Promise<void>,
): Promise<number> {
  const paper = await openPaper({ title: `核查任务单 ${list.quarter}`, mark: list.mark, put });
  drawCover(paper, list);
  await paper.flush();
  for await (const sheet of sheets) {
    drawTask(paper, sheet, list.codes);
    await paper.flush();
  }
  return paper.close();
}

function drawCover(paper: Paper, { bureau, quarter, mark, roundId, lines }: SheetList): void {
  const { doc } = paper;
  paper.newPage();
  doc.y += 26;
  doc.fontSize(24).fillColor('#111111', 1);
  doc.text(`${bureau}`, PAGE.left, doc.y, { width: PAGE.right - PAGE.left, align: 'center' });
  doc.fontSize(20);
  doc.text(`${quarter} 核查任务单`, { width: PAGE.right - PAGE.left, align: 'center' });
  doc.y += 4;
  doc.fontSize(13).fillColor('#b00020', 1);
  doc.text(HANDLING_WORDS, { width: PAGE.right - PAGE.left, align: 'center' });
  doc.y += 10;
  const zones = [
    ...new Set(lines.flatMap(({ task }) => planeCoordinates(task.judged.patch.lon, task.judged.patch.lat)?.zone ?? [])),
  ];
  const facts = [
    `任务 ${lines.length} 个${roundId === null ? '' : `，巡查 ${roundId}，按行程顺序排列`}；导出人 ${mark.name}，导出时间 ${chinaTime(mark.at)}（北京时间）。`,
    `坐标系 CGCS2000；平面坐标为 3°带高斯投影${zones.length > 0 ? `（第 ${zones.sort().join('、')} 带）` : ''}，X 为北、Y 为东并带带号。`,
    '所列均为疑似线索，以实地核查为准。用后按规定归档或销毁，不得拍照转发。',
  ];
  for (const text of facts) paragraph(doc, text, { size: 10 });
  doc.y += 4;
  printTable(
    paper,
    [
      { head: '序号', width: 28, align: 'right' },
      { head: '任务编号', width: 128 },
      { head: '疑似类型', width: 110 },
      { head: '面积（亩）', width: 50, align: 'right' },
      { head: '得分', width: 34, align: 'right' },
      { head: '经度', width: 58, align: 'right' },
      { head: '纬度', width: 55, align: 'right' },
      { head: '期限', width: 60 },
    ],
    lines.map(({ task: { id, judged }, deadline }, i) => [
      String(i + 1),
      id,
      judged.judgement.violations.map((code) => VIOLATION_WORDS[code].zh).join('、'),
      muOf(judged.patch.areaM2).toFixed(2),
      judged.judgement.score.toFixed(1),
      judged.patch.lon.toFixed(6),
      judged.patch.lat.toFixed(6),
      deadline ?? '未定',
    ]),
  );
  line(doc, '每个任务一张：正面为影像、位置、登记范围，背面为理由、得分、历史和核查记录。', PAGE.left, doc.y, {
    size: 8,
    colour: '#666666',
  });
}
