/** A window's outline in the grid's coordinates, closed, with points along its edges: a straight edge is bent in lon/lat. */
import { type Grid, pixelToMap, type Ring, type Window } from '../model/grid.js';

const STEPS = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875];

export function extentRing({ transform }: Pick<Grid, 'transform'>, { col, row, width, height }: Window): Ring {
  const edge = [
    ...STEPS.map((t) => [col + t * width, row] as const),
    ...STEPS.map((t) => [col + width, row + t * height] as const),
    ...STEPS.map((t) => [col + (1 - t) * width, row + height] as const),
    ...STEPS.map((t) => [col, row + (1 - t) * height] as const),
  ].map(([c, r]) => pixelToMap(transform, c, r));
  return [...edge, ...edge.slice(0, 1)];
}
