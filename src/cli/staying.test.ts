/** serve and worker, as processes of the built program, embedded and on servers. */

import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Programs, programs } from '../testing/program.js';
import { freshDatabase, redisUrl, withPostgresAndRedis } from '../testing/servers.js';
import { makeTestWorkspaceFolder } from '../testing/workspace.js';

let dir = '';
let processes: Programs;
beforeEach(() => {
  dir = makeTestWorkspaceFolder();
  processes = programs();
});
afterEach(async () => {
  await processes.end();
  rmSync(dir, { recursive: true, force: true });
});

describe('tuban serve', { timeout: 240_000 }, () => {
  it('answers on this machine, takes commands beside it, and ends clean', async () => {
    const serve = processes.start(['serve', '--port', '0', '--no-due'], dir);
    await serve.saying('127.0.0.1');
    const address = serve.out().trim();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const health = await fetch(`${address}/healthz`);
    expect(await health.json()).toMatchObject({ status: 'ok', database: 'embedded' });
    const due = await processes.start(['run', '--due'], dir).ended;
    expect(due).toMatchObject({ status: 0, out: '' });
    const second = await processes.start(['serve', '--port', '0'], dir).ended;
    expect(second.status).toBe(1);
    expect(second.err).toContain(`${serve.process.pid}`);
    serve.process.kill('SIGINT');
    expect((await serve.ended).status).toBe(0);
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });

  it('says that a port is taken, and refuses what is no port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const taken = await processes.start(['serve', '--port', String(port)], dir).ended;
    expect(taken).toMatchObject({ status: 2 });
    expect(taken.err).toContain(String(port));
    other.close();
    expect((await processes.start(['serve', '--port', 'eighty'], dir).ended).status).toBe(2);
  });
});

withPostgresAndRedis('on servers', () => {
  it('any number of workers and commands share a workspace without a holder', { timeout: 240_000 }, async () => {
    const environment = { DATABASE_URL: await freshDatabase(), REDIS_URL: await redisUrl() };
    const workers = [1, 2].map(() => processes.start(['worker', '--jobs', '1'], dir, environment));
    await Promise.all(workers.map((worker) => worker.saying('tuban worker')));
    const list = await processes.start(['scene', 'list', '--json'], dir, environment).ended;
    expect(list.status).toBe(0);
    for (const worker of workers) worker.process.kill('SIGTERM');
    expect((await Promise.all(workers.map(({ ended }) => ended))).map(({ status }) => status)).toEqual([0, 0]);
  });

  it('a server that is not there is told in a sentence, status 1', async () => {
    const gone = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    const { status, out, err } = await processes.start(['scene', 'list'], dir, gone).ended;
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain('the database cannot be reached');
    expect(err).not.toContain('    at ');
    const wrong = await processes.start(['scene', 'list'], dir, { DATABASE_URL: 'mysql://x' }).ended;
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('DATABASE_URL');
  });
});
