/** mining-odds: what the trained models of a pair's weights say of one object. In: component, detector. Out: log-odds. */
import type { Component } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { objectLogOdds, objectNumbers } from './mining-numbers.js';
import { treesLogOdds } from './mining-trees.js';

/** Log-odds by the trained models, the mean of those there are, less the pair's crowding; null without models. */
export function miningLogOdds(component: Component, detector: MiningDetector): number | null {
  const { object, trees } = detector.weights;
  if (object === null && !trees) return null;
  const numbers = objectNumbers(component, detector);
  const said: number[] = [];
  if (object) said.push(objectLogOdds(object, numbers));
  if (trees) said.push(treesLogOdds(trees, numbers));
  return said.reduce((sum, value) => sum + value, 0) / said.length - detector.crowding;
}
