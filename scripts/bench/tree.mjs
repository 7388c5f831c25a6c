/** tree: memory and processor time of a process and everything below it, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 50;

/** Bytes of a process and all its descendants; pages they share are counted once (proportional set size). */
export function treeBytes(root) {
  return familyOf(root).reduce((sum, pid) => sum + ownBytes(pid), 0);
}

/** Processor time so far of a process and all its descendants that live. */
export function treeCpuSeconds(root) {
  return familyOf(root).reduce((sum, pid) => sum + ownCpuSeconds(pid), 0);
}

function familyOf(root) {
  const all = [root];
  // the list grows while it is walked
  for (const pid of all) all.push(...childrenOf(pid));
  return all;
}

/** Samples until `stop()`, which gives the highest sum seen. */
export function watchTree(root) {
  let peak = treeBytes(root);
  const look = () => {
    peak = Math.max(peak, treeBytes(root));
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
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

/** Fields 14 and 15 of stat, in hundredths of a second on Linux; the name before them may hold blanks. */
function ownCpuSeconds(pid) {
  const text = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return text ? (Number(fields[11]) + Number(fields[12])) / 100 : 0;
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
