/** Verdict: what a person says of a part of a patch after review. What the program adds are remarks, never a judgement of its own. */
import { z } from 'zod';

/** As a reviewer gives it; codes of the workspace's table. */
export const partVerdictSchema = z.strictObject({
  /** Number of the part (地块号) in the finding. */
  part: z.string().trim().min(1).max(20),
  code: z.string().trim().min(1).max(60),
  /** Of a violation. */
  handling: z.string().trim().min(1).max(60).nullable().default(null),
  reason: z.string().trim().max(4000).nullable().default(null),
  /** SHA-256 of files of the task that bear it out. */
  attachments: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(200)
    .readonly()
    .default([]),
});
export type PartVerdict = Readonly<z.infer<typeof partVerdictSchema>>;

export interface Verdict extends PartVerdict {
  readonly taskId: string;
  /** Who gave it, and who had said the same before him where two are needed. */
  readonly personId: string;
  readonly secondPersonId: string | null;
  readonly at: string;
  /** What it speaks of. */
  readonly findingId: string;
  readonly codesVersion: number;
}

/** What a reviewer said on the way, before the last review. */
export interface Opinion extends PartVerdict {
  readonly personId: string;
  /** Of the finding it speaks of. */
  readonly findingId: string;
  readonly at: string;
}

/** `missing`: evidence that the rule asks for is not there. `inconsistent`: with what was filled in. `doubt` (存疑): a field it needs is empty. */
export type RemarkKind = 'missing' | 'inconsistent' | 'doubt';

export interface Remark {
  /** Stable id of the rule (docs/evidence.md). */
  readonly rule: string;
  readonly kind: RemarkKind;
  /** A verdict cannot be given while it stands. */
  readonly blocks: boolean;
  readonly part: string | null;
  /** The field of the form it speaks of, and the value found there. */
  readonly field: string;
  readonly value: string | number | boolean | null;
  /** Chinese. */
  readonly text: string;
}
