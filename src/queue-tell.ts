/** queue-tell: whom a step is told: the people behind "reviewers", "team", "holder". Never who took the step himself. */
import { membersOf, peopleFor } from './adapters/postgres/task-files.js';
import type { TaskFile } from './model/task-file.js';
import type { Turn } from './ports/desk.js';
import type { Notify } from './ports/notices.js';
import type { Telling } from './stages/verify/step-input.js';
import type { StepOutcome } from './stages/verify/verify.js';

/** `before`: the file before the step. `named`: whom the step names. */
export async function tellPeople(
  turn: Turn,
  notify: Notify,
  before: TaskFile,
  { file, step, tell }: StepOutcome,
  named: string | null = null,
): Promise<void> {
  for (const { kind, to } of tell) {
    const people = (to === 'named' ? [named ?? []].flat() : await peopleOf(turn, to, before, file)).filter(
      (id) => id !== step.personId,
    );
    const dueOn = kind === 'lapsed' ? null : file.deadline;
    await notify(
      turn,
      // Each step is told: the same deadline once more is no reason to keep quiet.
      [...new Set(people)].map((personId) => ({
        personId,
        kind,
        taskId: file.taskId,
        dueOn,
        about: `${step.revision}`,
      })),
    );
  }
}

async function peopleOf(
  turn: Turn,
  to: Exclude<Telling['to'], 'named'>,
  before: TaskFile,
  file: TaskFile,
): Promise<string[]> {
  const named = (id: string | null) => (id === null ? [] : [id]);
  switch (to) {
    case 'assignee':
      if (file.assignee !== null || file.teamId === null) return named(file.assignee);
      return membersOf(turn, file.teamId);
    case 'team':
      return file.teamId === null ? [] : membersOf(turn, file.teamId);
    case 'holder':
      return named(before.holder);
    case 'author':
      return [...named(file.submitter), ...named(file.assignee)];
    case 'supervisors':
      return peopleFor(turn, 'supervisor', null, file.areas);
    case 'reviewers': {
      const people = await peopleFor(turn, 'reviewer', file.reviewLevel, file.areas);
      return people.filter((id) => !file.authors.includes(id) && !file.reviewers.includes(id));
    }
  }
}
