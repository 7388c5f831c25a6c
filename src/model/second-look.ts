/** SecondLook: how a blind second look at closed tasks agrees with the first. About groups of tasks, never about a person by name. */

/** Agreement of a group, with its exact interval. */
export interface Agreement {
  readonly looks: number;
  readonly agreed: number;
  /** agreed / looks, and the interval at 95 % (Clopper–Pearson). Null without looks. */
  readonly share: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

export interface SecondLookReport {
  readonly drawn: number;
  readonly answered: number;
  readonly all: Agreement;
  /** Cohen's kappa: agreement beyond chance. Null where both always said the same one thing, or without looks. */
  readonly kappa: number | null;
  readonly byTownship: readonly (Agreement & { readonly group: string })[];
  /** By the level of the review that gave the verdict. */
  readonly byLevel: readonly (Agreement & { readonly group: string })[];
  /** Tasks whose first verdict and second look differ: what may be reopened. */
  readonly disagreements: readonly {
    readonly lookId: string;
    readonly taskId: string;
    readonly first: string;
    readonly second: string;
    readonly note: string;
  }[];
}
