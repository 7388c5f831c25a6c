/** Runs programs for the set-up; their chatter goes to a log file, of which the end is shown when they fail. */
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Process groups in progress, to be ended when the set-up is interrupted. */
const running = new Set();

export function endPrograms() {
  for (const child of running) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // ended meanwhile
    }
  }
}

/** @returns {Promise<{ ok: boolean, said: string }>} `said`: the first and last lines of what it wrote. */
export function runProgram(command, args, { cwd, env = {}, log, timeoutS = 3600 }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'w');
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [process.stdin.isTTY && command === 'sudo' ? 'inherit' : 'ignore', file, file],
    // A group of its own, so that an interrupt ends it with all its children. sudo must keep the terminal to ask for a password.
    detached: command !== 'sudo',
  });
  closeSync(file);
  running.add(child);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    }, timeoutS * 1000);
    const finish = (ok, note) => {
      clearTimeout(timer);
      running.delete(child);
      const lines = `${readFileSync(log, 'utf8')}${note}`.trimEnd().split('\n');
      resolve({ ok, said: (lines.length > 20 ? [...lines.slice(0, 8), '…', ...lines.slice(-11)] : lines).join('\n') });
    };
    child.once('error', (error) => finish(false, error.message));
    child.once('close', (code) => finish(code === 0, ''));
  });
}

/** Path of a program, or null. */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return null;
}
