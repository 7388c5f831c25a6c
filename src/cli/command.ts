/**
 * What every command gets. A command may run in another process than the one its user typed it into (it is handed to the
 * workspace's holder), so it never touches process.stdout, process.cwd(), process.env or process.exit: it speaks through its Session.
 */
import type { Command } from 'commander';
import type { WorkPool } from '../ports/work-pool.js';
import type { Workspace } from '../ports/workspace.js';

export type { Workspace } from '../ports/workspace.js';

export interface Session {
  /** Folder the user typed the command in; relative paths on the command line start here. */
  readonly cwd: string;
  /** Width of the user's terminal, 80 where there is none. */
  readonly columns: number;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** First line of what was piped into the command; read when it is asked for (input.ts). Faults input.terminal, input.none. */
  input(): Promise<string>;
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, notes, warnings. */
  err(text: string): void;
  /** Fires on Ctrl-C or when the user's end went away. */
  readonly signal: AbortSignal;
  /** Exit status of a command that did not throw: 0, or 1/2 when a batch went through with refusals. */
  status: 0 | 1 | 2;
}

export interface CommandContext {
  readonly session: Session;
  /** Folder of the workspace: `-C DIR` from where the user stands, else where the user stands. It may not exist. */
  directory(): string;
  /** Login of the person for whom the command acts: `--as LOGIN`, else what the user's environment names; see as-person.ts. */
  person(): string | null;
  /**
   * Opens the workspace of `-C DIR`; where another process holds it, the whole command is carried out there instead and this
   * never settles. So a command asks for it before it writes a line. Fault workspace.none where there is no workspace.
   */
  workspace(): Promise<Workspace>;
  /**
   * For commands that stay (`serve`, `worker`) or make the workspace: refuses with workspace.held where another process holds
   * it. Default folder: `directory()`.
   */
  hold(dir?: string): Promise<Workspace>;
  /** A pool for commands without a workspace; closed by main when the command ends. Default size: the number of cores. */
  pool(jobs?: number): WorkPool;
}

/** One file per command: adds itself to the program. */
export type Register = (program: Command, context: CommandContext) => void;
