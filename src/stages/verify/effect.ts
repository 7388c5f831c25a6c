/** effect: what an allowed step changes of its file, what goes on record with it, and whom it is told. */
import type { ReviewLevel } from '../../model/person.js';
import type { TaskFile } from '../../model/task-file.js';
import type { FlowAction } from '../../model/task-flow.js';
import { chinaDay, type DueDay } from '../../model/working-days.js';
import type { StepInput, Telling } from './step-input.js';

export interface Effect {
  readonly set: Partial<TaskFile>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tell: readonly Telling[];
}

const HOUR_MS = 3_600_000;
const NOT_DUE = { deadline: null, deadlineProvisional: false, extensionAsked: null } as const;

/** Nobody holds it. A sealed round that has yet to depart keeps it all the same, and its place stays withheld. */
const unheld = ({ sealed, roundId }: TaskFile) => ({
  holder: null,
  leaseUntil: null,
  leaseExtensions: 0,
  roundId: sealed ? roundId : null,
});

const nothing = (set: Partial<TaskFile> = {}): Effect => ({ set, body: {}, tell: [] });

export function effectOf(input: StepInput): Effect {
  return EFFECTS[input.action](input);
}

const EFFECTS: Readonly<Record<FlowAction, (input: StepInput) => Effect>> = {
  assign: (input) => {
    const { assignee = null, teamId = null } = input.details;
    const due = input.file.deadline === null ? dueSet(dueFor(input, 'field')) : {};
    return {
      set: { assignee, teamId, ...due },
      body: { assignee, teamId, ...due },
      tell: [{ kind: 'assigned', to: assignee === null ? 'team' : 'assignee' }],
    };
  },
  claim: (input) => {
    const { file, by, at, details, context, rules } = input;
    const { lease } = rules.settings;
    const hours = details.hours ?? (context.roundId === null ? lease.hours : lease.roundHours);
    const leaseUntil = later(at, hours);
    const leaseNo = file.leaseNo + 1;
    const roundId = context.roundId ?? (file.sealed ? file.roundId : null);
    const due = file.deadline === null ? dueSet(dueFor(input, 'field')) : {};
    return {
      set: { holder: by?.id ?? null, leaseUntil, leaseNo, leaseExtensions: 0, roundId, ...due },
      body: { leaseUntil, leaseNo, ...(roundId === null ? {} : { roundId }), ...due },
      tell: [],
    };
  },
  'extend-lease': ({ file, at, details, rules: { settings } }) => {
    const hours = details.hours ?? (file.roundId === null ? settings.lease.hours : settings.lease.roundHours);
    const leaseUntil = later(file.leaseUntil ?? at, hours);
    const leaseExtensions = file.leaseExtensions + 1;
    return { set: { leaseUntil, leaseExtensions }, body: { leaseUntil, leaseExtensions }, tell: [] };
  },
  release: ({ file, by }) => ({
    set: unheld(file),
    body: { leaseNo: file.leaseNo },
    tell: file.holder === by?.id ? [] : [{ kind: 'lapsed', to: 'holder' }],
  }),
  lapse: ({ file }) => ({
    set: unheld(file),
    body: { leaseNo: file.leaseNo, leaseUntil: file.leaseUntil, holder: file.holder },
    tell: [{ kind: 'lapsed', to: 'holder' }],
  }),
  depart: () => nothing(),
  submit: (input) => {
    const { file, by, details, change, context } = input;
    const [level = 'county'] = levelsOf(input);
    const submitter = by?.id ?? null;
    const own = submitter === null ? [] : [submitter];
    const authors = [...new Set([...file.authors, ...own, ...context.tookPart])].sort();
    const due = dueSet(dueFor(input, level));
    return {
      set: {
        ...unheld(file),
        submitter,
        authors,
        reviewers: [],
        reviewLevel: level,
        extensionAsked: null,
        ...noted(input),
        ...due,
      },
      body: { findingId: details.findingId, leaseNo: file.leaseNo, level, ...due, ...seen(change) },
      tell: [{ kind: 'review-waiting', to: 'reviewers' }],
    };
  },
  approve: (input) => {
    const { file, by, change } = input;
    const levels = levelsOf(input);
    const level = file.reviewLevel;
    const next = level === null ? null : (levels[levels.indexOf(level) + 1] ?? null);
    const reviewers = by === null ? file.reviewers : [...file.reviewers, by.id];
    const due = next === null ? NOT_DUE : dueSet(dueFor(input, next));
    return {
      set: { reviewers, reviewLevel: next, ...noted(input), ...due },
      body: { level, next, ...(next === null ? {} : due), ...seen(change) },
      tell: next === null ? [] : [{ kind: 'review-waiting', to: 'reviewers' }],
    };
  },
  return: (input) => {
    const { file, details } = input;
    const given = details.deadline;
    const due =
      given === undefined ? dueSet(dueFor({ ...input, file: { ...file, returned: true } }, 'field')) : day(given);
    const nobody = file.assignee === null && file.teamId === null;
    return {
      set: {
        returned: true,
        reviewers: [],
        reviewLevel: null,
        extensionAsked: null,
        ...(nobody ? { assignee: file.submitter } : {}),
        ...due,
      },
      body: { level: file.reviewLevel, ...due },
      tell: [{ kind: 'returned', to: 'author' }],
    };
  },
  'ask-extension': ({ details }) => ({
    set: { extensionAsked: details.deadline ?? null },
    body: { asked: details.deadline },
    tell: [{ kind: 'extension-asked', to: 'supervisors' }],
  }),
  'grant-extension': ({ file, details }) => ({
    set: { ...day(details.deadline ?? file.deadline), extensionAsked: null },
    body: { deadline: details.deadline, before: file.deadline },
    tell: [{ kind: 'extension-granted', to: file.holder === null ? 'assignee' : 'holder' }],
  }),
  'bad-imagery': ({ file }) => nothing({ ...unheld(file), ...NOT_DUE }),
  unreachable: ({ file }) => nothing({ ...unheld(file), ...NOT_DUE }),
  reopen: (input) => {
    const fresh = { ...input.file, returned: false };
    const due = dueSet(dueFor({ ...input, file: fresh }, 'field'));
    return {
      set: { ...unheld(input.file), returned: false, reviewers: [], reviewLevel: null, extensionAsked: null, ...due },
      body: due,
      tell: [{ kind: 'assigned', to: 'assignee' }],
    };
  },
  'open-case': () => nothing(NOT_DUE),
  close: () => nothing(NOT_DUE),
  merge: ({ details }) => ({ set: {}, body: { tasks: (details.tasks ?? []).map(({ taskId }) => taskId) }, tell: [] }),
  join: ({ context: { into } }) => ({ set: { mergedInto: into, ...NOT_DUE }, body: { into }, tell: [] }),
  split: ({ details }) => ({
    set: NOT_DUE,
    body: { by: details.parts === 'pieces' ? 'pieces' : 'outlines' },
    tell: [],
  }),
  // What he has written so far is his work: he does not review what comes of it.
  'hand-over': ({ file, by, details: { assignee } }) => ({
    set: { authors: by === null ? file.authors : [...new Set([...file.authors, by.id])].sort() },
    body: { to: assignee },
    tell: [{ kind: 'draft-handed', to: 'named' }],
  }),
  'enter-round': ({ file, context: { roundId, sealing } }) => ({
    set: { roundId, sealed: file.sealed || sealing },
    body: { roundId, sealed: file.sealed || sealing },
    tell: [],
  }),
  'leave-round': ({ file }) => nothing({ sealed: false, roundId: file.holder === null ? null : file.roundId }),
  unseal: () => nothing({ sealed: false }),
  'take-off': ({ file }) => ({ set: NOT_DUE, body: { listed: file.listed }, tell: [] }),
};

function levelsOf({ file, rules: { settings } }: StepInput): readonly ReviewLevel[] {
  return file.key ? settings.keyLevels : settings.levels;
}

function dueFor({ file, at, rules }: StepInput, step: 'field' | ReviewLevel): DueDay {
  return rules.deadlineFor({ step, key: file.key, returned: file.returned, receivedOn: chinaDay(at) });
}

function dueSet({ day: deadline, provisional }: DueDay): Pick<TaskFile, 'deadline' | 'deadlineProvisional'> {
  return { deadline, deadlineProvisional: provisional };
}

/** Named by a person: the calendar has no part in it. */
function day(deadline: string | null): Pick<TaskFile, 'deadline' | 'deadlineProvisional'> {
  return { deadline, deadlineProvisional: false };
}

function noted({ change }: StepInput): Partial<TaskFile> {
  return change === null ? {} : { acknowledged: change.hash };
}

function seen(change: StepInput['change']): object {
  return change === null ? {} : { acknowledged: change.hash };
}

function later(at: string, hours: number): string {
  return new Date(Date.parse(at) + hours * HOUR_MS).toISOString();
}
