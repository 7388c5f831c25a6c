/**
 * choose: whole components of every strictness, those of every nest that the object stage believes most, large enough and kept. The judge comes
 * in as an argument: what is worth keeping is the detector's business.
 * In:  results of blocks that lie side by side, the model. Out: components with their judgements.
 */
import { chooseNested } from '../../kernels/nested.js';
import type { BlockResult, Component, JudgedComponent, ObjectJudgement, PairModel } from '../../model/change.js';
import { assembleLevels } from './assemble.js';
import { fillHoles } from './shape.js';

export type Judge = (component: Component, model: PairModel) => ObjectJudgement;

export function chooseComponents(results: readonly BlockResult[], model: PairModel, judge: Judge): JudgedComponent[] {
  const minPixels = leastPixels(model);
  const levels = assembleLevels(results.flatMap((result) => result.patches)).map((joined) => {
    const large = joined.filter((part) => part.pixels >= minPixels);
    return fillHoles(large, model.fillHolesPx ?? 0).map((component) => {
      const judgement = judge(component, model);
      return { component, judgement, rank: judgement.rank ?? judgement.confidence };
    });
  });
  return chooseNested(levels).flatMap(({ component, judgement }) => (judgement.keep ? [{ component, judgement }] : []));
}

/** Pixels of the smallest component that is asked for. */
export function leastPixels({ facts: { pixelAreaM2, minAreaM2 } }: PairModel): number {
  return pixelAreaM2 === null ? 1 : minAreaM2 / pixelAreaM2;
}
