/**
 * Measures how long a refused sign-in takes: of a login that is there with a wrong password, and of one that is not. Prints medians, quartiles and the
 * share of pairs in which the unknown login took longer (0.5: nothing can be told from one try). In a workspace of its own, which is removed.
 *   node scripts/sign-in-timing.mjs [--tries 200]      (after npm run build; says nothing on a machine that is busy)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDesk } from '../dist/src/adapters/postgres/desk.js';
import { openWorkspace } from '../dist/src/app.js';
import { readConfig } from '../dist/src/config.js';
import { silentLog } from '../dist/src/log.js';
import { queueAccess } from '../dist/src/queue-access.js';

const CLI = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const { values } = parseArgs({ options: { tries: { type: 'string', default: '200' } } });
const dir = mkdtempSync(join(tmpdir(), 'tuban-timing-'));
const run = (...argv) => {
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...argv], { cwd: dir, encoding: 'utf8' });
  if (status !== 0) throw new Error(`tuban ${argv.join(' ')}: ${stderr}`);
};

try {
  run('init');
  writeFileSync(join(dir, 'password.txt'), 'a long enough pass phrase\n', { mode: 0o600 });
  run('user', 'add', 'zhang', '--name', 'zhang', '--role', 'administrator');
  run('user', 'password', 'zhang', '--file', 'password.txt');
  const { workspace, close } = await openWorkspace(dir, readConfig(), silentLog());
  const { signIn } = queueAccess(workspace, createDesk(workspace.database));
  const once = async (login) => {
    await workspace.database.query('DELETE FROM tuban.sign_in_try');
    const began = performance.now();
    const wish = { login, password: 'another long pass phrase' };
    await signIn.signIn(wish, { address: '192.0.2.1', device: 'timing' }).catch(() => undefined);
    return performance.now() - began;
  };
  for (let i = 0; i < 10; i++) await once(i % 2 ? 'zhang' : 'nobody');
  const took = { zhang: [], nobody: [] };
  for (let i = 0; i < Number(values.tries); i++) {
    for (const login of i % 2 ? ['zhang', 'nobody'] : ['nobody', 'zhang']) took[login].push(await once(login));
  }
  await close();
  const at = (of, share) => [...of].sort((a, b) => a - b)[Math.floor((of.length - 1) * share)].toFixed(1);
  for (const [name, of] of [
    ['known login, wrong password', took.zhang],
    ['unknown login', took.nobody],
  ]) {
    process.stdout.write(`${name.padEnd(28)} quartiles ${at(of, 0.25)} / ${at(of, 0.5)} / ${at(of, 0.75)} ms\n`);
  }
  const longer = took.nobody.flatMap((one) => took.zhang.map((other) => (one > other ? 1 : one < other ? 0 : 0.5)));
  const share = longer.reduce((sum, one) => sum + one, 0) / longer.length;
  process.stdout.write(`unknown took longer in ${share.toFixed(3)} of ${longer.length} pairs\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
