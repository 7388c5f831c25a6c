/**
 * Types commands of the program as a user would, with everything embedded whatever this machine is set up for, and shows what they print.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const CLI = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const { DATABASE_URL: _database, REDIS_URL: _redis, ...environment } = process.env;

/** What the command printed; other exit statuses than `expected` reject. `show`: lines of it that are shown; the rest is in the lists. */
export function tuban(args, { show = Number.POSITIVE_INFINITY, expected = [0] } = {}) {
  if (show > 0) process.stdout.write(`\n$ npx tuban ${args.map(quoted).join(' ')}\n`);
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const whole = show === Number.POSITIVE_INFINITY;
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (whole) process.stdout.write(part);
    });
    child.once('error', failed);
    child.once('close', (code, signal) => {
      if (!whole && show > 0) showFirst(text, show);
      if (expected.includes(code)) done(text);
      else failed(new Error(`tuban ${args.join(' ')}: ${signal ?? `exit status ${code}`}`));
    });
  });
}

function showFirst(text, show) {
  const rows = text.split('\n').filter((row) => row !== '');
  for (const row of rows.slice(0, show)) process.stdout.write(`${row}\n`);
  if (rows.length > show) {
    process.stdout.write(`… 其余 ${rows.length - show} 行见清单文件 (more in the lists)\n`);
  }
}

function quoted(arg) {
  return /\s/.test(arg) ? `'${arg}'` : arg;
}
