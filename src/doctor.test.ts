import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { selfCheck } from './adapters/gdal/self-check.js';
import { examine } from './doctor.js';
import { Fault } from './model/fault.js';
import type { Finding } from './model/finding.js';
import type { WorkCatalogue } from './model/work.js';
import type { WorkPool } from './ports/work-pool.js';
import { ordinaryLogin } from './testing/ordinary-login.js';
import { freshDatabase, redisUrl, withPostgres, withRedis } from './testing/servers.js';
import { makeTestWorkspaceFolder, openTestWorkspace } from './testing/workspace.js';

const NOW = new Date('2026-11-01T00:00:00Z');
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-doctor-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

type Check = WorkCatalogue['selfCheck']['output'];

function poolThat(answer: () => Check): WorkPool {
  return {
    size: 1,
    run: (async () => answer()) as unknown as WorkPool['run'],
    close: async () => {},
  };
}

function look(answer: () => Check = selfCheck, now = NOW): Promise<Finding[]> {
  const workspace = () => Promise.reject(new Error('there is none'));
  return examine({ dir, pool: poolThat(answer), workspace, now });
}

function of(findings: readonly Finding[], check: string): Finding | undefined {
  return findings.find((finding) => finding.check === check);
}

test('this machine, whose GDAL reads and writes everything, is well', async () => {
  const findings = await look();
  expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
  expect(selfCheck()).toMatchObject({ missingDrivers: [], projection: null, encoding: null });
  expect(of(findings, 'gdal')?.found).toMatch(/^GDAL \d+\.\d+/);
});

test('each missing thing is a failure that says what to do', async () => {
  const findings = await look(() => ({
    gdalVersion: '3.6.2',
    missingDrivers: ['JP2OpenJPEG'],
    projection: 'no proj.db',
    encoding: 'no recode',
  }));
  for (const check of ['gdal-drivers', 'projection', 'encoding']) {
    const finding = of(findings, check);
    expect(finding?.state, check).toBe('fail');
    expect(finding?.advice, check).toBeTruthy();
  }
  expect(of(findings, 'gdal-drivers')?.found).toContain('JP2OpenJPEG');
});

test('a child that cannot load GDAL is one failure', async () => {
  const findings = await look(() => {
    throw new Fault('pool.child-lost', 'gone', { retryable: true });
  });
  expect(of(findings, 'gdal')).toMatchObject({ state: 'fail' });
});

test('a clock in another century is a failure', async () => {
  const findings = await look(selfCheck, new Date('1970-01-02T00:00:00Z'));
  expect(of(findings, 'clock')).toMatchObject({ state: 'fail' });
});

test('a database and a queue that do not answer are failures', async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://tuban@127.0.0.1:1/none');
  vi.stubEnv('REDIS_URL', 'redis://127.0.0.1:1/0');
  const findings = await look();
  expect(of(findings, 'database')).toMatchObject({ state: 'fail' });
  expect(of(findings, 'queue')).toMatchObject({ state: 'fail' });
  expect(of(findings, 'queue')?.found).toContain('ECONNREFUSED');
});

withPostgres('a PostgreSQL server', () => {
  test('is named with its PostGIS', async () => {
    vi.stubEnv('DATABASE_URL', await freshDatabase());
    const findings = await look();
    expect(of(findings, 'database')?.found).toMatch(/PostgreSQL 1[5-9]/);
    expect(of(findings, 'postgis')).toMatchObject({ state: 'ok' });
    expect(of(findings, 'migrations')?.found).toContain('no tables yet');
  });

  test('is a failure that names PostGIS where its database has none and this login may not create it', async () => {
    const { own, admin } = await ordinaryLogin('NOCREATEROLE');
    try {
      await admin.query('DROP EXTENSION postgis CASCADE');
      await admin.query(`ALTER DATABASE "${new URL(own).pathname.slice(1)}" OWNER TO CURRENT_USER`);
    } finally {
      await admin.end();
    }
    vi.stubEnv('DATABASE_URL', own);
    const findings = await look();
    expect(of(findings, 'database')).toMatchObject({ state: 'ok' });
    expect(of(findings, 'postgis')).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining('CREATE EXTENSION postgis'),
    });
    // In a workspace it is met while that is opened.
    const folder = makeTestWorkspaceFolder();
    try {
      const opened = await examine({
        dir: folder,
        pool: poolThat(selfCheck),
        workspace: () => openTestWorkspace({ databaseUrl: own, dir: folder }),
        now: NOW,
      });
      expect(of(opened, 'postgis')).toMatchObject({
        state: 'fail',
        advice: expect.stringContaining('CREATE EXTENSION postgis'),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

withRedis('a Redis', () => {
  test('is named with its eviction policy', async () => {
    vi.stubEnv('REDIS_URL', await redisUrl());
    expect(of(await look(), 'queue')).toMatchObject({ state: 'ok' });
  });
});
