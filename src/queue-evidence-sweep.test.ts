/**
 * Originals that no row names, on both databases: found and removed without touching what a task has or what is on its way; and a program that is
 * killed while it takes files in leaves no row without its file and no half file under a name.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { register as evidence } from './cli/evidence.js';
import { fileParts, sweepPart } from './queue-file-parts.js';
import { CONSOLE_ACTOR, consoleDesk } from './queue-people.js';
import { commandsOn } from './testing/commands.js';
import { layFileGround } from './testing/file-ground.js';
import { streamed } from './testing/photos.js';
import { programs } from './testing/program.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { makeTestWorkspaceFolder, openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pdf = (fill = randomBytes(2000)) => Buffer.concat([Buffer.from('%PDF-1.4\n'), fill]);
const pathOf = (dir: string, sha256: string) => join(dir, 'evidence', sha256.slice(0, 2), sha256);
const grow = (path: string, hours: number) => {
  const at = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, at, at);
};

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let tuban: ReturnType<typeof commandsOn>;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layFileGround(workspace.database);
    tuban = commandsOn(workspace, [evidence], workspace.dir);
  });
  afterAll(() => workspace?.close());
  const attach = (bytes: Uint8Array) =>
    fileParts(workspace, createDesk(workspace.database)).evidence.attach({ personId: 'e', device: 'test' }, 'Tp1', {
      name: 'a.pdf',
      content: streamed(bytes),
    });
  const lay = (bytes: Uint8Array, hours: number) => {
    const path = pathOf(workspace.dir, hashOf(bytes));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    grow(path, hours);
    return path;
  };

  it('lists what no task has and is older than a day, and removes it when it is told to', async () => {
    expect((await tuban('evidence', 'sweep')).err).toContain('没有多余的原件');
    const own = pdf();
    const { file } = await attach(own);
    const ownPath = pathOf(workspace.dir, file.sha256);
    grow(ownPath, 100);
    const left = pdf();
    const leftPath = lay(left, 25);
    const fresh = lay(pdf(), 23);
    const foreign = join(dirname(leftPath), 'README');
    writeFileSync(foreign, 'x');
    grow(foreign, 100);

    const listed = await tuban('evidence', 'sweep', '--json');
    const entry = { sha256: hashOf(left), bytes: left.length, at: expect.any(String) };
    expect(JSON.parse(listed.out)).toEqual({ removed: false, files: [entry] });
    expect(existsSync(leftPath)).toBe(true);
    const officer = await tuban('--as', 'e', 'evidence', 'sweep', '--yes');
    expect([officer.status, existsSync(leftPath)]).toEqual([2, true]);
    const said = await tuban('--as', 'a', 'evidence', 'sweep', '--yes');
    expect([said.status, said.out]).toEqual([0, expect.stringContaining(hashOf(left))]);
    expect([leftPath, fresh, ownPath, foreign].map((path) => existsSync(path))).toEqual([false, true, true, true]);
    const [audit] = await workspace.database.query<{ body: string }>(
      `SELECT body FROM tuban.audit WHERE action = 'evidence.sweep'`,
    );
    expect(JSON.parse(audit?.body ?? '{}')).toEqual({ by: 'a', files: [entry] });
  });

  it('takes nothing from an upload that brings the same content at the same moment', async () => {
    const engine = createDesk(workspace.database);
    const sweep = sweepPart(workspace.dir, consoleDesk(engine), engine);
    for (let round = 0; round < 8; round++) {
      const all = Array.from({ length: 4 }, () => pdf());
      for (const bytes of all) lay(bytes, 30);
      await Promise.all([sweep.remove(CONSOLE_ACTOR), ...all.map((bytes) => attach(bytes))]);
      for (const bytes of all) {
        expect(hashOf(readFileSync(pathOf(workspace.dir, hashOf(bytes))))).toBe(hashOf(bytes));
      }
    }
    expect(await sweep.unnamed(CONSOLE_ACTOR)).toEqual([]);
  });
}

describe('originals without a task on the embedded database', () => holds(async () => null));
withPostgres('originals without a task on a server', () => holds(freshDatabase));

const running = programs();
afterAll(() => running.end());

withPostgres('a program that is killed while it takes files in', () => {
  it('leaves every row with its file, and whole content under every name', async () => {
    const databaseUrl = await freshDatabase();
    const dir = makeTestWorkspaceFolder();
    const workspace = await openTestWorkspace({ dir, databaseUrl });
    const stored = () =>
      (existsSync(join(dir, 'evidence'))
        ? readdirSync(join(dir, 'evidence'), { recursive: true, withFileTypes: true })
        : []
      )
        .filter((entry) => entry.isFile())
        .map(({ name, parentPath }) => join(parentPath, name));
    try {
      await layFileGround(workspace.database);
      const names = Array.from({ length: 20 }, (_, i) => `${i}.pdf`);
      for (const name of names) writeFileSync(join(dir, name), pdf(randomBytes(1_500_000)));
      const attach = () =>
        running.start(['tasks', 'attach', 'Tp1', ...names, '--as', 'e'], dir, { DATABASE_URL: databaseUrl });
      for (const enough of [1, 9]) {
        const child = attach();
        while (stored().length < enough) await new Promise((resolve) => setTimeout(resolve, 3));
        child.process.kill('SIGKILL');
        expect((await child.ended).signal).toBe('SIGKILL');
        const kept = stored().filter((path) => !path.endsWith('.part'));
        for (const path of kept) expect(path.endsWith(hashOf(readFileSync(path)))).toBe(true);
        const rows = await workspace.database.query<{ sha256: string }>('SELECT sha256 FROM tuban.evidence_file');
        for (const { sha256 } of rows) expect(kept).toContain(pathOf(dir, sha256));
        // At most the one that was between its name and its row.
        expect(kept.length - rows.length).toBeLessThanOrEqual(1);
      }
      expect(await attach().ended).toMatchObject({ status: 0 });
      const rows = await workspace.database.query('SELECT sha256 FROM tuban.evidence_file');
      expect(rows).toHaveLength(names.length);
    } finally {
      await workspace.close();
    }
  });
});
