/** objects: the project's own detector on a pair: components, their numbers, and how they lie to the planted truth. */
import { labelComponents } from '../../dist/src/kernels/components.js';
import { objectNumbers } from '../../dist/src/kernels/mining-numbers.js';
import { chooseNested } from '../../dist/src/kernels/nested.js';
import { fillHoles } from '../../dist/src/stages/assemble/shape.js';
import { detectMining } from '../../dist/src/stages/detect/mining.js';
import { judgeMiningObject } from '../../dist/src/stages/detect/mining-object.js';
import { fitMining, settle } from '../../dist/src/stages/fit/mining.js';

export function fitPair(pair, gsdM) {
  const facts = {
    kind: 'mining',
    gsdM,
    pixelAreaM2: gsdM * gsdM,
    minAreaM2: 900,
    sensorBefore: '',
    sensorAfter: '',
    dateBefore: null,
    dateAfter: null,
  };
  return fitMining([pair], facts, { x: 0, y: 0, residualPx: 0, tiles: 1 });
}

/** The pair's model with other weights; threshold and crowding are found anew. */
export function withWeights(pair, model, weights) {
  return { ...model, detector: settle([pair], { ...model.detector, weights }) };
}

/** Components of the pair under the model at every strictness, holes filled, with their numbers. */
export function findLevels(pair, model) {
  const { change, measures, stricter = [] } = detectMining(pair, model);
  const core = { col: 0, row: 0, width: pair.width, height: pair.height };
  return [{ change, measures }, ...stricter].map((mask, level) => {
    const list = labelComponents(mask.change, pair.width, core, { col: 0, row: 0 }, mask.measures);
    return fillHoles(
      list.map((component) => ({ ...component, level })),
      model.fillHolesPx,
    ).map((component) => ({ component, numbers: objectNumbers(component, model.detector) }));
  });
}

/** Components of the widest mask. */
export function findObjects(pair, model) {
  return findLevels(pair, model)[0];
}

/** The patches that the detector keeps. */
export function findPatches(pair, model) {
  const levels = findLevels(pair, model).map((list) =>
    list.map(({ component, numbers }) => {
      const judgement = judgeMiningObject(component, model);
      return { component, numbers, judgement, rank: judgement.rank };
    }),
  );
  return chooseNested(levels).filter(({ judgement }) => judgement.keep);
}

export function eachPixel(runs, width, visit) {
  for (let k = 0; k + 2 < runs.length; k += 3) {
    for (let x = runs[k + 1]; x <= runs[k + 2]; x++) visit(runs[k] * width + x);
  }
}

/** Pixels of each planted pit under the object, as a map pit → pixels. */
export function touching(component, truth, width) {
  const hits = new Map();
  eachPixel(component.runs, width, (i) => {
    if (truth[i] > 0) hits.set(truth[i], (hits.get(truth[i]) ?? 0) + 1);
  });
  return hits;
}

/** Found pits (30 % covered), false objects, mean IoU of found pits with the union of the objects that touch them. */
export function scorePatches(objects, truth, width) {
  const size = new Map();
  for (const t of truth) if (t > 0) size.set(t, (size.get(t) ?? 0) + 1);
  const covered = new Map();
  const extent = new Map();
  let falseCount = 0;
  for (const { component } of objects) {
    const hits = touching(component, truth, width);
    let pixels = 0;
    eachPixel(component.runs, width, () => pixels++);
    if (hits.size === 0) falseCount++;
    for (const [n, count] of hits) {
      covered.set(n, (covered.get(n) ?? 0) + count);
      extent.set(n, (extent.get(n) ?? 0) + pixels);
    }
  }
  const found = [...size].filter(([n, count]) => (covered.get(n) ?? 0) >= 0.3 * count).map(([n]) => n);
  const ious = found.map((n) => covered.get(n) / (size.get(n) + extent.get(n) - covered.get(n)));
  return {
    mines: size.size,
    found: found.length,
    foundPits: found,
    falseCount,
    iou: ious.reduce((a, b) => a + b, 0) / Math.max(1, ious.length),
  };
}
