/** Step details: what comes with a step, as the table of transitions needs it. */
import { z } from 'zod';

const id = z.string().trim().min(1).max(120);
const day = z.iso.date();

const ringSchema = z
  .array(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]).readonly())
  .min(4)
  .max(20_000)
  .readonly();

export const stepDetailsSchema = z.strictObject({
  reason: z.string().trim().min(1).max(2000).optional(),
  /** ISO day: until when it is to be done (return, extensions). */
  deadline: day.optional(),
  /** To whom (assign). */
  assignee: id.nullable().optional(),
  teamId: id.nullable().optional(),
  /** Hours of the lease (claim, extend-lease). */
  hours: z.number().positive().max(1000).optional(),
  /** The lease a finding was made under (submit): a later claim refuses it. */
  leaseNo: z.int().min(0).optional(),
  /** Made by whoever submits, e.g. a UUID: the same again answers the same. */
  findingId: id.optional(),
  /** The form (submit). */
  finding: z.unknown().optional(),
  /** Verdicts by part (approve); without it as the finding proposes. */
  verdict: z.array(z.unknown()).min(1).max(200).optional(),
  /** Hash of the change that was looked at (FileChange.hash). */
  acknowledged: z.string().max(64).optional(),
  /** Tasks that this one carries from now on (merge), with the revisions they were seen at. */
  tasks: z
    .array(z.strictObject({ taskId: id, revision: z.int().min(1) }))
    .min(1)
    .max(100)
    .optional(),
  /** Outlines of the parts, lon/lat, or `pieces`: as the judgement told them apart (split). */
  parts: z
    .union([
      z.literal('pieces'),
      z
        .array(
          z.strictObject({
            name: z.string().trim().min(1).max(60),
            geometry: z.array(z.array(ringSchema).min(1)).min(1),
          }),
        )
        .min(2)
        .max(50),
    ])
    .optional(),
});
export type StepDetails = z.infer<typeof stepDetailsSchema>;
