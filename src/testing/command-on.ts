/** Types commands at a workspace that a test holds; gives what they said and their exit status. */
import type { Register, Session } from '../cli/command.js';
import { runCommandLine } from '../cli/program.js';
import { silentLog } from '../log.js';
import type { Workspace } from '../ports/workspace.js';

export function commandOn(workspace: Workspace, cwd: string, commands: readonly Register[]) {
  return async (...argv: string[]): Promise<{ status: number; out: string; err: string }> => {
    let out = '';
    let err = '';
    const session: Session = {
      cwd,
      columns: 100,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      signal: new AbortController().signal,
      status: 0,
    };
    const line = { argv, commands, log: () => ({ log: silentLog(), path: null }) };
    const status = await runCommandLine(line, session, () => ({
      session,
      directory: () => workspace.dir,
      workspace: async () => workspace,
      hold: async () => workspace,
      pool: () => workspace.pool,
    }));
    return { status, out, err };
  };
}
