/** tuban serve: holds the workspace, takes jobs, runs what is due, and serves the pages and the API. */
import { peopleMade } from '../adapters/postgres/people.js';
import { tellAgainAndAgain } from '../app-notices.js';
import { copyAgainAndAgain, noteAuditHead, runWhatIsDue, sweepLeases, workOnJobs } from '../app-work.js';
import { openQueues } from '../jobs/queues.js';
import { Fault } from '../model/fault.js';
import type { Register, Workspace } from './command.js';
import { untilStopped, wholeNumber } from './staying.js';

const HOST = '127.0.0.1';
const LOCAL_HOSTS = [HOST, '::1', 'localhost'];
const DEFAULT_PORT = 8470;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

interface Options {
  readonly host: string;
  readonly proxy?: string;
  readonly port?: string;
  readonly jobs?: string;
  /** commander: --no-due */
  readonly due: boolean;
}

export const register: Register = (program, context) => {
  program
    .command('serve')
    .description(
      '持有工作区：网页、作业执行、到期运行，直到被结束\n(hold the workspace: pages and API, jobs, due runs; until told to end)',
    )
    .option(
      '--host <ADDRESS>',
      '监听地址；有用户之后才可为本机以外 (address to listen at; beyond this machine only once there are people)',
      HOST,
    )
    .option(
      '--proxy <ADDRESSES>',
      '前置代理（负责 TLS）的地址，多个以逗号分隔；采信它的 X-Forwarded-* (addresses of the proxy in front, which does TLS)',
    )
    .option('--port <N>', `网页端口，缺省 ${DEFAULT_PORT}，0 为任意空闲端口 (port of the page; 0 = any free one)`)
    .option('--jobs <N>', '同时进行的作业数，缺省为处理器核数 (jobs at a time)')
    .option('--no-due', '不自动运行到期的季度 (do not run due quarters)')
    .action(async (options: Options) => {
      const { session } = context;
      const port = wholeNumber('--port', options.port, 0, 65535) ?? DEFAULT_PORT;
      const wanted = wholeNumber('--jobs', options.jobs, 1, 256);
      const workspace = await context.hold();
      const jobs = wanted ?? workspace.pool.size;
      // Loaded on demand: no other command should wait for a web server's modules.
      const { serveApi } = await import('../app-serve.js');
      const api = await serveApi(workspace, options.proxy ?? null);
      const peopleMade = await refuseBeyond(workspace, options.host);
      const address = await api.listen({ host: options.host, port }).catch((cause: unknown) => {
        throw portFault(port, cause);
      });
      const queues = await openQueues(workspace);
      const worker = workOnJobs(workspace, queues, jobs);
      const tell = (line: string) => session.err(`${line}\n`);
      session.out(`${address}\n`);
      const who = peopleMade ? '须登录 (sign-in)' : '仅本机，无须登录 (this machine only)';
      tell(`${workspace.title}：网页 ${address}，${who}；Ctrl-C 结束 (page)`);
      const due = options.due
        ? runWhatIsDue(workspace, queues, { everyMs: HOUR_MS, jobs, signal: session.signal, tell })
        : untilStopped(session.signal);
      const copies = copyAgainAndAgain(workspace, HOUR_MS, session.signal);
      const leases = sweepLeases(workspace, MINUTE_MS, session.signal);
      const heads = noteAuditHead(workspace, DAY_MS, session.signal);
      const notices = tellAgainAndAgain(workspace, MINUTE_MS, session.signal);
      await untilStopped(session.signal);
      tell('正在完成手上的作业 (finishing the jobs in hand)');
      await api.close();
      await due;
      await copies;
      await leases;
      await notices;
      await heads;
      await worker.close();
      await queues.close();
    });
};

/** Fault serve.host: while there are no people, nothing but this machine's own name is answered. True: there are people. */
async function refuseBeyond({ database }: Workspace, host: string): Promise<boolean> {
  const made = await peopleMade(database);
  if (made || LOCAL_HOSTS.includes(host)) return made;
  throw new Fault(
    'serve.host',
    `还没有用户，不能在 ${host} 上提供网页；请先建第一个管理员：tuban user add 登录名 --name 姓名 --role administrator (no people yet, so nobody would have to sign in: make the first administrator before binding beyond this machine)`,
  );
}

function portFault(port: number, cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause;
  const why = code === 'EADDRINUSE' ? '已被占用 (is in use)' : '无权使用 (may not be used)';
  return new Fault('serve.port', `端口 ${port} ${why}；请用 --port 指定另一个 (name another with --port)`, { cause });
}
