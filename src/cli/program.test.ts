import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.js';
import { silentLog } from '../log.js';
import { Fault } from '../model/fault.js';
import type { CommandContext, Register, Session } from './command.js';
import { commands } from './commands.js';
import { runCommandLine } from './program.js';

async function type(argv: string[], register?: Register, aborted = false) {
  let out = '';
  let err = '';
  let directory: string | null = null;
  const stop = new AbortController();
  if (aborted) stop.abort();
  const session: Session = {
    cwd: '/',
    columns: 60,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    input: async () => '',
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    signal: stop.signal,
    status: 0,
  };
  const log = () => ({ log: silentLog(), path: '/var/log/tuban.log' });
  const line = { argv, commands: register ? [register] : commands, log };
  const status = await runCommandLine(line, session, ({ directory: where, person }): CommandContext => {
    const look = () => {
      directory = where();
      return directory ?? '';
    };
    const none = async () => {
      throw new Fault('workspace.none', 'none');
    };
    return { session, directory: look, person, workspace: none, hold: none, pool: () => Promise.reject() as never };
  });
  return { status, out, err, directory };
}

const throwing = (error: unknown): Register => {
  return (program) => {
    program.command('go').action(() => {
      throw error;
    });
  };
};

describe('exit status and words', () => {
  it('a Fault says its message: 2 for the input, 1 for the system', async () => {
    expect(await type(['go'], throwing(new Fault('a.b', '缺少坐标系')))).toMatchObject({
      status: 2,
      out: '',
      err: '缺少坐标系 [a.b]\n',
    });
    const system = throwing(new Fault('a.b', 'disk full', { blame: 'system' }));
    expect(await type(['go'], system)).toMatchObject({ status: 1, err: 'disk full [a.b]\n' });
    const retryable = throwing(new Fault('a.b', 'later', { retryable: true }));
    expect((await type(['go'], retryable)).status).toBe(1);
  });

  it('a defect says one calm sentence and where the log is, never a stack', async () => {
    const { status, out, err } = await type(['go'], throwing(new TypeError('x is not a function')));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain('/var/log/tuban.log');
    expect(err).not.toMatch(/TypeError|at |not a function/);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('whatever fails after Ctrl-C is told as stopped', async () => {
    const { status, err } = await type(['go'], throwing(new DOMException('aborted', 'AbortError')), true);
    expect(status).toBe(1);
    expect(err).toContain('stopped');
  });

  it('wrong use is 2, help and version are 0', async () => {
    for (const argv of [['nonsense'], ['scene', 'nonsense'], ['scene', 'list', '--nonsense'], ['diff'], ['-C']]) {
      const { status, out, err } = await type(argv);
      expect({ argv, status, out }).toEqual({ argv, status: 2, out: '' });
      expect(err).not.toBe('');
    }
    expect((await type(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await type(['--help'])).toMatchObject({ status: 0, err: '' });
  });

  it('every command and subcommand has its help, each with what it is for and with -C', async () => {
    const names = [
      'init',
      'scene add',
      'scene list',
      'layer import',
      'layer list',
      'layer export',
      'run',
      'tasks list',
      'tasks show',
    ];
    names.push(
      'tasks export',
      'patches export',
      'observations export',
      'explain',
      'export',
      'diff',
      'serve',
      'worker',
      'doctor',
    );
    for (const name of names) {
      const { status, out } = await type([...name.split(' '), '--help']);
      expect({ name, status }).toEqual({ name, status: 0 });
      expect(out).toContain(`Usage: tuban ${name}`);
      expect(out).toContain('-C <DIR>');
    }
  });

  it('-C may stand anywhere on the line', async () => {
    const register: Register = (program, context) => {
      const group = program.command('a');
      group
        .command('b')
        .argument('[FILE...]')
        .option('--mask <FILE>')
        .action(() => void context.directory());
    };
    for (const argv of [
      ['-C', 'x', 'a', 'b'],
      ['a', '-C', 'x', 'b', 'file'],
      ['a', 'b', '--mask', 'm', 'file', '-C', 'x'],
      ['a', 'b', 'file', '-C', 'x', 'other', '--mask', 'm'],
    ]) {
      expect(await type(argv, register)).toMatchObject({ status: 0, directory: 'x' });
    }
  });
});

describe('the environment', () => {
  it('empty words are as good as none; wrong ones are named with what was expected', () => {
    expect(readConfig({ DATABASE_URL: ' ', TUBAN_JOBS: '' }).databaseUrl).toBeNull();
    expect(readConfig({ DATABASE_URL: 'postgresql://h/d', TUBAN_JOBS: '3' })).toMatchObject({
      databaseUrl: 'postgresql://h/d',
      jobs: 3,
    });
    expect(() => readConfig({ REDIS_URL: 'http://x', TUBAN_JOBS: '0' })).toThrow(
      /REDIS_URL.*redis:\/\/[\s\S]*TUBAN_JOBS/,
    );
  });
});
