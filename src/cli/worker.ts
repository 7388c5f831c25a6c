/** tuban worker: takes jobs of any run of the workspace until told to end. */
import { sweepLeases, workOnJobs } from '../app-work.js';
import { openQueues } from '../jobs/queues.js';
import type { Register } from './command.js';
import { untilStopped, wholeNumber } from './staying.js';

const MINUTE_MS = 60_000;

export const register: Register = (program, context) => {
  program
    .command('worker')
    .description('执行队列中的作业，直到被结束 (take jobs from the queue until told to end)')
    .option('--jobs <N>', '同时进行的作业数，缺省为处理器核数 (jobs at a time)')
    .action(async (options: { jobs?: string }) => {
      const { session } = context;
      const wanted = wholeNumber('--jobs', options.jobs, 1, 256);
      const workspace = await context.hold();
      const jobs = wanted ?? workspace.pool.size;
      const queues = await openQueues(workspace);
      const worker = workOnJobs(workspace, queues, jobs);
      const leases = sweepLeases(workspace, MINUTE_MS, session.signal);
      session.err(`tuban worker 就绪：${workspace.title}，同时 ${jobs} 个作业；Ctrl-C 结束 (ready)\n`);
      await untilStopped(session.signal);
      session.err('正在完成手上的作业 (finishing the jobs in hand)\n');
      await leases;
      await worker.close();
      await queues.close();
    });
};
