/**
 * Verdicts as a world with other weights would give them, and tasks that wait: violations where the key zone weighs, whatever the rest of the score
 * said. Six quarters from 2024Q1 on, townships of queue-ground.ts by turns.
 */
import type { JudgementRecipe } from '../model/judgement-recipe.js';
import type { ScoreFacts, ViolationCode } from '../model/patch.js';
import { quarterAfter } from '../model/quarter.js';
import type { Task } from '../model/task.js';
import type { Database } from '../ports/database.js';
import { score } from '../stages/score/score.js';
import { testJudgement } from './judgement.js';
import { layTasks, queueTask } from './queue-ground.js';

/** Far from the ids of countyTasks. */
const FIRST = 10_000;

export async function layOutcomes(
  database: Database,
  rules: JudgementRecipe,
  decided: number,
  open: number,
): Promise<void> {
  let state = 17;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const guilty: boolean[] = [];
  const tasks = Array.from({ length: decided + open }, (_, i): Task => {
    const zoned = next() < 0.5;
    const suspected: ViolationCode = next() < 0.5 ? 'no-licence' : 'cannot-say';
    const facts: ScoreFacts = {
      ...testJudgement({}).facts,
      violations: [suspected],
      areaM2: 1000 + next() * 30_000,
      beyondM2: next() * 20_000,
      zones: zoned ? [{ zone: 'red-line', name: '生态保护红线', inside: true, distanceM: 0 }] : [],
    };
    guilty.push(next() < (zoned ? 0.85 : 0.12));
    const judgement = testJudgement({ ...score(facts, rules), facts, violations: [suspected] });
    const n = FIRST + i;
    const task = queueTask(n);
    const quarter = quarterAfter('2024Q1', i % 6);
    return { ...task, quarter, judged: { ...task.judged, judgement } };
  });
  await layTasks(database, tasks);
  await database.query(
    `INSERT INTO tuban.decision (id, site_id, task_id, kind, decided_on, body)
     SELECT 'd' || "taskId", "siteId", "taskId", kind, '2026-01-01', '{}'
     FROM jsonb_to_recordset($1::jsonb) AS r ("taskId" text, "siteId" text, kind text)`,
    [
      JSON.stringify(
        tasks.slice(0, decided).map(({ id, siteId }, i) => ({
          taskId: id,
          siteId,
          kind: guilty[i] ? 'confirmed' : 'dismissed',
        })),
      ),
    ],
  );
}
