/**
 * servers: a real PostgreSQL with PostGIS and a real Redis for tests. They run privately for the length of one vitest run
 * (scripts/test/servers.mjs), are started on first demand and always stopped. Where they are not installed, the tests that need
 * them are skipped and say why.
 *
 *   withPostgres('publish on a server', () => {
 *     test('…', async () => { const url = await freshDatabase(); … });
 *   });
 */
import { request } from 'node:http';
import { describe, inject, test } from 'vitest';

export interface TestServers {
  readonly socketPath: string;
  /** Null: can be had. */
  readonly postgresReason: string | null;
  readonly redisReason: string | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServers: TestServers;
  }
}

/** DATABASE_URL of a new, empty database with PostGIS; its user may do everything. It goes away with the test run. */
export function freshDatabase(): Promise<string> {
  return ask('/database');
}

/** REDIS_URL of an empty database (by number) of a Redis that keeps nothing on disk. */
export function redisUrl(): Promise<string> {
  return ask('/redis');
}

/** A `describe` that needs PostgreSQL; without one, a single skipped test that names the reason. */
export function withPostgres(name: string, body: () => void): void {
  describeUnless(inject('testServers').postgresReason, name, body);
}

export function withRedis(name: string, body: () => void): void {
  describeUnless(inject('testServers').redisReason, name, body);
}

export function withPostgresAndRedis(name: string, body: () => void): void {
  const { postgresReason, redisReason } = inject('testServers');
  describeUnless(postgresReason ?? redisReason, name, body);
}

function describeUnless(reason: string | null, name: string, body: () => void): void {
  if (reason === null) describe(name, body);
  else describe(name, () => test('all of it', (context) => context.skip(reason)));
}

function ask(path: string): Promise<string> {
  const { socketPath } = inject('testServers');
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(text));
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}
