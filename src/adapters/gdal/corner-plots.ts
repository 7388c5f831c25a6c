/**
 * corner-plots: plots of corner points (from a text, from a table) as rows of a layer: what their numbers mean is decided plot by
 * plot, rings become a geometry in that system, the points are kept among the attributes. A plot that cannot serve is refused with
 * its line, the rest goes on; where every plot fails for the same reason, that reason is the answer for the file.
 */

import type gdal from 'gdal-async';
import { decideFrame, frameCrs, frameWords } from '../../geo/corner-points/frame.js';
import { keptAttributes } from '../../geo/corner-points/kept-corners.js';
import { assembleRings } from '../../geo/corner-points/rings.js';
import type { CornerDeclared, CornerFrame, CornerPlot, CornerRing, CornerWish } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { OwnDatum } from '../../model/own-datum.js';
import { combine, toGeometry } from './geometry.js';
import { type LayerReference, layerReference } from './layer-reference.js';
import type { LayerRow } from './layer-rows.js';
import { mend } from './mend.js';
import { referenceFrom } from './spatial-reference.js';

export interface PlacedPlots {
  readonly rows: readonly LayerRow[];
  readonly refused: readonly { readonly row: number; readonly why: string }[];
  readonly names: readonly string[];
  /** Systems and assumptions of all rows. */
  readonly decided: LayerReference;
  /** Chinese; what was assumed, once each with the lines that it concerns. */
  readonly notes: readonly string[];
}

/** Faults: those of decideFrame where they concern every plot; crs.unknown, corners.shifted. */
export function placePlots(
  plots: readonly CornerPlot[],
  declared: CornerDeclared,
  wish: CornerWish,
  ownDatum: OwnDatum | null,
): PlacedPlots {
  const references = new Map<string, LayerReference>();
  const rows: LayerRow[] = [];
  const faults: { row: number; fault: Fault }[] = [];
  const notes = new Map<string, number[]>();
  const systems = new Set<string>();
  for (const plot of plots) {
    try {
      const { frame, notes: assumed } = decideFrame(
        plot.rings.flatMap(({ points }) => points),
        declared,
        wish,
      );
      const crs = frameCrs(frame);
      const reference = references.get(crs) ?? layerReference(referenceFrom(crs), null, crs, ownDatum);
      references.set(crs, reference);
      rows.push(rowOf(plot, frame, reference));
      systems.add(frameWords(frame));
      for (const note of assumed) notes.set(note, [...(notes.get(note) ?? []), plot.line]);
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'crs.unknown' || error.code === 'corners.shifted') throw error;
      faults.push({ row: plot.line, fault: error });
    }
  }
  const [first] = faults;
  if (rows.length === 0 && first && faults.every(({ fault }) => fault.code === first.fault.code)) {
    throw new Fault(first.fault.code, `第 ${first.row} 行：${first.fault.message}`, {
      details: { refused: faults.map(({ row, fault }) => ({ row, why: fault.message })) },
    });
  }
  return {
    rows,
    refused: faults.map(({ row, fault }) => ({ row, why: fault.message })),
    names: [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes)))],
    decided: {
      name: [...systems].join('；') || '未定',
      assumptions: [...new Set([...references.values()].flatMap(({ assumptions }) => assumptions))],
      excludedReason: null,
      projected: true,
      toLonLat: null,
    },
    notes: [...notes].map(([note, lines]) => (lines.length === plots.length ? note : `${note}（${linesText(lines)}）`)),
  };
}

/** How many lines are named before the rest is counted. */
const LINES_NAMED = 5;

function linesText(lines: readonly number[]): string {
  const more = lines.length > LINES_NAMED ? `等 ${lines.length} 处` : '';
  return `第 ${lines.slice(0, LINES_NAMED).join('、')} 行${more}`;
}

function rowOf(plot: CornerPlot, frame: CornerFrame, reference: LayerReference): LayerRow {
  const { geometry, warnings } = ringGeometry(plot.rings, frame);
  return {
    row: plot.line,
    geometry,
    attributes: { ...plot.attributes, ...heightAttributes(plot), ...keptAttributes(plot.rings, frame) },
    corner: { reference, statedArea: plot.statedArea, warnings: [...plot.warnings, ...warnings] },
  };
}

/** In the frame's own system; not mended yet. Faults: corners.ring, corners.value. */
export function ringGeometry(
  rings: readonly CornerRing[],
  frame: CornerFrame,
): { readonly geometry: gdal.Geometry; readonly warnings: readonly string[] } {
  const { polygons, cuts, warnings } = assembleRings(rings, frame);
  const geometry = toGeometry(polygons);
  if (cuts.length === 0) return { geometry, warnings };
  const whole = mend(geometry);
  const left = cuts.reduce(
    (rest, cut) => combine('difference', rest, toGeometry([[cut]])),
    whole.rings === null ? geometry : toGeometry(whole.rings),
  );
  return { geometry: left, warnings };
}

/** The span of all kept rings; each ring's own heights stay in its corner string. */
function heightAttributes({ rings }: CornerPlot): Record<string, number> {
  const heights = rings
    .filter(({ deduct }) => !deduct)
    .flatMap(({ upper, lower }) => [upper, lower])
    .filter((height) => height !== null);
  return heights.length === 0 ? {} : { 标高上限: Math.max(...heights), 标高下限: Math.min(...heights) };
}
