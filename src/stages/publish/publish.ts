/**
 * publish: the ranked list of verification tasks (核查任务) of a quarter, and how it differs from the list that stands.
 * Rank: score, then area, then id. A patch whose only finding is that it is lawful gets no task; one that cannot be judged does.
 * A task that no longer stands is withdrawn, never deleted: somebody may have acted on it.
 * In:  judged patches with their sites; the tasks that stand. Out: tasks as they shall be; which are new, changed, withdrawn.
 */
import { canonicalJson } from '../../model/id.js';
import type { JudgedPatch } from '../../model/patch.js';
import type { Quarter } from '../../model/scene.js';
import type { SitedPatch } from '../../model/site.js';
import type { Task } from '../../model/task.js';

export interface TaskChanges {
  /** All tasks of the quarter that stand, by rank. */
  readonly standing: readonly Task[];
  /** Ids. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly withdrawn: readonly string[];
}

export function publish(quarter: Quarter, sited: readonly SitedPatch[], before: readonly Task[]): TaskChanges {
  const standing = sited
    .filter(({ judged }) => judged.judgement.violations.some((code) => code !== 'lawful'))
    .sort((a, b) => compare(a.judged, b.judged))
    .map(
      ({ judged, siteId }, index): Task => ({
        id: `T${judged.patch.id}`,
        quarter,
        siteId,
        rank: index + 1,
        judged,
        state: 'new',
      }),
    );
  const known = new Map(before.map((task) => [task.id, task]));
  const kept = new Set(standing.map((task) => task.id));
  const added = standing.filter((task) => !known.has(task.id));
  const changed = standing.filter((task) => {
    const old = known.get(task.id);
    return old !== undefined && canonicalJson(old) !== canonicalJson(task);
  });
  const withdrawn = before.filter((task) => task.state === 'new' && !kept.has(task.id));
  const ids = (tasks: readonly Task[]): string[] => tasks.map((task) => task.id).sort();
  return { standing, added: ids(added), changed: ids(changed), withdrawn: ids(withdrawn) };
}

function compare(a: JudgedPatch, b: JudgedPatch): number {
  return (
    b.judgement.score - a.judgement.score ||
    b.patch.areaM2 - a.patch.areaM2 ||
    (a.patch.id < b.patch.id ? -1 : a.patch.id > b.patch.id ? 1 : 0)
  );
}
