/** Where the jobs are queued: in the embedded database, on a PostgreSQL server, or on Redis. */

export interface DriverResult {
  readonly rows: object[];
  readonly rowCount: number | null;
}

/** The embedded database's one connection, for code written for the pg driver. */
export interface SharedConnection {
  /** Rows as the pg driver gives them. Only under a lease. */
  driverQuery(text: string, values: readonly unknown[]): Promise<DriverResult>;
  /** Waits for its turn; until released nobody else has the connection. */
  lease(): Promise<() => void>;
  /** What LISTEN brings; returns how to stop. */
  onNotification(listener: (channel: string, payload: string) => void): () => void;
}

/** A pool of the pg driver, for code written for it. */
export interface DriverPool {
  connect(): Promise<unknown>;
  end(): Promise<void>;
}

export type QueueSource =
  | { readonly kind: 'embedded'; readonly connection: SharedConnection }
  | {
      readonly kind: 'server';
      /** `role`: taken by each connection; null = the login itself. */
      open(searchPath: string, role: string | null, onLost: (error: Error) => void): Promise<DriverPool>;
    }
  | { readonly kind: 'redis'; readonly url: string };
