/** What the program and the thread of the embedded database say to each other. */
export interface ThreadSetup {
  readonly dataDir: string;
  /** Make a new, empty database when the folder is empty. Otherwise that is refused. */
  readonly create: boolean;
}

export interface ThreadRequest {
  readonly id: number;
  /** `script`: several statements, no values. `close`: flush, end. */
  readonly kind: 'query' | 'script' | 'close';
  readonly text: string;
  readonly values: readonly unknown[];
  /** `plain`: as in values.ts. `driver`: as the pg driver gives them, for code written for it. */
  readonly reading: 'plain' | 'driver';
}

export interface ThreadResult {
  readonly rows: object[];
  readonly rowCount: number | null;
  /** The command tag: `SELECT`, `COMMIT`, `ROLLBACK`, … */
  readonly command: string;
}

export type ThreadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly result: ThreadResult }
  | { readonly kind: 'failed'; readonly id: number | null; readonly error: ThreadError }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };

export interface ThreadError {
  readonly message: string;
  readonly code: string;
  readonly detail: string;
}
