/**
 * count: the random sample of a quarter, stratum by stratum: how many there were, were drawn, were answered, were violations. A task is
 * answered by a finding (confirmed, penalty) or by a dismissal; a visit alone, or a decision that was reopened, is no answer.
 * In: sampled tasks with their decisions. Out: counts, the reserve before the ground.
 */
import { type Decision, inOrder } from '../../model/decision.js';
import type { SampleDraw } from '../../model/task.js';
import type { StratumCount } from './estimate.js';

export const STRATUM_WORDS: Readonly<Record<SampleDraw['stratum'], string>> = {
  reserve: '后备任务',
  ground: '未见变化的地面（网格）',
};

export interface CountedStratum extends StratumCount {
  readonly drawn: number;
}

interface Sampled {
  readonly sample: SampleDraw;
  readonly decisions: readonly Decision[];
}

export function countStrata(tasks: readonly Sampled[]): CountedStratum[] {
  return (['reserve', 'ground'] as const).flatMap((stratum) => {
    const own = tasks.filter(({ sample }) => sample.stratum === stratum);
    const [first] = own;
    if (!first) return [];
    const answers = own.map(({ decisions }) => answerOf(decisions));
    return [
      {
        stratum,
        size: first.sample.size,
        drawn: own.length,
        answered: answers.filter((answer) => answer !== null).length,
        found: answers.filter((answer) => answer === true).length,
      },
    ];
  });
}

/** Whether a violation was found; null = not answered. */
export function answerOf(decisions: readonly Decision[]): boolean | null {
  const last = inOrder(decisions).findLast(({ kind }) => kind !== 'visited');
  if (!last || last.kind === 'reopened') return null;
  return last.kind !== 'dismissed';
}
