/**
 * remind: what clocks say of the files of tasks → whom to tell what. Deadlines count working days of the official calendar; what is overdue goes
 * up: first to those who answer for it, after `escalateDays` working days to the supervisors of its area, after as many again to those of
 * everywhere. Also the deadline of each step.
 * In:  files as they stand, people with their grants, the calendar, the instant. Out: notices; those told before are told no second time (by id).
 */
import type { NewNotice } from '../../model/notice-kind.js';
import { hasRole, type Member, type ReviewLevel } from '../../model/person.js';
import type { QueueSettings } from '../../model/queue-settings.js';
import { ENDED_STATES, type FileState, HELD_STATES } from '../../model/task-flow.js';
import {
  chinaDay,
  type DueDay,
  type WorkCalendar,
  workingDaysAfter,
  workingDaysLeft,
} from '../../model/working-days.js';

/** What remind needs to know of a file. */
export interface FileClock {
  readonly taskId: string;
  readonly state: FileState;
  readonly areas: readonly string[];
  readonly teamId: string | null;
  readonly assignee: string | null;
  readonly holder: string | null;
  /** UTC instant. */
  readonly leaseUntil: string | null;
  /** Who had a part in what was submitted, and who approved it at another level: they do not review it. */
  readonly authors: readonly string[];
  readonly reviewers: readonly string[];
  readonly reviewLevel: ReviewLevel | null;
  /** ISO day. */
  readonly deadline: string | null;
}

export type DeadlineStep = 'field' | ReviewLevel;

/** Until when a step has to be done that was received on a day (not counted). */
export function deadlineFor(
  calendar: WorkCalendar,
  settings: Pick<QueueSettings, 'deadlines' | 'keyDeadlines' | 'returnedDays'>,
  step: { readonly step: DeadlineStep; readonly key: boolean; readonly returned: boolean; readonly receivedOn: string },
): DueDay {
  const table = step.key ? settings.keyDeadlines : settings.deadlines;
  const days = step.returned ? Math.min(settings.returnedDays, table[step.step]) : table[step.step];
  return workingDaysAfter(calendar, step.receivedOn, days);
}

export interface RemindInput {
  readonly files: readonly FileClock[];
  readonly people: readonly Member[];
  readonly calendar: WorkCalendar;
  readonly settings: Pick<QueueSettings, 'lease' | 'notices'>;
  /** UTC instant. */
  readonly at: string;
}

export function remind({ files, people, calendar, settings, at }: RemindInput): NewNotice[] {
  const today = chinaDay(at);
  return files.flatMap((file) => {
    if (ENDED_STATES.includes(file.state)) return [];
    return [...ofLease(file, settings.lease.warnHours, at), ...ofDeadline(file)];
  });

  function ofDeadline(file: FileClock): NewNotice[] {
    if (file.deadline === null) return [];
    const left = workingDaysLeft(calendar, today, file.deadline);
    const tell = (kind: NewNotice['kind'], persons: readonly string[]) =>
      [...new Set(persons)].map((personId) => ({ personId, kind, taskId: file.taskId, dueOn: file.deadline }));
    if (today <= file.deadline) {
      return left <= settings.notices.warnDays ? tell('due-soon', responsible(file, people)) : [];
    }
    const late = -left;
    const { escalateDays } = settings.notices;
    const own = responsible(file, people);
    const near = supervisors(people, file, 'area');
    const far = supervisors(people, file, 'everywhere');
    // An area without a supervisor of its own has the next one told in his place.
    const first = near.length > 0 ? near : far;
    return [
      ...tell('overdue', own),
      ...(late >= escalateDays || own.length === 0 ? tell('escalated', first) : []),
      ...(late >= 2 * escalateDays ? tell('escalated', far) : []),
    ].filter((notice, i, all) => all.findIndex((one) => sameNotice(one, notice)) === i);
  }
}

function sameNotice(a: NewNotice, b: NewNotice): boolean {
  return a.personId === b.personId && a.kind === b.kind && a.taskId === b.taskId && a.dueOn === b.dueOn;
}

function ofLease({ state, holder, leaseUntil, taskId }: FileClock, warnHours: number, at: string): NewNotice[] {
  if (holder === null || leaseUntil === null || !HELD_STATES.includes(state)) return [];
  const left = Date.parse(leaseUntil) - Date.parse(at);
  if (left <= 0 || left > warnHours * 3_600_000) return [];
  return [{ personId: holder, kind: 'lease-ending', taskId, dueOn: chinaDay(leaseUntil) }];
}

/** Who has to move a file: reviewers of its level where it waits for review, else its holder, assignee, or team. */
export function responsible(file: FileClock, people: readonly Member[]): string[] {
  if (file.state === 'submitted') {
    return people
      .filter(({ id }) => !file.authors.includes(id) && !file.reviewers.includes(id))
      .filter((person) => hasRole(person, 'reviewer', file.areas, file.reviewLevel))
      .map(({ id }) => id);
  }
  if (file.state === 'verdict' || file.state === 'case') {
    return people.filter((person) => hasRole(person, 'reviewer', file.areas)).map(({ id }) => id);
  }
  if (file.holder !== null) return [file.holder];
  if (file.assignee !== null) return [file.assignee];
  if (file.teamId === null) return [];
  const { teamId } = file;
  return people.filter(({ teams }) => teams.includes(teamId)).map(({ id }) => id);
}

function supervisors(people: readonly Member[], file: FileClock, where: 'area' | 'everywhere'): string[] {
  return people
    .filter(({ grants }) =>
      grants.some(
        ({ role, areaId }) =>
          role === 'supervisor' &&
          (where === 'everywhere' ? areaId === null : areaId !== null && file.areas.includes(areaId)),
      ),
    )
    .map(({ id }) => id);
}
