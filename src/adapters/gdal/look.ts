/**
 * look: one window at full size from pixels to judged objects with their last outlines, while its pixels are in memory: what `compare`, the
 * object stage and `recut` do for a scene that is read in strips.
 */
import { cutPair } from '../../kernels/strip.js';
import { contains, reachesEdge } from '../../kernels/window-edge.js';
import type { AlignedPair, JudgedComponent } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import type { Window } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { chooseComponents } from '../../stages/assemble/choose.js';
import { judgeObject } from '../../stages/detect/object.js';
import { withOutline } from '../../stages/detect/outline.js';
import { withHalo } from './compare.js';
import { compareStrip } from './compare-strip.js';
import { drawOutline, recutObjects, recutWindow } from './recut.js';

type Input = WorkCatalogue['look']['input'];

type Output = WorkCatalogue['look']['output'];

export function look(input: Input): Output {
  return input.windows.map((window) => lookAt(input, window));
}

function lookAt(input: Input, window: Window): Output[number] {
  const { pair, model, extent, capacity } = input;
  const context = withHalo(window, model.haloPx, extent);
  const looked = compareStrip({ pair, model, context, block: window, capacity, bounded: false });
  if (!looked) throw new Fault('look.no-sieve', 'the model has no sieve', { blame: 'system' });
  const { result } = looked;
  const components = chooseComponents([result], model, judgeObject);
  if (components.some(({ component }) => reachesEdge(component.runs, window, extent))) return { result, objects: null };
  const objects = components.map((one) => withOutline(one, outlineOf(one, looked.pair, context, input), model));
  return { result: { ...result, patches: [] }, objects };
}

function outlineOf({ component: { runs } }: JudgedComponent, clear: AlignedPair, context: Window, input: Input) {
  const { pair, model, extent } = input;
  const marginPx = model.recutMarginPx;
  if (marginPx === undefined) return undefined;
  const window = recutWindow(runs, marginPx, extent);
  if (window === null || !contains(context, window))
    return recutObjects({ pair, model, extent, marginPx, objects: [runs] })[0];
  const inside = { ...window, col: window.col - context.col, row: window.row - context.row };
  return drawOutline(cutPair(clear, inside), window, runs);
}
