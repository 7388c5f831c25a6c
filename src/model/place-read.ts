/** Place read: somebody was shown where tasks lie. One entry for a person, an hour and a set of tasks, so that the log stays small. */

/** How: a task's file, its pictures, a list, a round's way, what was found there, a file that left. */
export const READ_MEANS = ['file', 'picture', 'list', 'round', 'evidence', 'export'] as const;
export type ReadMeans = (typeof READ_MEANS)[number];

export interface PlaceRead {
  readonly personId: string;
  /** UTC. */
  readonly at: string;
  readonly means: ReadMeans;
  /** Ids of the tasks. */
  readonly tasks: readonly string[];
  /** How many of them the reader had to do with then: assigned, held, handed in, reviewed, or his team's. */
  readonly own: number;
  /** How many of the others lay in an area of his grants. */
  readonly inArea: number;
}

/**
 * What was found at a task, and when; `quiet`: nobody dug. By an officer's finding; or by the comparison of the next quarter's images after a quarter
 * with change, as of its earliest image: a later look cannot have been the cause.
 */
export interface FoundThere {
  readonly taskId: string;
  readonly at: string;
  readonly quiet: boolean;
  readonly by: 'finding' | 'comparison';
}
