/**
 * mining-trees: log-odds of an object by boosted regression trees (Friedman 2001, "Greedy function approximation"; second-order form of
 * Chen & Guestrin 2016), trained by scripts/train-mining.
 * In:  the model, numbers by name (a missing one is 0). Out: log-odds, trees summed in order.
 */
import type { Trees } from '../model/mining.js';

export function treesLogOdds(model: Trees, numbers: Readonly<Record<string, number>>): number {
  const values = model.names.map((name) => numbers[name] ?? 0);
  let sum = model.bias;
  for (const { feature, value, right } of model.trees) {
    let at = 0;
    while (feature[at]! >= 0) at = values[feature[at]!]! <= value[at]! ? at + 1 : right[at]!;
    sum += value[at]!;
  }
  return sum;
}
