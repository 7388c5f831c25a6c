/**
 * object: what the detector says of one whole patch: keep it or not, how sure, what became what, and why (in the officer's
 * language). In: the patch's runs and the exact sums of the detector's measures. Dispatches by the kind of change asked for.
 */
import type { Component, ObjectJudgement, PairModel } from '../../model/change.js';
import { judgeMiningObject } from './mining-object.js';
import { judgeAny } from './object-any.js';

export function judgeObject(component: Component, model: PairModel): ObjectJudgement {
  return model.facts.kind === 'mining' ? judgeMiningObject(component, model) : judgeAny(component, model);
}
