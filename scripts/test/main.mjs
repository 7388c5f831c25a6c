/**
 * `npm test`: build, type check, lint, format, import rules, then all tests, with private servers. Every check counts as a test.
 * The last line is `N passed, N failed, N skipped`; the exit status is 1 when anything failed, or was skipped where CI is set.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const inCi = !['', '0', 'false'].includes((process.env.CI ?? '').toLowerCase());

const checks = [
  ['build', process.execPath, ['scripts/build.mjs']],
  ['type check', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['type check of the pages', bin('vue-tsc'), ['--noEmit', '-p', 'src/web/tsconfig.json']],
  ['lint', bin('biome'), ['lint', '--error-on-warnings', '.']],
  ['format', bin('biome'), ['format', '.']],
  ['import rules', process.execPath, ['scripts/test/imports.mjs']],
];

const folder = mkdtempSync(join(tmpdir(), 'tuban-tally-'));
const tallyPath = join(folder, 'tally.json');
let child = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    // vitest stops its servers when it is asked to end, and their guards do when it just dies.
    child?.kill(signal);
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}

const total = { passed: 0, failed: [], skipped: [] };
for (const [name, command, args] of checks) {
  print(`\n== ${name}\n`);
  const start = Date.now();
  const status = await run(command, args);
  print(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)\n`);
  if (status === 0) total.passed++;
  else total.failed.push({ name, why: 'see above' });
}

print('\n== tests\n');
const reporter = join(root, 'scripts/test/tally-reporter.mjs');
const status = await run(bin('vitest'), ['run', '--reporter=default', `--reporter=${reporter}`], {
  TUBAN_TALLY: tallyPath,
});
if (existsSync(tallyPath)) {
  const tally = JSON.parse(readFileSync(tallyPath, 'utf8'));
  total.passed += tally.passed;
  total.failed.push(...tally.failed);
  total.skipped.push(...tally.skipped);
  if (tally.passed === 0) total.failed.push({ name: 'tests', why: 'no test ran' });
}
if (status !== 0 && total.failed.length === 0)
  total.failed.push({ name: 'vitest', why: `ended with status ${status}` });
rmSync(folder, { recursive: true, force: true });

for (const { name, why } of total.skipped) print(`skipped: ${name}: ${why}\n`);
if (inCi) total.failed.push(...total.skipped.map(({ name, why }) => ({ name, why: `skipped in CI: ${why}` })));
for (const { name, why } of total.failed) print(`failed: ${name}: ${why.split('\n')[0]}\n`);
const skipped = inCi ? 0 : total.skipped.length;
print(`\n${total.passed} passed, ${total.failed.length} failed, ${skipped} skipped\n`);
process.exitCode = total.failed.length > 0 ? 1 : 0;

function print(text) {
  process.stdout.write(text);
}

/** Its standard error joins standard output, so that nothing of it comes after the last line. */
function run(command, args, env = {}) {
  return new Promise((resolve) => {
    child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 1, 1] });
    child.once('error', (error) => {
      print(`${command}: ${error.message}\n`);
      resolve(1);
    });
    child.once('close', (code) => {
      child = null;
      resolve(code ?? 1);
    });
  });
}
