/** measure: one whole command as a child process: wall time, processor time, and the peak of its tree's memory where asked. */
import { spawn } from 'node:child_process';
import { watchTree } from './tree.mjs';

/** The shell reports on descriptor 3 what its ended children used, which Node does not. */
const WRAPPER = '"$@"; status=$?; times >&3; exit $status';
/** Comparing two files needs no server, whatever this machine is set up for. */
const { DATABASE_URL: _database, REDIS_URL: _redis, ...environment } = process.env;

/** @returns {Promise<{ status, seconds, cpuSeconds, peakBytes: number | null, stdout, stderr }>} */
export function measure([command, ...args], { memory = false } = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn('/bin/sh', ['-c', WRAPPER, 'sh', command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: environment,
    });
    const watch = memory ? watchTree(child.pid) : null;
    let seconds = 0;
    const [stdout, stderr, times] = child.stdio.slice(1).map(collected);
    child.once('error', reject);
    child.once('exit', () => {
      seconds = (performance.now() - began) / 1000;
    });
    child.once('close', (status, signal) => {
      const peakBytes = watch ? watch.stop() : null;
      resolve({
        ...{ status: status ?? signal, seconds, cpuSeconds: childSeconds(times()), peakBytes },
        ...{ stdout: stdout(), stderr: stderr() },
      });
    });
  });
}

function collected(stream) {
  let text = '';
  stream.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  return () => text;
}

/** Second line of `times`: user and system time of the shell's children, as 1m2.34s. */
export function childSeconds(times) {
  const parts = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}
