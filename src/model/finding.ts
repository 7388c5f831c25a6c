/** Finding: one line of what the doctor found. */
export interface Finding {
  /** Stable name of the check, for programs. */
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found, Chinese first. */
  readonly found: string;
  /** What to do, Chinese first; null when there is nothing to do. */
  readonly advice: string | null;
}
