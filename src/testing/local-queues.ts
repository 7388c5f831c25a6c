/** JobQueues in memory, for tests that are not about the queue: order as added, or shuffled by a seed. */
import type { JobQueues, JobRequest } from '../ports/job-queue.js';

export function localQueues(shuffleSeed?: number): JobQueues {
  const waiting: JobRequest[] = [];
  const running = new Set<string>();
  let state = shuffleSeed ?? 0;
  let look: () => void = () => undefined;
  const take = (): JobRequest | undefined => {
    if (shuffleSeed === undefined) return waiting.shift();
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return waiting.splice(state % Math.max(1, waiting.length), 1)[0];
  };
  return {
    async add(jobs) {
      for (const job of jobs) {
        if (!running.has(job.id) && !waiting.some(({ id }) => id === job.id)) waiting.push(job);
      }
      look();
    },
    work(handle, concurrency) {
      let open = true;
      const active = new Set<Promise<void>>();
      look = () => {
        while (open && active.size < concurrency && waiting.length > 0) {
          const job = take();
          if (!job) return;
          running.add(job.id);
          const done: Promise<void> = handle(job)
            .catch(() => undefined)
            .then(() => {
              running.delete(job.id);
              active.delete(done);
              look();
            });
          active.add(done);
        }
      };
      look();
      return {
        async close() {
          open = false;
          await Promise.all(active);
        },
      };
    },
    async empty() {
      waiting.length = 0;
    },
    async close() {
      waiting.length = 0;
    },
  };
}
