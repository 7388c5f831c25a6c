/** Schemas of the queue's answers and of what is sent to it. Answers are described by their main fields; more may come (nouns.ts). */
import { z } from 'zod';
import { CODE_KINDS, type Code, type CodeTable } from '../model/codes.js';
import { EVIDENCE_FLAGS, EVIDENCE_TYPES, type EvidenceFile } from '../model/evidence.js';
import type { Finding, Offender } from '../model/finding-form.js';
import { NOTICE_KINDS, type Notice } from '../model/notice-kind.js';
import type { PartVerdict, Remark } from '../model/verdict.js';
import type { FindingDraft, FormDescription } from '../ports/findings.js';
import type { TaskVerdicts } from '../ports/verdicts.js';
import { day, instant, noun } from './nouns.js';

export const nothing = z.undefined().meta({ description: '已完成 (done)' });
const text = (most: number) => z.string().trim().min(1).max(most);
export const key = z.string().trim().min(1).max(120);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '应为 64 位十六进制的 SHA-256');

const partVerdict = z.strictObject({
  part: text(20),
  code: text(60),
  handling: text(60).nullable().default(null),
  reason: text(4000).nullable().default(null),
  attachments: z.array(sha256).max(200).default([]),
});
export const partVerdicts: z.ZodType<PartVerdict[]> = z.array(partVerdict).min(1).max(50);

const remark = z.looseObject({
  rule: z.string(),
  kind: z.enum(['missing', 'inconsistent', 'doubt']),
  blocks: z.boolean(),
  part: z.string().nullable(),
  field: z.string(),
  text: z.string(),
});
export const remarkSchema = noun<Remark>('Remark', remark);

export const verdictsSchema = noun<TaskVerdicts>(
  'TaskVerdicts',
  z.looseObject({
    proposed: z.array(z.looseObject({ part: z.string(), code: z.string() })),
    opinions: z.array(z.looseObject({ part: z.string(), code: z.string(), personId: z.string() })),
    verdicts: z.array(z.looseObject({ part: z.string(), code: z.string(), personId: z.string(), at: instant })),
    remarks: z.array(remark),
  }),
);

export const findingSchema = noun<Finding>(
  'Finding',
  z.looseObject({
    id: z.string(),
    taskId: z.string(),
    revision: z.int(),
    personId: z.string(),
    at: instant,
    formVersion: z.int(),
    form: z
      .looseObject({})
      .meta({ description: 'as the form’s schema says (GET /api/finding-form), without the offender' }),
  }),
);
export const offenderSchema = noun<Offender>('Offender', z.looseObject({ kind: z.string(), name: z.string() }));
export const draftSchema = noun<FindingDraft>(
  'FindingDraft',
  z.looseObject({ id: z.string(), taskId: z.string(), at: instant, form: z.unknown() }),
);

const code = z.strictObject({
  kind: z.enum(CODE_KINDS),
  code: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, '应为小写字母、数字、连字符'),
  zh: text(80),
  en: z.string().trim().max(80).default(''),
  effect: z.string().max(40).nullable().default(null),
  retired: z.boolean().default(false),
});
export const codesBody: z.ZodType<{ codes: Code[]; note: string }> = z.strictObject({
  codes: z.array(code).max(5000),
  note: z.string().trim().max(500).default(''),
});
export const codeTableSchema = noun<CodeTable>(
  'CodeTable',
  z.looseObject({
    version: z.int(),
    codes: z.array(z.looseObject({ kind: z.enum(CODE_KINDS), code: z.string(), zh: z.string() })),
  }),
);
export const formSchema = noun<FormDescription>(
  'FindingForm',
  z.looseObject({
    version: z.int(),
    schema: z.looseObject({}).meta({ description: 'JSON Schema 2020-12' }),
    codes: z.looseObject({ version: z.int() }),
  }),
);

const TYPES = Object.keys(EVIDENCE_TYPES) as [string, ...string[]];
export const evidenceSchema = noun<EvidenceFile>(
  'EvidenceFile',
  z.looseObject({
    id: z.string(),
    taskId: z.string(),
    sha256: z.string(),
    bytes: z.int(),
    contentType: z.enum(TYPES),
    name: z.string(),
    personId: z.string(),
    receivedAt: instant,
    flags: z.array(z.enum(EVIDENCE_FLAGS)).meta({ description: 'noticed, never a reason to drop it' }),
  }),
);

export const noticeSchema = noun<Notice>(
  'Notice',
  z.looseObject({
    id: z.string(),
    kind: z.enum(NOTICE_KINDS),
    taskId: z.string(),
    dueOn: day.nullable(),
    madeAt: instant,
    seenAt: instant.nullable(),
  }),
);
