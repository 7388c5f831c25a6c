/**
 * said-corners: corner points that a person types or pastes, as one outline. A line a point (name if any, two values), or one of the texts in which
 * corner points are exchanged (geo/corner-points). What the numbers mean is decided as on import; only CGCS2000 and WGS 84 (less than a metre apart)
 * are taken, since older systems need their parameters.
 * In:  the text, what the person says of it. Out: rings in lon/lat and what was assumed, or a Fault.
 */
import { cornerFormat, readCornerText } from '../../geo/corner-points/corner-text.js';
import { DATUM_WORDS, zoneMeridian } from '../../geo/corner-points/datum.js';
import { decideFrame } from '../../geo/corner-points/frame.js';
import { assembleRings } from '../../geo/corner-points/rings.js';
import { fromGaussKrueger } from '../../geo/gauss-krueger.js';
import {
  type AxisOrder,
  type CornerFrame,
  type CornerPlot,
  type CornerPoint,
  type CornerText,
  NO_CORNER_WISH,
  NOTHING_DECLARED,
} from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';

const FALSE_EASTING_M = 500_000;
const ZONE_M = 1_000_000;

export interface SaidCorners {
  readonly text: string;
  /** Where the numbers do not say: which column comes first, and the zone. */
  readonly axis?: AxisOrder;
  readonly zone?: number;
}

interface Said {
  readonly outline: MultiPolygonRings;
  readonly notes: readonly string[];
}

/** Faults: pit.outline; pit.corners where the points cannot be read as corners. */
export function outlineSaid(said: SaidCorners): Said {
  try {
    return readSaid(said);
  } catch (error) {
    if (!(error instanceof Fault) || !error.code.startsWith('corners.')) throw error;
    throw new Fault(
      'pit.corners',
      OPTIONS.reduce((text, [from, to]) => text.replaceAll(from, to), error.message),
    );
  }
}

/** What is an option of the command line is a field here. */
const OPTIONS: readonly (readonly [from: RegExp, to: string])[] = [
  [/--axis xy/g, '“先 X（北）后 Y（东）”'],
  [/--axis yx/g, '“先 Y（东）后 X（北）”'],
  [/--axis/g, '“坐标次序”'],
  [/--zone (?=\d)/g, '带号 '],
  [/--zone/g, '“带号”'],
  [/--crs \S+/g, '2000国家大地坐标'],
];

function readSaid({ text, axis, zone }: SaidCorners): Said {
  const format = cornerFormat(text);
  const { declared, plots, refused, notes } = format === null ? plainText(text) : readCornerText(text, format);
  const [plot, second] = plots;
  const [wrong] = refused;
  if (wrong) throw new Fault('pit.outline', `第 ${wrong.line} 行：${wrong.why}`);
  if (!plot || second) {
    throw new Fault('pit.outline', `应为一个地块的拐点，得到 ${plots.length} 个 (expected the corners of one plot)`);
  }
  const points = plot.rings.flatMap((ring) => ring.points);
  // What could be read as ddd.mmss, too, is decimal here: the map shows at once where it lies, and the notes say so.
  const wish = { ...NO_CORNER_WISH, axis: axis ?? null, zone: zone ?? null, angle: 'decimal' as const };
  const { frame, notes: assumed } = decideFrame(points, declared, wish);
  const { polygons, cuts, warnings } = assembleRings(plot.rings, frame);
  if (cuts.length > 0) throw new Fault('pit.outline', '扣除圈与保留圈相交，请在地图上勾绘 (rings cross: draw it)');
  const place = placed(frame);
  return {
    outline: polygons.map((polygon) => polygon.map((ring) => ring.map(place))),
    notes: [...notes, ...assumed, ...plot.warnings, ...warnings],
  };
}

function placed(frame: CornerFrame): (position: Position) => Position {
  if (frame.kind === 'other' || (frame.datum !== 'CGCS2000' && frame.datum !== 'WGS84')) {
    const system = frame.kind === 'other' ? frame.crs : DATUM_WORDS[frame.datum];
    throw new Fault(
      'pit.outline',
      `坐标系为 ${system}，须先转换到2000国家大地坐标系 (convert to CGCS2000 first)；或在地图上勾绘 (or draw it)`,
    );
  }
  if (frame.kind === 'geographic') return (position) => position;
  const meridian = zoneMeridian(frame.zone);
  const falseM = FALSE_EASTING_M + (frame.prefixed ? frame.zone * ZONE_M : 0);
  return ([east, north]) => {
    const [lon, lat] = fromGaussKrueger(east - falseM, north);
    return [lon + meridian, lat];
  };
}

/** A line a point: two values, after a name where there are three. */
function plainText(text: string): Pick<CornerText, 'declared' | 'plots' | 'refused' | 'notes'> {
  const points: CornerPoint[] = [];
  const refused: { line: number; why: string }[] = [];
  for (const [i, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const cells = raw
      .trim()
      .split(/[\s,，;；]+/)
      .filter((cell) => cell !== '');
    if (cells.length === 0) continue;
    const [second, first, name] = cells.toReversed();
    if (first === undefined || second === undefined || cells.length > 3 || ![first, second].every(hasDigit)) {
      refused.push({ line: i + 1, why: `应为“点号 X Y”或“经度 纬度”，得到“${raw.trim().slice(0, 40)}”` });
    } else points.push({ name: name ?? `${points.length + 1}`, first, second, line: i + 1 });
  }
  const ring = { points, upper: null, lower: null, remark: null, deduct: false };
  const plot: CornerPlot = { line: 1, attributes: {}, rings: [ring], statedArea: null, warnings: [] };
  return { declared: NOTHING_DECLARED, plots: points.length === 0 ? [] : [plot], refused, notes: [] };
}

const hasDigit = (text: string): boolean => /\d/.test(text);
