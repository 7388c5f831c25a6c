/** PitCheck: what would be said of a pit before it is reported. */

export const PIT_REMARKS = ['small', 'large', 'area', 'late'] as const;
/** Worth a second look; hinders nothing. */
export type PitRemark = (typeof PIT_REMARKS)[number];

export interface PitCheck {
  /** Null where the outline cannot serve. */
  readonly areaM2: number | null;
  /** Areas that hold it, the smallest first. */
  readonly areaNames: readonly string[];
  /** Why it would be refused: codes of MissedPits.report. Empty: it would be taken. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly remarks: readonly { readonly code: PitRemark; readonly message: string }[];
  /** Tasks of the quarter that it overlaps and that the person sees. `same`: no second task is made there. */
  readonly near: readonly { readonly taskId: string; readonly share: number; readonly same: boolean }[];
  /** Chinese: what was assumed in reading corner points. */
  readonly notes: readonly string[];
}
