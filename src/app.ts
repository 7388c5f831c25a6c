/** Composition root: configuration → adapters → what commands, jobs and the API share. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createPool } from './adapters/pool/pool.js';
import { admitEarlier } from './adapters/postgres/admission.js';
import { createDesk } from './adapters/postgres/desk.js';
import { type EmbeddedDatabase, openEmbedded } from './adapters/postgres/embedded.js';
import { makeFit } from './adapters/postgres/fitness.js';
import { migrate, readMigrations } from './adapters/postgres/migrate.js';
import { copyPrepared, preparedDatabase } from './adapters/postgres/prepared.js';
import { ensureRoles } from './adapters/postgres/roles.js';
import { takeSafeCopy, writePosition } from './adapters/postgres/safe-copy.js';
import type { ServerDatabase } from './adapters/postgres/server.js';
import { existingWorkspace, type WorkspaceFolder } from './adapters/workspace/folder.js';
import { readSettings } from './adapters/workspace/settings.js';
import { type Config, packageRoot, pinnedVersion } from './config.js';
import { Fault } from './model/fault.js';
import type { KeyRule } from './model/key-patch.js';
import type { QueueSource } from './ports/queue-source.js';
import type { WorkPool } from './ports/work-pool.js';
import type { Workspace } from './ports/workspace.js';
import { settleAdoptions } from './queue-adoptions.js';
import { rulesFileAt } from './queue-rules.js';

export interface OpenedWorkspace {
  readonly workspace: Workspace;
  readonly database: EmbeddedDatabase | ServerDatabase;
  close(): Promise<void>;
}

/** Opens the workspace at `dir`. Without DATABASE_URL the caller must be its holder. */
export async function openWorkspace(dir: string, config: Config, log: Logger): Promise<OpenedWorkspace> {
  const folder = existingWorkspace(dir);
  const settings = readSettings(folder.settings);
  const database = await openDatabase(folder, settings.queue, config, log);
  const pool = lazyPool(config.jobs);
  const { title, queue } = settings;
  return {
    workspace: {
      dir,
      title,
      // Read again, so that rules that were adopted while this process runs count from its next run on.
      get recipe() {
        return readSettings(folder.settings).recipe;
      },
      queueSettings: queue,
      database,
      pool,
      queue: queueSource(database, config),
      log,
      safeCopy: copier(database, folder),
    },
    database,
    async close() {
      await pool.close();
      await database.close();
    },
  };
}

async function openDatabase(
  folder: WorkspaceFolder,
  rule: KeyRule,
  config: Config,
  log: Logger,
): Promise<EmbeddedDatabase | ServerDatabase> {
  const database = await connect(folder, config, log);
  try {
    await makeFit(database);
    await ensureRoles(database);
    const applied = await migrate(database, readMigrations(migrationsFolder()));
    if (applied.length > 0) {
      await database.transaction((sql) => admitEarlier(sql, rule));
      log.info({ applied }, 'Database:Migrate:Done');
    }
    const settled = await settleAdoptions(createDesk(database), rulesFileAt(folder.settings));
    if (settled > 0) log.warn({ settled }, 'Rules:Adoption:Settled');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One copy at a time, and none when nothing was written since the last. */
function copier(database: EmbeddedDatabase | ServerDatabase, folder: WorkspaceFolder): () => Promise<void> {
  if (database.kind === 'server') return async () => undefined;
  let copied = '';
  let turn: Promise<void> = Promise.resolve();
  const copy = async () => {
    const position = await writePosition(database);
    if (position === copied) return;
    await takeSafeCopy(database, { from: folder.database, to: folder.databaseCopy });
    // The checkpoint of the copy writes, too.
    copied = await writePosition(database);
  };
  return () => {
    turn = turn.catch(() => undefined).then(copy);
    return turn;
  };
}

function queueSource(database: EmbeddedDatabase | ServerDatabase, config: Config): QueueSource {
  if (config.redisUrl !== null) return { kind: 'redis', url: config.redisUrl };
  if (database.kind === 'embedded') return { kind: 'embedded', connection: database.connection };
  const url = config.databaseUrl ?? '';
  return {
    kind: 'server',
    async open(searchPath, role, onLost) {
      const { openQueuePool } = await import('./adapters/postgres/queue-pool.js');
      return openQueuePool({ url, searchPath, role, onLost });
    },
  };
}

/** An installation without sources has them beside the compiled modules. */
function migrationsFolder(): string {
  const sources = join(packageRoot(), 'src', 'adapters', 'postgres', 'migrations');
  return existsSync(sources) ? sources : join(packageRoot(), 'dist', 'src', 'adapters', 'postgres', 'migrations');
}

async function connect(
  folder: WorkspaceFolder,
  config: Config,
  log: Logger,
): Promise<EmbeddedDatabase | ServerDatabase> {
  if (config.databaseUrl !== null) {
    const onLost = (err: Error) => log.warn({ err }, 'Database:Connection:Lost');
    // Loaded on demand: most workspaces have no server, and every command would wait for the driver.
    const { connectServer } = await import('./adapters/postgres/server.js');
    return connectServer({ url: config.databaseUrl, size: 4 + config.jobs, onLost });
  }
  if (!existsSync(folder.database)) copyPrepared(await ensurePreparedDatabase(config), folder.database);
  try {
    return await openEmbedded({ entry: built('dist/workers/database.js'), dataDir: folder.database });
  } catch (cause) {
    throw cause instanceof Fault && cause.code !== 'database.lost' ? cause : damaged(folder, cause);
  }
}

function damaged(folder: WorkspaceFolder, cause: unknown): Fault {
  const { database, databaseCopy } = folder;
  const way = existsSync(databaseCopy)
    ? `请先备份整个文件夹，再用安全副本替换 (keep a copy of the whole folder, then put the safe copy in its place):\n  mv ${database} ${database}.damaged && mv ${databaseCopy} ${database}`
    : '没有安全副本 (there is no safe copy)';
  const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new Fault(
    'database.damaged',
    `内置数据库打不开，可能因断电损坏 (the embedded database does not open): ${database}\n${why}\n${way}`,
    {
      blame: 'system',
      cause,
    },
  );
}

/** Makes, once per machine, the empty database that new workspaces start from; says where it is. */
export function ensurePreparedDatabase(config: Config): Promise<string> {
  return preparedDatabase({
    entry: built('dist/workers/database.js'),
    caches: [join(packageRoot(), 'node_modules', '.cache', 'tuban'), config.cacheDir],
    key: ['@electric-sql/pglite', '@electric-sql/pglite-postgis'].map(pinnedVersion).join('-'),
  });
}

function built(path: string): string {
  const whole = join(packageRoot(), path);
  if (existsSync(whole)) return whole;
  throw new Fault(
    'app.not-built',
    `程序尚未构建：缺少 ${whole}。请先运行 npm run setup (the program is not built yet)`,
    {
      blame: 'system',
    },
  );
}

/** Starts no child before the first request. */
function lazyPool(size: number): WorkPool {
  let pool: WorkPool | null = null;
  let closed = false;
  return {
    size,
    run(name, input) {
      if (closed)
        return Promise.reject(new Fault('pool.closed', '工作区已关闭 (the workspace is closed)', { blame: 'system' }));
      pool ??= createPool(size);
      return pool.run(name, input);
    },
    async close() {
      closed = true;
      await pool?.close();
    },
  };
}
