/**
 * The schema of the job queue belongs to a role that owns nothing else: whoever speaks through the queue's connections can't read a task.
 * The login makes the tables, because BullMQ's migrations want to create the schema, and hands over whatever it owns there; a queue that an
 * earlier version made is handed over in the same way.
 */
import { DEFAULT_SCHEMA, type PgPoolClient, runMigrations } from 'bullmq';

/** Made when the database is opened (adapters/postgres/roles.ts). */
export const QUEUE_ROLE = 'tuban_queue';
/** Any number, but always this one: from making the tables to handing them over, one program at a time. */
const LOCK = 0x74756271;

const HAND_OVER = `DO $$
DECLARE it record;
BEGIN
  IF (SELECT nspowner FROM pg_namespace WHERE nspname = '${DEFAULT_SCHEMA}') <> '${QUEUE_ROLE}'::regrole THEN
    ALTER SCHEMA ${DEFAULT_SCHEMA} OWNER TO ${QUEUE_ROLE};
  END IF;
  FOR it IN
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS what, c.oid::regclass::text AS name
    FROM pg_class c WHERE c.relnamespace = '${DEFAULT_SCHEMA}'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
      AND c.relowner <> '${QUEUE_ROLE}'::regrole
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
    UNION ALL
    SELECT 'ROUTINE', p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = '${DEFAULT_SCHEMA}'::regnamespace AND p.proowner <> '${QUEUE_ROLE}'::regrole
    UNION ALL
    SELECT 'TYPE', t.oid::regtype::text FROM pg_type t
    WHERE t.typnamespace = '${DEFAULT_SCHEMA}'::regnamespace AND t.typtype IN ('e', 'd') AND t.typowner <> '${QUEUE_ROLE}'::regrole
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO ${QUEUE_ROLE}', it.what, it.name);
  END LOOP;
END
$$`;

/** As the login. */
export async function prepareSchema(client: PgPoolClient): Promise<void> {
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    await runMigrations(client);
    await client.query(HAND_OVER);
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}
