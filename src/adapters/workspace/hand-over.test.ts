import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handOver } from './hand-over.js';
import type { LockOwner } from './lock.js';
import { thisProcess } from './process-identity.js';
import { type CarryOut, type Receiver, receive } from './receive.js';

let folder = '';
let owner: LockOwner;
let receiver: Receiver | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-hand-'));
  const socket = join(folder, 'h.sock');
  owner = { ...thisProcess(), command: 'tuban serve', since: '', socket, stays: true, released: false };
});
afterEach(async () => {
  await receiver?.close(true);
  receiver = null;
  rmSync(folder, { recursive: true });
});

async function hold(carryOut: CarryOut): Promise<Receiver> {
  receiver = await receive(owner.socket, '1.0', carryOut);
  return receiver;
}

function hand(argv: string[], signal = new AbortController().signal, version = '1.0') {
  const said: string[] = [];
  const user = {
    out: (text: string) => said.push(`out:${text}`),
    err: (text: string) => said.push(`err:${text}`),
    signal,
  };
  const command = {
    argv,
    cwd: '/somewhere',
    columns: 132,
    stdoutIsTerminal: true,
    stderrIsTerminal: false,
    person: 'z',
    input: '第一行',
  };
  return { said, status: handOver(owner, command, version, user) };
}

describe('hand-over', () => {
  it('brings the command as typed, both streams apart and in order, and the status', async () => {
    await hold(async ({ out, err, signal: _signal, ...command }) => {
      out(`${JSON.stringify(command)}\n`);
      err('进度 1\r');
      out('两行\n一块\n');
      return 2;
    });
    const { said, status } = hand(['tasks', 'list', '--json']);
    expect(await status).toBe(2);
    const command = {
      argv: ['tasks', 'list', '--json'],
      cwd: '/somewhere',
      columns: 132,
      stdoutIsTerminal: true,
      stderrIsTerminal: false,
      person: 'z',
      input: '第一行',
    };
    expect(said).toEqual([`out:${JSON.stringify(command)}\n`, 'err:进度 1\r', 'out:两行\n一块\n']);
    expect(statSync(owner.socket).mode & 0o777).toBe(0o600);
  });

  it('brings much text whole', async () => {
    const text = '图斑'.repeat(500_000);
    await hold(async ({ out }) => {
      for (let i = 0; i < 3; i++) out(text);
      return 0;
    });
    const { said, status } = hand(['x']);
    expect(await status).toBe(0);
    expect(said).toEqual(Array.from({ length: 3 }, () => `out:${text}`));
  });

  const untilAborted: CarryOut = ({ out, signal }) =>
    new Promise((resolve) => {
      out('began');
      signal.addEventListener('abort', () => resolve(1));
    });

  it('carries Ctrl-C to the command, and the command ends in its own way', async () => {
    await hold(untilAborted);
    const stop = new AbortController();
    const { said, status } = hand(['run'], stop.signal);
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await status).toBe(1);
  });

  it('stops the command of a user whose end is gone', async () => {
    const held = await hold(untilAborted);
    const socket = connect(owner.socket);
    const command = { argv: [], cwd: '/', columns: 80, stdoutIsTerminal: false, stderrIsTerminal: false };
    socket.write(`${JSON.stringify({ kind: 'command', version: '1.0', command })}\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    expect(held.busy).toBe(1);
    socket.destroy();
    while (held.busy > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('closing waits for what is in hand and begins nothing new', async () => {
    let finish: () => void = () => undefined;
    const held = await hold(
      () =>
        new Promise((resolve) => {
          finish = () => resolve(0);
        }),
    );
    const first = hand(['first']);
    while (held.busy === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    let closed = false;
    const closing = held.close(false).then(() => {
      closed = true;
    });
    expect(await hand(['late']).status).toBe('gone');
    expect(closed).toBe(false);
    finish();
    expect(await first.status).toBe(0);
    await closing;
    expect(await hand(['later']).status).toBe('gone');
  });

  it('tells a holder that died with the command from one that never began it', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('{"kind":"accepted"}\n{"kind":"out","text":"half"}\n'));
    });
    await new Promise<void>((resolve) => server.listen(owner.socket, resolve));
    const { said, status } = hand(['run']);
    await expect(status).rejects.toMatchObject({ code: 'workspace.holder-lost', retryable: true });
    expect(said).toEqual(['out:half']);
    await new Promise((resolve) => server.close(resolve));
    expect(await hand(['run']).status).toBe('gone');
  });

  it('refuses another version of the program, and survives what is no tuban', async () => {
    await hold(async () => 0);
    await expect(hand(['x'], undefined, '0.9').status).rejects.toMatchObject({ code: 'workspace.other-version' });
    const stranger = connect(owner.socket);
    stranger.write('GET / HTTP/1.1\n\n');
    await new Promise((resolve) => stranger.once('close', resolve));
    expect(await hand(['x']).status).toBe(0);
  });
});
