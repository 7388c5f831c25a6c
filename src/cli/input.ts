/**
 * input: the first line of what is piped into a command, for secrets: a command line is seen by everybody on the machine (`ps`), and a file stays. Read
 * where the user typed the command, also when it is carried out by the workspace's holder. Faults: input.terminal, input.none.
 */
import type { Readable } from 'node:stream';
import { Fault } from '../model/fault.js';

/** In the place of a file or a value. */
export const STDIN = '-';
export const PASSWORD_STDIN = '--password-stdin';
const MOST_CHARACTERS = 10_000;

/** Whether the command line names the standard input, so that it is read before the command is handed over. */
export function namesInput(argv: readonly string[]): boolean {
  return argv.some((arg) => arg === STDIN || arg === PASSWORD_STDIN || arg.endsWith('=-'));
}

/** Reads once, however often it is asked. */
export function firstLineOf(stream: Readable & { readonly isTTY?: boolean }): () => Promise<string> {
  let line: Promise<string> | null = null;
  return () => {
    line ??= read(stream);
    return line;
  };
}

async function read(stream: Readable & { readonly isTTY?: boolean }): Promise<string> {
  if (stream.isTTY) {
    throw new Fault(
      'input.terminal',
      '标准输入是终端，输入的内容会显示在屏幕上；请用管道，如：tuban user password 登录名 --password-stdin < 文件 (the standard input is a terminal, which would show it: use a pipe or a file)',
    );
  }
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    text += `${chunk}`;
    if (text.includes('\n') || text.length > MOST_CHARACTERS) break;
  }
  const [line = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  if (line !== '' && line.length <= MOST_CHARACTERS) return line;
  throw noInput();
}

export function noInput(): Fault {
  return new Fault(
    'input.none',
    '标准输入的第一行是空的 (nothing came on the standard input, or its first line is empty)',
  );
}
