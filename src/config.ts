/** The only reader of the environment: addresses, credentials and folders of this machine. What changes a result is in the recipe. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Fault } from './model/fault.js';

export interface Config {
  /** Null = embedded database in the workspace. */
  readonly databaseUrl: string | null;
  /** Null = queue in the database. */
  readonly redisUrl: string | null;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Login of the person for whom commands act, where `--as` does not name one. */
  readonly person: string | null;
  /** Raster children at most. */
  readonly jobs: number;
  /** Where messages of commands without a workspace are logged. */
  readonly stateDir: string;
  /** Where the prepared empty database is kept when the package's own folder cannot be written. */
  readonly cacheDir: string;
  /** Null = no mail is sent. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** Null = no webhook is called. */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
}

const filled = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text.trim());

const environmentSchema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:port/database')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^(rediss?:\/\/|\/)/, 'redis://host:port/0')
    .optional(),
  TUBAN_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TUBAN_PERSON: z.string().optional(),
  TUBAN_JOBS: z.coerce.number().int().min(1).max(256).optional(),
  TUBAN_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'smtp://user:password@host:587')
    .optional(),
  TUBAN_MAIL_FROM: z.string().regex(/@/, 'tuban@bureau.example').optional(),
  TUBAN_WEBHOOK_URL: z
    .string()
    .regex(/^https?:\/\//, 'https://host/path')
    .optional(),
  TUBAN_WEBHOOK_SECRET: z.string().min(16, 'at least 16 characters').optional(),
  XDG_STATE_HOME: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
});

export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const names = Object.keys(environmentSchema.shape);
  const parsed = environmentSchema.safeParse(
    Object.fromEntries(names.map((name) => [name, filled(environment[name])])),
  );
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Fault(
      'config.environment',
      `环境变量的值不对，应为 (an environment variable has a wrong value, expected):\n${lines.join('\n')}`,
    );
  }
  const { TUBAN_SMTP_URL, TUBAN_MAIL_FROM, TUBAN_WEBHOOK_URL, TUBAN_WEBHOOK_SECRET } = parsed.data;
  const { DATABASE_URL, REDIS_URL, TUBAN_LOG_LEVEL, TUBAN_PERSON, TUBAN_JOBS, XDG_STATE_HOME, XDG_CACHE_HOME } =
    parsed.data;
  return {
    databaseUrl: DATABASE_URL ?? null,
    redisUrl: REDIS_URL ?? null,
    logLevel: TUBAN_LOG_LEVEL,
    person: TUBAN_PERSON ?? null,
    jobs: TUBAN_JOBS ?? availableParallelism(),
    stateDir: join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'tuban'),
    cacheDir: join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tuban'),
    mail: both('TUBAN_SMTP_URL', TUBAN_SMTP_URL, 'TUBAN_MAIL_FROM', TUBAN_MAIL_FROM, (url, from) => ({ url, from })),
    webhook: both(
      'TUBAN_WEBHOOK_URL',
      TUBAN_WEBHOOK_URL,
      'TUBAN_WEBHOOK_SECRET',
      TUBAN_WEBHOOK_SECRET,
      (url, secret) => ({ url, secret }),
    ),
  };
}

/** Two variables that only serve together. */
function both<T>(
  firstName: string,
  first: string | undefined,
  secondName: string,
  second: string | undefined,
  make: (first: string, second: string) => T,
): T | null {
  if (first !== undefined && second !== undefined) return make(first, second);
  if (first === undefined && second === undefined) return null;
  throw new Fault(
    'config.environment',
    `环境变量 ${firstName} 与 ${secondName} 须同时设置 (these environment variables are set together or not at all)`,
  );
}

/** Folder of this package, whether this module runs from dist/ or from src/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

const packageSchema = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

function packageFile(): z.infer<typeof packageSchema> {
  return packageSchema.parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')));
}

export function packageVersion(): string {
  return packageFile().version;
}

/** The version that this program pins of another package. */
export function pinnedVersion(name: string): string {
  const version = packageFile().dependencies[name];
  if (version === undefined) throw new Error(`${name} is no dependency`);
  return version;
}
