/**
 * propose: which ground a look at overviews leaves to a look at full size.
 * Method: the pair's own detector on pixels several times as large, its radii divided by as much, and without opening, so that a pit of the
 * smallest size that is asked for still leaves a pixel; what is smaller than half of that is none. A nest of objects is proposed where the trained object model gives any of it one chance in a hundred,
 * far below what is kept, or where it is too small for that model and its score is high; so are the
 * surroundings of everything that is hidden, as a cloud's edge is known at full size only.
 * In:  the fitted model and the factor; components of every strictness on the overview. Out: a model for the overview; boxes in its pixels.
 */
import { miningLogOdds } from '../../kernels/mining-odds.js';
import { shapeHaloPx } from '../../kernels/mining-shape.js';
import { type QualityNumbers, qualityHaloPx } from '../../kernels/quality.js';
import type { CastShadow, DateQuality } from '../../kernels/quality-marks.js';
import type { Component, PairModel } from '../../model/change.js';
import type { Window } from '../../model/grid.js';
import type { MiningDetector } from '../../model/mining.js';

/** Chance from which an object is proposed; kept are those from one half. Measured: docs/performance.md. */
const LEAST_CHANCE = 0.01;
/** Smaller objects say too little to the object model: pixels of the overview. */
const SMALL_PX = 15;
/** They are proposed where they reach this strictness: log-odds of 2 by themselves, of 3.5 within a larger object that was itself judged. */
const SMALL_LEVEL = { alone: 2, within: 3 };
/** Share of the smallest patch asked for that a nest has to show on the overview: pixels that lie across an outline may fail. */
const SMALLEST_SHARE = 0.5;
/** A nest up to this size counts as small by itself, pixels of the overview. */
const ALONE_PX = 60;
/** No box that tells cloud from ground is narrower. */
const LEAST_RADIUS = 3;

export function reducedModel(model: PairModel, factor: number): PairModel {
  const detector = model.detector as unknown as MiningDetector;
  const { smooth, grow, close, edge, ring } = detector.weights.shape;
  const radius = (pixels: number, least: number) => (pixels === 0 ? 0 : Math.max(least, Math.round(pixels / factor)));
  const shape = {
    smooth,
    open: 0,
    grow: radius(grow, 1),
    close: radius(close, 1),
    edge: radius(edge, 1),
    ring: Math.max(2, Math.ceil(ring / 2)),
  };
  const quality = model.quality as unknown as QualityNumbers | undefined;
  const reduced = quality && reducedQuality(quality, factor);
  const { facts, shift } = model;
  return {
    ...model,
    facts: {
      ...facts,
      gsdM: facts.gsdM === null ? null : facts.gsdM * factor,
      pixelAreaM2: facts.pixelAreaM2 === null ? null : facts.pixelAreaM2 * factor ** 2,
    },
    shift: { ...shift, x: shift.x / factor, y: shift.y / factor, residualPx: shift.residualPx / factor },
    detector: { ...detector, weights: { ...detector.weights, shape } },
    haloPx: shapeHaloPx(shape) + (reduced ? qualityHaloPx(reduced) : 0),
    ...(reduced ? { quality: { ...reduced } } : {}),
  };
}

/** The model for ground around which the overview shows nothing hidden: it needs less context. */
export function clearModel({ quality: _nothingHidden, ...model }: PairModel): PairModel {
  const { weights } = model.detector as unknown as MiningDetector;
  return { ...model, haloPx: shapeHaloPx(weights.shape) };
}

function reducedQuality(quality: QualityNumbers, factor: number): QualityNumbers {
  const pixels = (radius: number) => (radius === 0 ? 0 : Math.max(LEAST_RADIUS, Math.round(radius / factor)));
  const { solid, veil, around, shade } = quality.radius;
  const date = (one: DateQuality): DateQuality => ({ ...one, shadow: one.shadow && reducedShadow(one.shadow, factor) });
  return {
    ...quality,
    radius: { solid: pixels(solid), veil: pixels(veil), around: pixels(around), shade: pixels(shade) },
    before: date(quality.before),
    after: date(quality.after),
  };
}

function reducedShadow(shadow: CastShadow, factor: number): CastShadow {
  const { x, y, slack } = shadow;
  return { ...shadow, x: Math.round(x / factor), y: Math.round(y / factor), slack: Math.ceil(slack / factor) };
}

/** Boxes of the widest objects around everything worth a look at full size; they may overlap. */
export function proposals(levels: readonly (readonly Component[])[], model: PairModel): Window[] {
  const detector = model.detector as unknown as MiningDetector;
  const { slope, shift } = detector.weights.calibration;
  const least = (Math.log(LEAST_CHANCE / (1 - LEAST_CHANCE)) - shift) / slope;
  const { minAreaM2, pixelAreaM2 } = model.facts;
  const fewest = pixelAreaM2 === null ? 1 : (SMALLEST_SHARE * minAreaM2) / pixelAreaM2;
  const rootOf = rootsOf(levels[0] ?? []);
  const chosen = new Set<Component>();
  levels.forEach((components, level) => {
    for (const component of components) {
      const root = rootOf(component) ?? component;
      if (root.pixels < fewest) continue;
      const worth =
        component.pixels < SMALL_PX
          ? level >= (root.pixels <= ALONE_PX ? SMALL_LEVEL.alone : SMALL_LEVEL.within)
          : (miningLogOdds(component, detector) ?? Number.POSITIVE_INFINITY) >= least;
      if (worth) chosen.add(root);
    }
  });
  return [...chosen].map(boxOf);
}

/** The component of the widest mask that a component's first pixel lies in. */
function rootsOf(roots: readonly Component[]): (component: Component) => Component | undefined {
  const rows = new Map<number, { from: number; to: number; root: Component }[]>();
  for (const root of roots) {
    for (let i = 0; i + 2 < root.runs.length; i += 3) {
      const row = root.runs[i] ?? 0;
      const span = { from: root.runs[i + 1] ?? 0, to: root.runs[i + 2] ?? 0, root };
      const list = rows.get(row);
      if (list) list.push(span);
      else rows.set(row, [span]);
    }
  }
  return ({ runs }) => {
    const [row = 0, col = 0] = runs;
    return rows.get(row)?.find(({ from, to }) => from <= col && col <= to)?.root;
  };
}

function boxOf({ runs }: Component): Window {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 2 < runs.length; i += 3) {
    left = Math.min(left, runs[i + 1] ?? 0);
    right = Math.max(right, runs[i + 2] ?? 0);
  }
  const [top = 0] = runs;
  return { col: left, row: top, width: right - left + 1, height: (runs[runs.length - 3] ?? top) - top + 1 };
}
