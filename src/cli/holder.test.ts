/** The holder, with real processes of the built program. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Programs, programs } from '../testing/program.js';
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

const tuban = (argv: readonly string[], cwd = dir) => processes.start(argv, cwd);

function lockFiles(): string[] {
  return readdirSync(join(dir, '.tuban')).filter((name) => name.startsWith('holder-'));
}

// Each opening of an embedded database costs 2 s of processor time, and whole processes are started.
describe('holder', { timeout: 240_000 }, () => {
  it('is one of many processes that start at once; each gets its own answer', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => tuban(['scene', 'list', '--json']).ended));
    for (const { status, out } of all) {
      expect(status).toBe(0);
      expect(JSON.parse(out)).toEqual(JSON.parse(all[0]?.out ?? ''));
    }
    expect(lockFiles().filter((name) => name.endsWith('.json'))).toHaveLength(1);
    expect(lockFiles().filter((name) => name.endsWith('.sock'))).toHaveLength(0);
  });

  it('stays as a worker, takes commands of others, and refuses a second one by pid and command', async () => {
    const worker = tuban(['worker']);
    await worker.saying('worker');
    const [socket] = readdirSync(join(dir, '.tuban')).filter((name) => name.endsWith('.sock'));
    expect(statSync(join(dir, '.tuban', socket ?? '')).mode & 0o777).toBe(0o600);

    const second = await tuban(['worker']).ended;
    expect(second.status).toBe(1);
    expect(second.err).toContain(String(worker.process.pid));
    expect(second.err).toContain('tuban worker');

    const many = await Promise.all(Array.from({ length: 20 }, () => tuban(['scene', 'list', '--json']).ended));
    expect(many.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(new Set(many.map(({ out }) => out)).size).toBe(1);

    // A wrong file, named from the folder where the user stands: told on stderr, status 2, nothing on stdout.
    const elsewhere = mkdtempSync(join(tmpdir(), 'tuban-else-'));
    writeFileSync(join(elsewhere, 'not-an-image.tif'), 'plain text');
    const wrong = await tuban(['-C', dir, 'scene', 'add', 'not-an-image.tif', '--acquired', '2026-08-01'], elsewhere)
      .ended;
    rmSync(elsewhere, { recursive: true });
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('not-an-image.tif');
    expect(wrong.out).not.toContain('not-an-image.tif');
    expect((await tuban(['scene', 'nonsense']).ended).status).toBe(2);

    // What is asked for by one and refused to another goes on side by side, while the worker is at work.
    const [good, bad] = await Promise.all([
      tuban(['layer', 'list', '--json']).ended,
      tuban(['tasks', 'show', 'T1']).ended,
    ]);
    expect([good.status, bad.status]).toEqual([0, 2]);
    expect(typeof JSON.parse(good.out)).toBe('object');
    expect(bad.out).toBe('');

    worker.process.kill('SIGTERM');
    expect((await worker.ended).status).toBe(0);
    expect((await tuban(['scene', 'list']).ended).status).toBe(0);
  });

  it('killed with -9 leaves a workspace that the next command opens', async () => {
    const worker = tuban(['worker']);
    await worker.saying('worker');
    worker.process.kill('SIGKILL');
    await worker.ended;
    expect(lockFiles().length).toBeGreaterThan(0);
    const next = await tuban(['scene', 'list']).ended;
    expect(next).toMatchObject({ status: 0 });
  });

  it('works in a folder whose path is too long for a unix socket', async () => {
    const deep = join(dir, '很长的文件夹名'.repeat(4), 'x'.repeat(60));
    mkdirSync(deep, { recursive: true });
    expect((await tuban(['init', deep]).ended).status).toBe(0);
    const worker = tuban(['worker', '-C', deep]);
    await worker.saying('worker');
    expect((await tuban(['scene', '-C', deep, 'list']).ended).status).toBe(0);
    expect(readdirSync(join(deep, '.tuban')).some((name) => name.endsWith('.sock'))).toBe(false);
    worker.process.kill('SIGTERM');
    expect((await worker.ended).status).toBe(0);
    expect(existsSync(join(deep, '.tuban', 'database', 'PG_VERSION'))).toBe(true);
  });
});
