/** Whether a database can carry tuban: PostgreSQL ≥ 15, UTF-8, PostGIS ≥ 3.3 (made when it is there to be made). */
import { Fault } from '../../model/fault.js';
import type { Database } from '../../ports/database.js';

export interface Fitness {
  readonly postgres: string;
  readonly postgis: string;
}

export async function makeFit(database: Database): Promise<Fitness> {
  const [server] = await database.query<{ number: string; version: string; encoding: string }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version,
            current_setting('server_encoding') AS encoding`,
  );
  if (!server || Number(server.number) < 150000) {
    throw refused(
      'database.old',
      `需要 PostgreSQL 15 或更新，现为 ${server?.version} (PostgreSQL 15 or newer is needed)`,
    );
  }
  if (server.encoding !== 'UTF8') {
    throw refused(
      'database.encoding',
      `数据库编码须为 UTF8，现为 ${server.encoding} (the database's encoding must be UTF8)`,
    );
  }
  const postgis = (await installedPostgis(database)) ?? (await createPostgis(database));
  const [major = 0, minor = 0] = postgis.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 3)) {
    throw refused('database.postgis', `需要 PostGIS 3.3 或更新，现为 ${postgis} (PostGIS 3.3 or newer is needed)`);
  }
  return { postgres: server.version, postgis };
}

function refused(code: string, message: string, cause?: unknown): Fault {
  return new Fault(code, message, { blame: 'system', cause });
}

async function installedPostgis(database: Database): Promise<string | null> {
  const rows = await database.query<{ version: string }>(
    `SELECT extversion AS version FROM pg_extension WHERE extname = 'postgis'`,
  );
  return rows[0]?.version ?? null;
}

async function createPostgis(database: Database): Promise<string> {
  try {
    await database.query('CREATE EXTENSION IF NOT EXISTS postgis');
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    // Two programs at once: the other one has made it.
    const byOther = await installedPostgis(database);
    if (byOther !== null) return byOther;
    if (code === '42501') {
      throw refused(
        'database.postgis',
        '数据库用户无权创建 PostGIS，请让管理员在该库执行 CREATE EXTENSION postgis; (this role may not create PostGIS: let an administrator run CREATE EXTENSION postgis; in this database)',
        error,
      );
    }
    if (code === '0A000' || code === '58P01' || code === '42704') {
      throw refused(
        'database.postgis',
        '数据库服务器未安装 PostGIS，例如 apt-get install postgresql-15-postgis-3 (PostGIS is not installed on the database server)',
        error,
      );
    }
    throw error;
  }
  const made = await installedPostgis(database);
  if (made === null) throw refused('database.postgis', 'PostGIS 创建失败 (PostGIS could not be created)');
  return made;
}
