/** Schemas of the queue's files, claims and rounds. */
import { z } from 'zod';
import { VIOLATION_CODES } from '../model/patch.js';
import { REVIEW_LEVELS } from '../model/person.js';
import { ROUND_STATES, type Round } from '../model/round.js';
import { TASK_STATES } from '../model/task.js';
import type { FileStep } from '../model/task-file.js';
import { FILE_STATES, FLOW_ACTIONS } from '../model/task-flow.js';
import type { RoundAnswer } from '../ports/rounds.js';
import type { AllotAnswer, ClaimAnswer, FileAnswer, ListedFile, Responsibility } from '../ports/task-queue.js';
import { day, instant, noun } from './nouns.js';

const listed = z.looseObject({
  taskId: z.string(),
  quarter: z.string(),
  state: z.enum(FILE_STATES),
  revision: z.int(),
  rank: z.int(),
  score: z.number().nullable().meta({ description: 'null: sealed' }),
  violations: z.array(z.enum(VIOLATION_CODES)),
  areaM2: z.number().nullable().meta({ description: 'null: sealed' }),
  key: z.boolean(),
  listed: z.enum(TASK_STATES),
  areas: z.array(z.string()),
  areaNames: z.array(z.string()),
  teamId: z.string().nullable(),
  assignee: z.string().nullable(),
  holder: z.string().nullable(),
  leaseUntil: instant.nullable(),
  leaseNo: z.int(),
  sealed: z.boolean(),
  submitter: z.string().nullable(),
  reviewLevel: z.enum(REVIEW_LEVELS).nullable(),
  returned: z.boolean(),
  deadline: day.nullable(),
  deadlineProvisional: z.boolean(),
  overdue: z.boolean(),
});
export const listedSchema = noun<ListedFile>('ListedFile', listed);

export const fileSchema = noun<FileAnswer>(
  'TaskFile',
  z.looseObject({
    file: listed,
    opened: z
      .looseObject({ id: z.string() })
      .nullable()
      .meta({ description: 'Task as it was opened; null: its place is withheld' }),
    newest: z.looseObject({ id: z.string() }).nullable().meta({ description: 'Task as the newest run has it' }),
    keyWhy: z.array(z.string()).nullable().meta({
      description: 'why it was opened as a key patch, Chinese; null: withheld, or not kept when it was opened',
    }),
    change: z
      .looseObject({ hash: z.string(), acknowledged: z.boolean(), sentences: z.array(z.string()) })
      .nullable()
      .meta({ description: 'what a later run or licence says otherwise; its hash is to be acknowledged' }),
    may: z.array(z.enum(FLOW_ACTIONS)).meta({ description: 'what you may do with it now' }),
  }),
);

export const stepSchema = noun<FileStep>(
  'FileStep',
  z.looseObject({
    taskId: z.string(),
    revision: z.int(),
    action: z.enum(FLOW_ACTIONS),
    from: z.enum(FILE_STATES),
    to: z.enum(FILE_STATES),
    personId: z.string().nullable(),
    device: z.string(),
    at: instant,
  }),
);

const refused = z.array(z.looseObject({ taskId: z.string(), code: z.string(), message: z.string() }));
export const claimSchema = noun<ClaimAnswer>('Claimed', z.looseObject({ files: z.array(listed), refused }));

export const allotSchema = noun<AllotAnswer>(
  'Allotted',
  z.looseObject({
    assigned: z.array(
      z.looseObject({ taskId: z.string(), teamId: z.string().nullable(), assignee: z.string().nullable() }),
    ),
    left: z.array(z.looseObject({ taskId: z.string(), why: z.string() })),
  }),
);

export const responsibilitySchema = noun<Responsibility>(
  'Responsibility',
  z.looseObject({ areaId: z.string(), teamId: z.string().nullable(), personId: z.string().nullable() }),
);

const round = z.looseObject({
  id: z.string(),
  quarter: z.string(),
  state: z.enum(ROUND_STATES),
  sealed: z.boolean(),
  stops: z.int(),
  hours: z.number(),
  madeBy: z.string(),
  departedAt: instant.nullable(),
});
export const roundSchema = noun<Round>('Round', round);
export const roundAnswerSchema = noun<RoundAnswer>(
  'RoundAnswer',
  z.looseObject({
    round,
    tasks: z.array(z.looseObject({ taskId: z.string(), position: z.int() })),
    plan: z
      .looseObject({ stops: z.array(z.looseObject({ taskId: z.string(), lon: z.number(), lat: z.number() })) })
      .nullable()
      .meta({ description: 'null where the places are withheld' }),
    refused,
  }),
);
