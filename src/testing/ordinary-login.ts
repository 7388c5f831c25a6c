/** A new database whose owner is a login as a bureau's PostgreSQL gives it: no superuser, bound by row-level security. */
import pg from 'pg';
import { freshDatabase } from './servers.js';

/** `may`: CREATEROLE or NOCREATEROLE. `own`: DATABASE_URL of that login; `admin` is a superuser and has to be ended. */
export async function ordinaryLogin(may: 'CREATEROLE' | 'NOCREATEROLE'): Promise<{ own: string; admin: pg.Client }> {
  const url = await freshDatabase();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const name = `plain_${Date.now().toString(36)}_${Math.floor(performance.now() * 1000)}`;
  await admin.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS ${may}`);
  await admin.query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" OWNER TO ${name}`);
  return { own: url.replace('//tuban@', `//${name}@`), admin };
}
