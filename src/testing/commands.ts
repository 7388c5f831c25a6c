/** Commands in this process, on an opened workspace, with what they say. */
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { CommandContext, Register, Session, Workspace } from '../cli/command.js';
import { firstLineOf } from '../cli/input.js';
import { runCommandLine } from '../cli/program.js';
import { silentLog } from '../log.js';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandsOptions {
  /** Somebody sits before it and reads what is said on the side. */
  readonly terminal?: boolean;
  /** What is piped in. */
  readonly input?: string;
  readonly log?: Logger;
}

/** Relative paths start at `cwd`. */
export function commandsOn(
  workspace: Workspace,
  commands: readonly Register[],
  cwd: string,
  { terminal = false, input = '', log = silentLog() }: CommandsOptions = {},
): (...argv: string[]) => Promise<Said> {
  return async (...argv) => {
    let [out, err] = ['', ''];
    const session: Session = {
      cwd,
      columns: 100,
      stdoutIsTerminal: false,
      stderrIsTerminal: terminal,
      input: firstLineOf(Readable.from([input])),
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      signal: new AbortController().signal,
      status: 0,
    };
    const context: Omit<CommandContext, 'person'> = {
      session,
      directory: () => workspace.dir,
      workspace: async () => workspace,
      hold: async () => workspace,
      pool: () => workspace.pool,
    };
    const status = await runCommandLine(
      { argv, commands, log: () => ({ log, path: null }) },
      session,
      ({ person }) => ({ ...context, person }),
    );
    return { status, out, err };
  };
}
