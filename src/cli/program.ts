/** The command line: options → command → exit status, and how each kind of error is told. */
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../config.js';
import type { FileLog } from '../log.js';
import { Fault } from '../model/fault.js';
import type { CommandContext, Register, Session } from './command.js';
import { EXAMPLES } from './examples.js';
import { faultText, usageText } from './told.js';

export interface CommandLine {
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly commands: readonly Register[];
  /** Where to log now: the workspace's log once one is open. Its path is named when something unforeseen happens. */
  log(): FileLog;
}

/** What the context needs besides the command line: made by main and by the holder, each in its way. */
export type Access = (options: GlobalOptions, session: Session) => CommandContext;

/** What stands before or after any command; null = not given. Known once the command line was read. */
export interface GlobalOptions {
  directory(): string | null;
  person(): string | null;
}

export async function runCommandLine(line: CommandLine, session: Session, access: Access): Promise<0 | 1 | 2> {
  const program = makeProgram(session);
  const given = () => program.opts<{ C?: string; as?: string }>();
  const context = access({ directory: () => given().C ?? null, person: () => given().as ?? null }, session);
  for (const register of line.commands) register(program, context);
  for (const [name, command] of [...allCommands(program)]) polish(name, command);
  try {
    await program.parseAsync([...line.argv], { from: 'user' });
    return session.status;
  } catch (error) {
    return tell(error, wordsOf(program, line.argv), line, session);
  }
}

function makeProgram(session: Session): Command {
  const program = new Command('tuban');
  return program
    .description(
      '图斑：在季度卫星影像中发现疑似违法露天采矿\n(finds suspected illegal surface mining in quarterly satellite imagery)',
    )
    .version(packageVersion(), '-V, --version', '版本 (version)')
    .helpOption('-h, --help', '帮助 (help)')
    .helpCommand('help [command]', '某个命令的帮助 (help of a command)')
    .option('-C <DIR>', '工作区文件夹，默认为当前文件夹 (folder of the workspace, default: where you stand)')
    .option(
      '--as <LOGIN>',
      '以谁的名义执行核查命令，也可用环境变量 TUBAN_PERSON (person for whom commands of the queue act)',
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('（用 --help 查看用法 / see --help）')
    .configureOutput({
      writeOut: (text) => session.out(text),
      writeErr: (text) => session.err(text),
      outputError: (text, write) => write(usageText(text)),
      getOutHelpWidth: () => session.columns,
      getErrHelpWidth: () => session.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
}

/** With the words that call it, after `tuban`. */
function* allCommands(command: Command, above: readonly string[] = []): Generator<[name: string, Command]> {
  for (const child of command.commands) {
    const words = [...above, child.name()];
    yield [words.join(' '), child];
    yield* allCommands(child, words);
  }
}

function polish(name: string, command: Command): void {
  command.helpOption('-h, --help', '帮助 (help)').configureHelp({ showGlobalOptions: true });
  const examples = EXAMPLES[name];
  if (examples) command.addHelpText('after', `\n例 (examples)：\n${examples.map((line) => `  ${line}`).join('\n')}`);
}

/** Of a command line what the log may hold: words and names of options. Their values are places, reasons, names, codes. */
function wordsOf(program: Command, argv: readonly string[]): string {
  let at = program;
  const words: string[] = [];
  for (const arg of argv) {
    const next = at.commands.find((command) => command.name() === arg);
    if (next) {
      at = next;
      words.push(arg);
    } else if (/^--?[a-z]/i.test(arg)) words.push(arg.replace(/[^a-z-].*$/is, ''));
  }
  return words.join(' ');
}

function tell(error: unknown, command: string, line: CommandLine, session: Session): 0 | 1 | 2 {
  const { log, path } = line.log();
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Fault && error.code !== 'internal.defect') {
    session.err(`${faultText(error)}\n`);
    if (error.blame === 'input') {
      // What was typed or sent in stands in message and details: the code says enough.
      log.warn({ code: error.code, command }, 'Command:Run:Refused');
      return 2;
    }
    log.warn({ code: error.code, details: error.details, err: error.cause, command }, error.message);
    return 1;
  }
  if (session.signal.aborted) {
    session.err('已中断 (stopped)\n');
    log.info({ err: error, command }, 'stopped');
    return 1;
  }
  log.error({ err: error, command }, 'Command:Run:Failed');
  const where = path === null ? '' : `；详情见日志 (details are in the log) ${path}`;
  session.err(`程序内部出错，命令没有完成 (an internal error, the command did not finish)${where}\n`);
  return 1;
}
