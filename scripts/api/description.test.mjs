/** docs/openapi.json and docs/api.md are what the program gives, and the description follows the rules of scripts/api/redocly.yaml. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = (args) =>
  spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    // Neither statistics nor a look for a newer version: nothing leaves this machine.
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' },
  });

it('is written down as it is', () => {
  const { status, stderr } = run(['scripts/docs-api.mjs', '--check']);
  expect([status, stderr]).toEqual([0, '']);
});

it('is a valid OpenAPI 3.1 description', () => {
  const { status, stdout, stderr } = run([
    'node_modules/@redocly/cli/bin/cli.js',
    'lint',
    'docs/openapi.json',
    '--config',
    'scripts/api/redocly.yaml',
  ]);
  expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
});
