/** tree: the memory of a process and everything below it, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 50;

/** Bytes of a process and all its descendants; pages they share are counted once (proportional set size). */
export function treeBytes(root) {
  const all = [root];
  // the list grows while it is walked
  for (const pid of all) all.push(...childrenOf(pid));
  return all.reduce((sum, pid) => sum + ownBytes(pid), 0);
}

/** Samples until `stop()`, which gives the highest sum seen. */
export function watchTree(root) {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, treeBytes(root));
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Any thread may have started a child. */
function childrenOf(pid) {
  const threads = orNothing(() => readdirSync(`/proc/${pid}/task`), []);
  return threads.flatMap((thread) =>
    orNothing(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

function ownBytes(pid) {
  const text = orNothing(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), '');
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}

/** A process may end between the listing and the reading. */
function orNothing(read, nothing) {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return nothing;
    throw error;
  }
}
