/**
 * What vitest does once before and after all tests: answers the tests' wishes for a database or a Redis (see
 * src/testing/servers.ts) over a unix socket, starting the server on the first wish, so that a run of other tests pays nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { findPostgres, findRedis, startPostgres, startRedis } from './servers.mjs';

export default async function setup({ provide }) {
  const folder = mkdtempSync('/tmp/tuban-test-');
  const socketPath = join(folder, 'ask');
  const starts = { '/database': startPostgres, '/redis': startRedis };
  const started = new Map();
  const server = createServer(async (request, response) => {
    try {
      const start = starts[request.url];
      if (!start) throw new Error(`nobody provides ${request.url}`);
      if (!started.has(request.url)) started.set(request.url, start());
      const { freshUrl } = await started.get(request.url);
      response.end(await freshUrl());
    } catch (error) {
      response.statusCode = 500;
      response.end(error.message);
    }
  });
  await new Promise((resolve) => server.listen(socketPath, resolve));
  provide('testServers', {
    socketPath,
    postgresReason: findPostgres().reason,
    redisReason: findRedis().reason,
  });
  return async () => {
    server.close();
    const running = await Promise.allSettled(started.values());
    await Promise.all(running.map((one) => (one.status === 'fulfilled' ? one.value.stop() : null)));
    rmSync(folder, { recursive: true, force: true });
  };
}
