/** What stages need from the database. Same SQL for PGlite and PostgreSQL ≥ 15; our tables are always named `tuban.<table>`. */

/** Values that cross: numbers, strings, booleans, null, bytes; JSON goes as text with a `::jsonb` cast. */
export type SqlValue = string | number | boolean | null | Uint8Array;

export interface Sql {
  query<T extends object>(text: string, values?: readonly SqlValue[]): Promise<T[]>;
}

export interface Database extends Sql {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  readonly kind: 'embedded' | 'server';
  close(): Promise<void>;
}
