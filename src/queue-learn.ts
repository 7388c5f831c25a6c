/** queue-learn: decisions on record → what other weights would have done, and the rule set that carries them. Nothing is adopted here. */
import { verifiedOutcomes } from './adapters/postgres/outcomes.js';
import { Fault } from './model/fault.js';
import { type JudgementRecipe, judgementRecipeSchema } from './model/judgement-recipe.js';
import type { LearnInput, LearnReport, Outcome } from './model/learning.js';
import type { Sql } from './ports/database.js';
import { MOST_WEIGHT } from './stages/learn/learn.js';

export async function outcomesOnRecord(sql: Sql, present: JudgementRecipe, k: number): Promise<LearnInput> {
  const parts = Object.keys(present.weights);
  const rows = await verifiedOutcomes(sql);
  const outcomes = rows.map(
    ({ parts: frozen, probability, ...row }): Outcome => ({
      ...row,
      // A task that was scored by a rule set without a part says nothing about that part.
      shares: parts.map((name) => {
        const part = frozen.find((one) => one.part === name);
        return part && part.most > 0 ? part.points / part.most : 0;
      }),
      weight: probability === null ? 1 : Math.min(MOST_WEIGHT, 1 / probability),
    }),
  );
  return { outcomes, parts, present: Object.values(present.weights), k };
}

/** Fault learn.refused, with what is lacking. */
export function learnedRules(present: JudgementRecipe, report: LearnReport): JudgementRecipe {
  if (report.weights === null) {
    throw new Fault(
      'learn.refused',
      `不提出新的权重 (no other weights are proposed):\n${report.refused.map((line) => `  · ${line}`).join('\n')}`,
    );
  }
  return judgementRecipeSchema.parse({ ...present, weights: report.weights });
}
