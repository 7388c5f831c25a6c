/** overlay-process: the worker as a process of its own, so that its memory and its heap are not those of the maker and the database's client. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { treeCpuSeconds, watchTree } from './tree.mjs';

/** @param options see overlay-worker.mjs */
export async function startOwn(options) {
  const child = fork(fileURLToPath(new URL('overlay-worker.mjs', import.meta.url)), {
    serialization: 'advanced',
    execArgv: ['--expose-gc'],
  });
  const answer = (message) =>
    new Promise((resolve, reject) => {
      const ended = (code, signal) => reject(new Error(`the process with the layers ended with ${code ?? signal}`));
      child.once('exit', ended);
      child.once('message', (said) => {
        child.off('exit', ended);
        resolve(said);
      });
      child.send(message);
    });
  await answer(options);
  const watched = async (step) => {
    const watch = watchTree(child.pid);
    await answer({ step });
    return watch.stop();
  };
  return {
    async ask(step) {
      const before = treeCpuSeconds(child.pid);
      const result = await answer({ step });
      return { ...result, cpuSeconds: treeCpuSeconds(child.pid) - before };
    },
    /** Garbage is collected first. */
    restingBytes: () => watched('rest'),
    peakBytes: watched,
    stop: () => child.disconnect(),
  };
}
