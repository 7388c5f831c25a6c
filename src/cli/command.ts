/**
 * What every command gets. A command may run in another process than the one its user typed it into (it is handed to the
 * workspace's holder), so it never touches process.stdout, process.cwd(), process.env or process.exit: it speaks through its Session.
 */
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Recipe } from '../model/recipe.js';
import type { Database } from '../ports/database.js';
import type { WorkPool } from '../ports/work-pool.js';

export interface Session {
  /** Folder the user typed the command in; relative paths on the command line start here. */
  readonly cwd: string;
  /** Width of the user's terminal, 80 where there is none. */
  readonly columns: number;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, notes, warnings. */
  err(text: string): void;
  /** Fires on Ctrl-C or when the user's end went away. */
  readonly signal: AbortSignal;
  /** Exit status of a command that did not throw: 0, or 1/2 when a batch went through with refusals. */
  status: 0 | 1 | 2;
}

/** An opened workspace. The holder keeps one; commands share it and never close it. */
export interface Workspace {
  readonly dir: string;
  /** Name of the bureau or county, from tuban.yaml; stands on lists and reports. */
  readonly title: string;
  readonly recipe: Recipe;
  readonly database: Database;
  readonly pool: WorkPool;
  /** Null = embedded queue in the database. */
  readonly redisUrl: string | null;
  readonly log: Logger;
}

export interface CommandContext {
  readonly session: Session;
  /** Opens (or joins) the workspace of `-C DIR`. Fault workspace.none where there is none. */
  workspace(): Promise<Workspace>;
  /** A pool for commands without a workspace; closed by main when the command ends. Default size: the number of cores. */
  pool(jobs?: number): WorkPool;
}

/** One file per command: adds itself to the program. */
export type Register = (program: Command, context: CommandContext) => void;
