/**
 * kept-corners: the corner points of a boundary, kept among its attributes as they came, in two texts: the points as a corner
 * string (拐点坐标) and what its numbers mean (拐点坐标系, e.g. `EPSG:4526` or `EPSG:4490 packed`). So a boundary can be written out again with its own
 * point names, heights, remarks and digits, which its geometry (degrees, long edges divided) no longer has.
 */
import type { AngleNotation, CornerFrame, CornerRing } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { systemOfCode, zoneWidth } from './datum.js';
import { frameCrs } from './frame.js';
import { readCornerString, STRING_COLUMN, writeCornerString } from './string.js';

const FRAME_COLUMN = '拐点坐标系';

export const KEPT_COLUMNS: readonly string[] = [STRING_COLUMN, FRAME_COLUMN];

export interface KeptCorners {
  readonly rings: readonly CornerRing[];
  readonly frame: CornerFrame;
}

/** Columns in the order X (north), Y (east), whichever way they came. */
export function keptAttributes(rings: readonly CornerRing[], frame: CornerFrame): Record<string, string> {
  const turned = frame.order === 'xy' ? rings : rings.map(swapped);
  const angle = frame.kind === 'geographic' ? ` ${frame.angle}` : '';
  return { [STRING_COLUMN]: writeCornerString(turned), [FRAME_COLUMN]: `${frameCrs(frame)}${angle}` };
}

function swapped(ring: CornerRing): CornerRing {
  return { ...ring, points: ring.points.map((point) => ({ ...point, first: point.second, second: point.first })) };
}

/** null: the boundary did not come as corner points. */
export function keptCorners(attributes: Readonly<Record<string, string | number | null>>): KeptCorners | null {
  const [string, system] = [attributes[STRING_COLUMN], attributes[FRAME_COLUMN]];
  if (typeof string !== 'string' || typeof system !== 'string') return null;
  try {
    const rings = readCornerString(string, 1);
    const frame = frameOf(system, rings);
    return frame === null ? null : { rings, frame };
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function frameOf(text: string, rings: readonly CornerRing[]): CornerFrame | null {
  const [crs = '', angle] = text.split(' ');
  const system = systemOfCode(crs);
  if (system === null) return null;
  const { datum, zone } = system;
  if (zone === null) {
    return isAngle(angle) ? { kind: 'geographic', datum, angle, order: 'xy' } : null;
  }
  const prefixed = Number(rings[0]?.points[0]?.second) >= 1_000_000;
  return { kind: 'plane', datum, zone, width: zoneWidth(zone) ?? 3, prefixed, order: 'xy' };
}

function isAngle(text: string | undefined): text is AngleNotation {
  return text === 'decimal' || text === 'packed' || text === 'dms';
}
