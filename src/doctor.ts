/** Doctor: looks at this installation, and at the workspace when there is one, by using each part once. */
import { statfsSync } from 'node:fs';
import { connectServer } from './adapters/postgres/server.js';
import { pingRedis } from './adapters/redis/ping.js';
import { canDrawChinese } from './adapters/sharp/fonts.js';
import { isWorkspace } from './adapters/workspace/folder.js';
import { packageVersion, readConfig } from './config.js';
import { Fault } from './model/fault.js';
import type { Finding } from './model/finding.js';
import type { Database } from './ports/database.js';
import type { WorkPool } from './ports/work-pool.js';
import type { Workspace } from './ports/workspace.js';

export interface Patient {
  readonly dir: string;
  readonly pool: WorkPool;
  /** Opens or joins the workspace at `dir`; only called when there is one. */
  readonly workspace: () => Promise<Workspace>;
  readonly now: Date;
}

export async function examine(patient: Patient): Promise<Finding[]> {
  return [
    ...versions(),
    ...(await gdalFindings(patient.pool)),
    ...(await databaseFindings(patient)),
    await queueFinding(),
    diskFinding(patient.dir),
    ...clockFindings(patient.now),
    await fontFinding(),
  ];
}

const SETUP = '请在程序文件夹运行 npm run setup (run npm run setup in the program’s folder)';

function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found, advice: null };
}

function bad(state: 'warn' | 'fail', check: string, found: string, advice: string): Finding {
  return { check, state, found, advice };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function versions(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const node = `Node ${process.versions.node}`;
  return [
    ok('version', `tuban ${packageVersion()}`),
    major > 20 || (major === 20 && minor >= 19)
      ? ok('node', node)
      : bad('fail', 'node', node, '请安装 Node 20.19 或更新版本 (install Node 20.19 or newer)'),
  ];
}

async function gdalFindings(pool: WorkPool): Promise<Finding[]> {
  try {
    const { gdalVersion, missingDrivers, projection, encoding } = await pool.run('selfCheck', {});
    return [
      ok('gdal', `GDAL ${gdalVersion}`),
      missingDrivers.length === 0
        ? ok('gdal-drivers', '影像与矢量格式齐全 (all raster and vector formats are there)')
        : bad('fail', 'gdal-drivers', `缺少 GDAL 驱动 (missing GDAL drivers): ${missingDrivers.join(', ')}`, SETUP),
      projection === null
        ? ok('projection', '坐标转换可用 (coordinates transform): EPSG:4490 → EPSG:4528')
        : bad(
            'fail',
            'projection',
            `坐标转换不可用 (coordinates do not transform): ${projection}`,
            '请安装 PROJ 数据：apt-get install proj-data，并检查环境变量 PROJ_LIB、PROJ_DATA (install PROJ’s data; look at PROJ_LIB and PROJ_DATA)',
          ),
      encoding === null
        ? ok('encoding', 'GBK 编码可用 (GBK text can be written)')
        : bad('fail', 'encoding', `GBK 编码不可用 (no GBK): ${encoding}`, SETUP),
    ];
  } catch (error) {
    return [bad('fail', 'gdal', `GDAL 不可用 (GDAL does not work): ${reason(error)}`, SETUP)];
  }
}

const CHECK_SERVER =
  '请检查 DATABASE_URL、服务器是否运行、防火墙与密码 (look at DATABASE_URL, whether the server runs, the firewall and the password)';

async function databaseFindings({ dir, workspace }: Patient): Promise<Finding[]> {
  const { databaseUrl } = readConfig();
  try {
    if (isWorkspace(dir)) {
      const { database, title } = await workspace();
      return [ok('workspace', `工作区 (workspace): ${title}, ${dir}`), ...(await databaseVersions(database))];
    }
    const none = ok(
      'workspace',
      `${dir} 不是工作区，只检查程序本身 (no workspace here: only the program is looked at)`,
    );
    if (databaseUrl === null) return [none, ok('database', '内置数据库 (embedded database)')];
    const database = await connectServer({ url: databaseUrl, size: 1, onLost: () => {} });
    try {
      return [none, ...(await databaseVersions(database))];
    } finally {
      await database.close();
    }
  } catch (error) {
    // Met while a workspace was opened: the server answers, its database cannot carry one.
    if (error instanceof Fault && error.code === 'database.postgis')
      return [bad('fail', 'postgis', error.message, POSTGIS)];
    const advice =
      error instanceof Fault && databaseUrl === null ? '请按上面所说处理 (do as it says above)' : CHECK_SERVER;
    return [bad('fail', 'database', `数据库不可用 (the database cannot be used): ${reason(error)}`, advice)];
  }
}

const POSTGIS =
  '请在数据库服务器上安装 PostGIS 3.3 或更新版本，再由管理员在该库执行 CREATE EXTENSION postgis; (install PostGIS 3.3 or newer on the server, then let an administrator run CREATE EXTENSION postgis; in this database)';
const OLDEST_POSTGRES = 150_000;

async function databaseVersions(database: Database): Promise<Finding[]> {
  const [row] = await database.query<{
    number: number;
    version: string;
    postgis: string | null;
    available: string | null;
    may_create: boolean;
  }>(
    `SELECT current_setting('server_version_num')::integer AS number, current_setting('server_version') AS version,
            (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis,
            (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis') AS available,
            coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false)
              OR has_database_privilege(current_database(), 'CREATE')
                AND EXISTS (SELECT FROM pg_available_extension_versions WHERE name = 'postgis' AND trusted) AS may_create`,
  );
  if (!row) throw new Error('no answer');
  const where = database.kind === 'embedded' ? '内置数据库 (embedded)' : '数据库服务器 (server)';
  const found = `${where}: PostgreSQL ${row.version}`;
  const postgis = row.postgis ?? row.available;
  const [major = 0, minor = 0] = (postgis ?? '').split('.').map(Number);
  return [
    row.number >= OLDEST_POSTGRES
      ? ok('database', found)
      : bad('fail', 'database', found, '需要 PostgreSQL 15 或更新版本 (PostgreSQL 15 or newer is needed)'),
    postgis !== null && (major > 3 || (major === 3 && minor >= 3)) && (row.postgis !== null || row.may_create)
      ? ok(
          'postgis',
          `PostGIS ${postgis}${row.postgis === null ? '，尚未启用 (not yet created in this database)' : ''}`,
        )
      : bad(
          'fail',
          'postgis',
          postgis === null
            ? '服务器未安装 PostGIS (no PostGIS on the server)'
            : row.postgis === null && !row.may_create
              ? `该库未启用 PostGIS ${postgis}，此用户无权启用 (not created in this database, and this role may not create it)`
              : `PostGIS ${postgis}`,
          POSTGIS,
        ),
    await migrationFinding(database),
  ];
}

async function migrationFinding(database: Database): Promise<Finding> {
  const [table] = await database.query<{ found: boolean }>(
    `SELECT to_regclass('tuban.migration') IS NOT NULL AS found`,
  );
  if (!table?.found)
    return ok('migrations', '尚未建表，首次打开工作区时建立 (no tables yet: made when a workspace is opened)');
  const rows = await database.query<{ name: string }>('SELECT name FROM tuban.migration ORDER BY name');
  return ok('migrations', `表结构 (tables): ${rows.at(-1)?.name ?? '—'}`);
}

async function queueFinding(): Promise<Finding> {
  const { redisUrl } = readConfig();
  if (redisUrl === null) return ok('queue', '任务队列在数据库中 (the job queue is in the database)');
  try {
    const { version, maxMemoryPolicy } = await pingRedis(redisUrl);
    const found = `Redis ${version}, maxmemory-policy ${maxMemoryPolicy}`;
    if (maxMemoryPolicy === 'noeviction') return ok('queue', found);
    const advice =
      '请把 Redis 的 maxmemory-policy 设为 noeviction，否则任务可能丢失 (set it to noeviction, or jobs may get lost)';
    return bad('warn', 'queue', found, advice);
  } catch (error) {
    const advice = '请检查 REDIS_URL 与 Redis 是否运行 (look at REDIS_URL and whether Redis runs)';
    return bad('fail', 'queue', `Redis 不可用 (Redis does not answer): ${reason(error)}`, advice);
  }
}

const LITTLE_BYTES = 20e9;
const NOTHING_BYTES = 1e9;

function diskFinding(dir: string): Finding {
  const advice = '请腾出空间，或把工作区移到更大的磁盘 (make room, or move the workspace to a larger disk)';
  try {
    const { bavail, bsize } = statfsSync(dir);
    const free = bavail * bsize;
    const found = `磁盘可用空间 (free disk space): ${(free / 1e9).toFixed(1)} GB, ${dir}`;
    if (free >= LITTLE_BYTES) return ok('disk', found);
    return bad(free < NOTHING_BYTES ? 'fail' : 'warn', 'disk', found, advice);
  } catch (error) {
    return bad('fail', 'disk', `读不到磁盘信息 (the disk cannot be asked): ${reason(error)}`, advice);
  }
}

/** The year this was written, and one that no installation will see. */
const FIRST_YEAR = 2026;
const LAST_YEAR = 2075;

function clockFindings(now: Date): Finding[] {
  const year = now.getUTCFullYear();
  const china = (time: Date) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(
      time,
    );
  let known = false;
  try {
    known = china(new Date(Date.UTC(2026, 0, 1))) === '2026-01-01 08:00';
  } catch {
    // an Intl without time zones throws: as bad as a wrong answer
  }
  return [
    year >= FIRST_YEAR && year <= LAST_YEAR
      ? ok('clock', `时钟 (clock): ${known ? `${china(now)} Asia/Shanghai` : now.toISOString()}`)
      : bad(
          'fail',
          'clock',
          `时钟不对 (the clock is wrong): ${now.toISOString()}`,
          '请校准系统时间 (set the system’s clock)',
        ),
    known
      ? ok('time-zone', '时区数据可用 (time zones are known): Asia/Shanghai = UTC+8')
      : bad(
          'fail',
          'time-zone',
          '没有时区数据，季度的起止无法判断 (no time zone data: quarters cannot be told)',
          '请使用带完整 ICU 的 Node (use a Node with full ICU)',
        ),
  ];
}

async function fontFinding(): Promise<Finding> {
  if (await canDrawChinese()) return ok('fonts', '有中文字体 (Chinese fonts are installed)');
  return bad(
    'warn',
    'fonts',
    '没有中文字体，图片将用英文标注 (no Chinese font: pictures are labelled in English)',
    'apt-get install fontconfig fonts-noto-cjk',
  );
}
