/** replay: the scores of a quarter's tasks computed again from what was frozen with them: facts and rule set. */
import { canonicalJson } from './model/id.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type { Quarter } from './model/scene.js';
import type { Task } from './model/task.js';
import type { QuarterRecord } from './ports/quarter-record.js';
import type { RuleSets } from './ports/rule-sets.js';
import { score } from './stages/score/score.js';

export interface Replay {
  readonly quarter: Quarter;
  readonly tasks: number;
  readonly same: number;
  readonly differ: readonly { readonly id: string; readonly why: string }[];
}

const PAGE = 500;

export async function replayTasks(record: QuarterRecord, sets: RuleSets, quarter: Quarter): Promise<Replay> {
  const known = new Map((await sets.list()).map(({ hash, body }) => [hash, body]));
  const differ: { id: string; why: string }[] = [];
  let seen = 0;
  for (;;) {
    const { tasks, total } = await record.tasks(quarter, { offset: seen, limit: PAGE });
    for (const task of tasks) {
      const why = difference(task, known.get(task.judged.judgement.ruleSet));
      if (why !== null) differ.push({ id: task.id, why });
    }
    seen += tasks.length;
    if (tasks.length === 0 || seen >= total) break;
  }
  return { quarter, tasks: seen, same: seen - differ.length, differ };
}

function difference({ judged: { judgement } }: Task, ruleSet: JudgementRecipe | undefined): string | null {
  // Of the random sample of seen ground: nothing was scored.
  if (judgement.parts.length === 0) return null;
  if (!ruleSet) return `规则集 ${judgement.ruleSet} 没有记录 (its rule set is not on record)`;
  const again = score(judgement.facts, ruleSet);
  if (again.score !== judgement.score) return `得分 ${judgement.score.toFixed(1)}，重算为 ${again.score.toFixed(1)}`;
  return canonicalJson(again.parts) === canonicalJson(judgement.parts) ? null : '分项与重算不一致 (parts differ)';
}
