/** task-pages: a task as a sheet: front with pictures, map, coordinates and boundaries; back with reasons, score, history and the form. */
import { localPlane } from '../../geo/crs.js';
import { fewCorners } from '../../geo/few-corners.js';
import { degreesText, planeCoordinates } from '../../geo/plane-coordinates.js';
import type { CodeTable } from '../../model/codes.js';
import type { Position, Ring } from '../../model/grid.js';
import { outsideText, toleranceText } from '../../model/judgement-text.js';
import { TASK_ORIGIN_WORDS } from '../../model/patch-list.js';
import type { SheetBoundary, TaskSheet } from '../../model/task-sheet.js';
import { BOUNDARY_WORDS, CHANGE_WORDS, HISTORY_WORDS, muOf, VIOLATION_WORDS } from '../../model/words.js';
import { type Doc, heading, INNER, line, PAGE, type Paper, paragraph } from './paper.js';
import { drawForm, FORM_HEIGHT } from './paper-form.js';
import { drawMap } from './place-map.js';
import { drawLegend, drawPictures } from './place-pictures.js';
import { printTable } from './print-table.js';

const MAP_SIDE = 226;
const CORNERS = 10;
const BODY = 8.5;

export function drawTask(paper: Paper, sheet: TaskSheet, codes: CodeTable | null): void {
  const { doc } = paper;
  paper.newPage();
  drawHead(doc, sheet);
  if (sheet.pictures) doc.y += drawPictures(doc, sheet, sheet.pictures, doc.y);
  else
    paragraph(doc, '没有可用的影像对，本页无前后时相图（no pictures of this task can be had）。', {
      size: 9,
      colour: '#b00020',
    });
  drawLegend(doc, sheet, PAGE.left, doc.y);
  doc.y += 15;
  const top = doc.y;
  drawMap(doc, sheet, PAGE.left, top, MAP_SIDE);
  drawPlace(paper, sheet, PAGE.left + MAP_SIDE + 12, top);
  doc.y = Math.max(doc.y, top + MAP_SIDE + 22);
  drawBoundaries(paper, sheet);
  paper.newPage();
  line(doc, `任务 ${sheet.task.id}（续）`, PAGE.left, doc.y - 6, { size: 9, colour: '#444444' });
  doc.y += 8;
  drawReasons(paper, sheet);
  if (paper.room() < FORM_HEIGHT) {
    paper.newPage();
    line(doc, `任务 ${sheet.task.id}（续）`, PAGE.left, doc.y - 6, { size: 9, colour: '#444444' });
    doc.y += 8;
  }
  drawForm(paper, codes, '1');
}

function drawHead(doc: Doc, { task, deadline, deadlineProvisional, revision }: TaskSheet): void {
  const { judged, rank, id, quarter, origin = 'change' } = task;
  const { patch, judgement } = judged;
  const violations = judgement.violations.map((code) => VIOLATION_WORDS[code].zh).join('、') || '无';
  line(doc, `核查任务单　排名 ${rank}　${violations}`, PAGE.left, doc.y - 4, { size: 14, width: INNER });
  doc.y += 17;
  line(
    doc,
    `任务编号 ${id}　${quarter}　来源 ${TASK_ORIGIN_WORDS[origin]}　修订 ${revision ?? '—'}`,
    PAGE.left,
    doc.y,
    {
      size: 9,
      width: INNER,
    },
  );
  doc.y += 14;
  const due = deadline === null ? '未定' : `${deadline}${deadlineProvisional ? '（暂定）' : ''}`;
  const facts = [
    `面积 ${patch.areaM2.toFixed(1)} m²（${muOf(patch.areaM2).toFixed(2)} 亩）`,
    CHANGE_WORDS[patch.changeType].zh,
    `得分 ${judgement.score.toFixed(1)}`,
    `许可证号 ${judgement.licenceNo ?? '无'}`,
    `期限 ${due}`,
  ];
  line(doc, facts.join('　'), PAGE.left, doc.y, { size: 9, width: INNER });
  doc.y += 17;
}

/** Centre and corners, right of the map. */
function drawPlace(paper: Paper, { task }: TaskSheet, x: number, top: number): void {
  const { doc } = paper;
  const { patch } = task.judged;
  const width = PAGE.right - x;
  const plane = planeCoordinates(patch.lon, patch.lat);
  const rows: [string, string][] = [
    ['中心点经度', `${degreesText(patch.lon)}　${patch.lon.toFixed(6)}°`],
    ['中心点纬度', `${degreesText(patch.lat)}　${patch.lat.toFixed(6)}°`],
    ...(plane
      ? ([
          ['平面坐标 X（北）', `${plane.northingM.toFixed(2)} m`],
          ['平面坐标 Y（东）', `${plane.eastingM.toFixed(2)} m`],
          ['坐标系', `CGCS2000，3°带第 ${plane.zone} 带，中央经线 ${plane.meridian}°`],
        ] as [string, string][])
      : ([['坐标系', 'CGCS2000 经纬度；不在我国 3°带范围，无平面坐标']] as [string, string][])),
  ];
  doc.y = top;
  for (const [label, value] of rows) {
    line(doc, label, x, doc.y, { size: BODY, colour: '#555555' });
    line(doc, value, x + 78, doc.y, { size: BODY, width: width - 78 });
    doc.y += 13;
  }
  doc.y += 2;
  const { lines, note } = cornersOf(patch.geometry.flatMap(([outer]) => (outer ? [outer] : [])));
  printTable(
    paper,
    [
      { head: '拐点', width: 30 },
      { head: plane ? 'X（北，m）' : '纬度', width: 62, align: 'right' },
      { head: plane ? 'Y（东，m）' : '经度', width: 66, align: 'right' },
      { head: '经度', width: 62, align: 'right' },
      { head: '纬度', width: 62, align: 'right' },
    ],
    lines,
    x,
  );
  line(doc, note, x, doc.y - 4, { size: 7, colour: '#555555', width });
  doc.y += 8;
}

/** The corners that say most of the largest ring, in the plane of its own zone. */
function cornersOf(outers: readonly Ring[]): { lines: string[][]; note: string } {
  const outer = outers.reduce((largest, ring) => (ring.length > largest.length ? ring : largest), [] as Ring);
  const [first] = outer;
  if (!first) return { lines: [], note: '' };
  const [ring = []] = localPlane(first[0]).toPlane([[outer]])[0] ?? [];
  const { kept, astrayM } = fewCorners(ring, CORNERS);
  const lines = kept.map((i, n) => {
    const [lon, lat] = outer[i] as Position;
    const plane = planeCoordinates(lon, lat, Math.round(first[0] / 3));
    const [north, east] = plane
      ? [plane.northingM.toFixed(2), plane.eastingM.toFixed(2)]
      : [lat.toFixed(6), lon.toFixed(6)];
    return [`J${n + 1}`, north, east, lon.toFixed(6), lat.toFixed(6)];
  });
  const others = outers.length > 1 ? `；另有 ${outers.length - 1} 块` : '';
  const note =
    astrayM === 0
      ? `全部 ${lines.length} 个拐点${others}`
      : `${outer.length - 1} 个拐点中的 ${lines.length} 个，与原轮廓最大相差 ${astrayM.toFixed(1)} m${others}`;
  return { lines, note };
}

function drawBoundaries(paper: Paper, sheet: TaskSheet): void {
  const { doc } = paper;
  heading(doc, '附近的登记范围');
  if (sheet.boundaries.length === 0) {
    paragraph(doc, '图幅内没有登记范围（no register polygon on the map）。', { size: BODY });
    return;
  }
  const overlaps = new Map(sheet.task.judged.judgement.overlaps.map((one) => [one.boundaryId, one]));
  printTable(
    paper,
    [
      { head: '类别', width: 58 },
      { head: '名称', width: 120, wrap: true },
      { head: '证号或编号', width: 132, wrap: true },
      { head: '权利人', width: 90, wrap: true },
      { head: '有效期', width: 62, wrap: true },
      { head: '界内 m² / 距离', width: 61, wrap: true },
    ],
    sheet.boundaries.map((boundary) => {
      const overlap = overlaps.get(boundary.id);
      const relation = overlap
        ? overlap.areaInsideM2 > 0
          ? `${overlap.areaInsideM2.toFixed(0)} m²`
          : `${overlap.distanceM.toFixed(0)} m`
        : '—';
      const name = boundary.excludedReason
        ? `${boundary.name ?? ''}（不参与判断：${boundary.excludedReason}）`
        : (boundary.name ?? '');
      return [
        BOUNDARY_WORDS[boundary.kind].zh,
        name,
        boundary.number ?? '',
        boundary.holder ?? '',
        validity(boundary),
        relation,
      ];
    }),
  );
}

function validity({ validFrom, validTo }: SheetBoundary): string {
  if (validFrom === null && validTo === null) return '未注明';
  return `${validFrom ?? '?'} 至 ${validTo ?? '?'}`;
}

function drawReasons(paper: Paper, { task, history }: TaskSheet): void {
  const { doc } = paper;
  const { patch, judgement } = task.judged;
  const say = (text: string) => {
    if (paper.room() < 26) paper.newPage();
    paragraph(doc, `· ${text}`, { size: BODY });
  };
  heading(doc, '列入的理由');
  for (const text of [...(task.notes ?? []), ...patch.reasons, ...judgement.reasons]) say(text);
  say(`界外：${outsideText(judgement)}；容差：${toleranceText(judgement)}`);
  heading(doc, `得分组成（合计 ${judgement.score.toFixed(1)} 分）`);
  printTable(
    paper,
    [
      { head: '分项', width: 90 },
      { head: '分值', width: 60, align: 'right' },
      { head: '依据', width: INNER - 150, wrap: true },
    ],
    judgement.parts.map(({ name, points, most, evidence }) => [
      name,
      `${points.toFixed(1)} / ${most.toFixed(1)}`,
      evidence,
    ]),
  );
  heading(doc, '地点的历史');
  const own = patch.history
    ? [
        `${HISTORY_WORDS[patch.history.verdict].zh}（历史影像 ${patch.history.available} 期，可用 ${patch.history.seen} 期）`,
      ]
    : [];
  const lines = [...own, ...history];
  for (const text of lines.length > 0 ? lines : ['没有更早的记录（no earlier record）']) say(text);
}
