#!/usr/bin/env node
/** Entry of `tuban`: carries out one command line and ends with its exit status. */
import { join } from 'node:path';
import { type Config, readConfig } from '../config.js';
import { fileLog } from '../log.js';
import { Fault } from '../model/fault.js';
import { localAccess } from './access.js';
import { commands } from './commands.js';
import { runCommandLine } from './program.js';
import { type ProcessSession, processSession } from './session.js';

async function main(session: ProcessSession, config: Config): Promise<number> {
  const { log, path } = fileLog(join(config.stateDir, 'tuban.log'), config.logLevel);
  const access = localAccess(config, log);
  try {
    return await runCommandLine({ argv: process.argv.slice(2), commands, log, logPath: path }, session, access.context);
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
  session.err(known ? `${error.message}\n` : '程序无法启动 (the program cannot start)\n');
  status = known && error.blame === 'input' ? 2 : 1;
}
await session.flush();
process.exit(status);
