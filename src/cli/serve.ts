/** tuban serve: holds the workspace, takes jobs, runs what is due, and shows the read-only page on this machine. */
import { tellAgainAndAgain } from '../app-notices.js';
import { copyAgainAndAgain, runWhatIsDue, workOnJobs } from '../app-work.js';
import { openQueues } from '../jobs/queues.js';
import { Fault } from '../model/fault.js';
import type { Register } from './command.js';
import { untilStopped, wholeNumber } from './staying.js';

const HOST = '127.0.0.1';
const DEFAULT_PORT = 8470;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface Options {
  readonly port?: string;
  readonly jobs?: string;
  /** commander: --no-due */
  readonly due: boolean;
}

export const register: Register = (program, context) => {
  program
    .command('serve')
    .description(
      '持有工作区：网页（仅本机）、任务执行、到期运行，直到被结束\n(hold the workspace: page on this machine only, jobs, due runs; until told to end)',
    )
    .option('--port <N>', `网页端口，缺省 ${DEFAULT_PORT}，0 为任意空闲端口 (port of the page; 0 = any free one)`)
    .option('--jobs <N>', '同时进行的任务数，缺省为处理器核数 (jobs at a time)')
    .option('--no-due', '不自动运行到期的季度 (do not run due quarters)')
    .action(async (options: Options) => {
      const { session } = context;
      const port = wholeNumber('--port', options.port, 0, 65535) ?? DEFAULT_PORT;
      const wanted = wholeNumber('--jobs', options.jobs, 1, 256);
      const workspace = await context.hold();
      const jobs = wanted ?? workspace.pool.size;
      // Loaded on demand: no other command should wait for a web server's modules.
      const { serveApi } = await import('../app-serve.js');
      const api = await serveApi(workspace);
      const address = await api.listen({ host: HOST, port }).catch((cause: unknown) => {
        throw portFault(port, cause);
      });
      const queues = await openQueues(workspace);
      const worker = workOnJobs(workspace, queues, jobs);
      const tell = (line: string) => session.err(`${line}\n`);
      session.out(`${address}\n`);
      tell(`${workspace.title}：网页 ${address}（仅本机可访问）；Ctrl-C 结束 (page, this machine only)`);
      const due = options.due
        ? runWhatIsDue(workspace, queues, { everyMs: HOUR_MS, jobs, signal: session.signal, tell })
        : untilStopped(session.signal);
      const copies = copyAgainAndAgain(workspace, HOUR_MS, session.signal);
      const notices = tellAgainAndAgain(workspace, MINUTE_MS, session.signal);
      await untilStopped(session.signal);
      tell('正在完成手上的任务 (finishing the jobs in hand)');
      await api.close();
      await due;
      await copies;
      await notices;
      await worker.close();
      await queues.close();
    });
};

function portFault(port: number, cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause;
  const why = code === 'EADDRINUSE' ? '已被占用 (is in use)' : '无权使用 (may not be used)';
  return new Fault('serve.port', `端口 ${port} ${why}；请用 --port 指定另一个 (name another with --port)`, { cause });
}
