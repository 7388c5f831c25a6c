/**
 * place-map: the surroundings of a task as lines on paper: boundaries and the outline in the CGCS2000 3° plane at a round scale, with the plane's
 * grid and its numbers, grid north and a scale bar. No imagery: it stays legible when copied.
 */
import { localPlane } from '../../geo/crs.js';
import { boxOf } from '../../geo/distance.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { BOUNDARY_STYLE, type LineStyle, PATCH_STYLE } from '../../model/map-style.js';
import type { TaskSheet } from '../../model/task-sheet.js';
import { type Doc, line } from './paper.js';

const SCALES = [1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000] as const;
const METRES_PER_POINT = 0.0254 / 72;
/** Room around the outline: its longer side is at most this share of the map. */
const OUTLINE_SHARE = 0.3;
const LABEL = 6.5;

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** Plane metres of the map's middle. */
  readonly east: number;
  readonly north: number;
  readonly perPoint: number;
}

export function drawMap(doc: Doc, { task, boundaries }: TaskSheet, x: number, y: number, side: number): void {
  const { patch } = task.judged;
  const plane = localPlane(patch.lon);
  const outline = plane.toPlane(patch.geometry);
  const [minX, minY, maxX, maxY] = boxOf(outline);
  const longer = Math.max(maxX - minX, maxY - minY, 1);
  const scale = SCALES.find((one) => longer <= OUTLINE_SHARE * side * METRES_PER_POINT * one) ?? 1_000_000;
  const perPoint = METRES_PER_POINT * scale;
  const frame: Frame = { x, y, side, east: (minX + maxX) / 2, north: (minY + maxY) / 2, perPoint };
  doc.save();
  doc.rect(x, y, side, side).fill('#f6f6f1');
  doc.rect(x, y, side, side).clip();
  drawGrid(doc, frame, patch.lon);
  for (const { kind, geometry } of boundaries) drawRings(doc, plane.toPlane(geometry), frame, BOUNDARY_STYLE[kind]);
  drawRings(doc, outline, frame, PATCH_STYLE);
  doc.restore();
  doc.rect(x, y, side, side).lineWidth(0.8).strokeColor('#333333').stroke();
  drawNorth(doc, x + side - 16, y + 8);
  drawScale(doc, frame, scale);
}

function drawRings(doc: Doc, rings: MultiPolygonRings, frame: Frame, { colour, widthPx, dash }: LineStyle): void {
  const trace = () => {
    for (const ring of rings.flat()) {
      for (const [i, [east, north]] of ring.entries()) {
        const [px, py] = onPaper(frame, east, north);
        if (i === 0) doc.moveTo(px, py);
        else doc.lineTo(px, py);
      }
    }
  };
  const width = widthPx * 0.55;
  trace();
  doc
    .undash()
    .lineWidth(width + 0.9)
    .strokeColor('#555555')
    .stroke();
  trace();
  if (dash.length > 0) doc.dash(dash[0] ?? 3, { space: dash[1] ?? 3 });
  doc.lineWidth(width).strokeColor(colour).stroke().undash();
}

const onPaper = ({ x, y, side, east, north, perPoint }: Frame, atEast: number, atNorth: number): [number, number] => [
  x + side / 2 + (atEast - east) / perPoint,
  y + side / 2 - (atNorth - north) / perPoint,
];

/** Lines of the plane's grid every round step, with full numbers (easting with its zone). */
function drawGrid(doc: Doc, frame: Frame, lon: number): void {
  const { x, y, side, east, north, perPoint } = frame;
  const span = side * perPoint;
  const step = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].find((one) => span / one <= 4.5) ?? 50_000;
  const zone = Math.round(lon / 3);
  const prefix = zone >= 25 && zone <= 45 ? String(zone) : '';
  doc.undash().lineWidth(0.3).strokeColor('#9fb3c8');
  for (let at = Math.ceil((east - span / 2) / step) * step; at <= east + span / 2; at += step) {
    const [px] = onPaper(frame, at, north);
    doc
      .moveTo(px, y)
      .lineTo(px, y + side)
      .stroke();
    line(doc, `${prefix}${Math.round(at)}`, px + 1.5, y + side - 9, { size: LABEL, colour: '#3d5a80' });
  }
  for (let at = Math.ceil((north - span / 2) / step) * step; at <= north + span / 2; at += step) {
    const [, py] = onPaper(frame, east, at);
    doc
      .moveTo(x, py)
      .lineTo(x + side, py)
      .stroke();
    line(doc, `${Math.round(at)}`, x + 2, py - 8.5, { size: LABEL, colour: '#3d5a80' });
  }
}

function drawNorth(doc: Doc, x: number, y: number): void {
  doc.path(`M${x} ${y}L${x + 5} ${y + 15}L${x} ${y + 11}L${x - 5} ${y + 15}Z`).fillAndStroke('#ffffff', '#000000');
  line(doc, 'N', x - 3, y + 15, { size: 8 });
}

function drawScale(doc: Doc, { x, y, side, perPoint }: Frame, scale: number): void {
  const most = side * 0.25 * perPoint;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power;
  const length = metres / perPoint;
  const [left, below] = [x, y + side + 10];
  doc.rect(left, below, length / 2, 3).fillAndStroke('#000000', '#000000');
  doc.rect(left + length / 2, below, length / 2, 3).fillAndStroke('#ffffff', '#000000');
  const label = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  line(doc, `${label}　1:${scale}　CGCS2000 3°带坐标网，上为坐标北`, left + length + 5, below - 4, { size: 7 });
}
