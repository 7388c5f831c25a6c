#!/usr/bin/env node
/** Entry of `tuban`: carries out one command line and ends with its exit status. */
import { type Config, readConfig } from '../config.js';
import { Fault } from '../model/fault.js';
import { localAccess } from './access.js';
import { commands } from './commands.js';
import { runCommandLine } from './program.js';
import { type ProcessSession, processSession } from './session.js';

async function main(session: ProcessSession, config: Config): Promise<number> {
  const argv = process.argv.slice(2);
  const access = localAccess({ config, argv, commands });
  // Node would print a stack trace and end. A lost promise is noted; an exception out of nowhere ends the process, in words.
  process.on('unhandledRejection', (err) => access.log().log.error({ err }, 'Process:Promise:Lost'));
  process.on('uncaughtException', (err) => {
    const { log, path } = access.log();
    log.fatal({ err }, 'Process:Exception:Uncaught');
    session.err(`程序意外出错，已停止 (an unforeseen error, stopped)${path === null ? '' : `: ${path}`}\n`);
    process.exit(1);
  });
  try {
    return await Promise.race([
      runCommandLine({ argv, commands, log: access.log }, session, access.context),
      access.elsewhere,
    ]);
  } finally {
    await access.close();
  }
}

const session = processSession();
let status = 1;
try {
  status = await main(session, readConfig());
} catch (error) {
  const known = error instanceof Fault;
  session.err(known ? `${error.message}\n` : '程序内部出错 (an internal error)\n');
  status = known && error.blame === 'input' ? 2 : 1;
}
await session.flush();
process.exit(status);
