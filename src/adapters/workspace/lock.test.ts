import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config.js';
import { acquireLock, type Lock } from './lock.js';
import { stateOf, thisProcess } from './process-identity.js';

let inner = '';
beforeEach(() => {
  inner = mkdtempSync(join(tmpdir(), 'tuban-lock-'));
});
afterEach(() => rmSync(inner, { recursive: true }));

const claim = (command = 'tuban test') => acquireLock({ inner, command, stays: false });

function mine(): Lock {
  const acquired = claim();
  if (acquired.kind !== 'mine') throw new Error('held');
  return acquired.lock;
}

function rewrite(change: object): string {
  const [name] = readdirSync(inner).filter((one) => one.endsWith('.json'));
  const path = join(inner, name ?? '');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  return path;
}

describe('the lock of a workspace', () => {
  it('is held by a living process, which is named, and free after release', () => {
    const lock = mine();
    const second = claim();
    expect(second).toMatchObject({ kind: 'held', owner: { pid: process.pid, command: 'tuban test' } });
    lock.release();
    mine().release();
    expect(readdirSync(inner).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  });

  it('is free when its process is gone, also when the pid is used again', () => {
    mine();
    rewrite({ started: '1' });
    const next = mine();
    expect(next.owner.pid).toBe(process.pid);
    rewrite({ boot: 'another start of the machine' });
    mine().release();
  });

  it('of another machine is held until it was silent for a minute', () => {
    mine();
    const path = rewrite({ host: 'other-machine' });
    expect(claim()).toMatchObject({ kind: 'held', owner: { host: 'other-machine' } });
    const old = new Date(Date.now() - 61_000);
    utimesSync(path, old, old);
    mine().release();
  });

  it('does not mind a lock file that a power cut emptied', () => {
    mine();
    writeFileSync(join(inner, readdirSync(inner).find((name) => name.endsWith('.json')) ?? ''), '');
    mine().release();
  });

  it('goes to one only of many processes that find the same dead holder', async () => {
    mine();
    rewrite({ started: '1' });
    const script = join(inner, 'racer.mjs');
    const module = join(packageRoot(), 'dist', 'src', 'adapters', 'workspace', 'lock.js');
    // Each waits for the word, tries, tells, and stays alive until all have told.
    writeFileSync(
      script,
      `import { acquireLock } from ${JSON.stringify(module)};
       process.on('message', (inner) => {
         if (inner === 'end') process.exit(0);
         process.send(acquireLock({ inner, command: 'racer', stays: false }).kind);
       });
       process.send('ready');`,
    );
    const racers = Array.from({ length: 6 }, () => fork(script));
    const said = (word: (text: string) => boolean) =>
      Promise.all(
        racers.map(
          (racer) =>
            new Promise<string>((resolve) => {
              racer.on('message', (text) => word(String(text)) && resolve(String(text)));
            }),
        ),
      );
    await said((text) => text === 'ready');
    const outcome = said((text) => text !== 'ready');
    for (const racer of racers) racer.send(inner);
    const kinds = await outcome;
    for (const racer of racers) racer.send('end');
    await Promise.all(racers.map((racer) => new Promise((resolve) => racer.once('exit', resolve))));
    expect(kinds.filter((kind) => kind === 'mine')).toHaveLength(1);
  });
});

describe('processes', () => {
  it('this one is alive; another start time, boot or a pid nobody has is dead', () => {
    const me = thisProcess();
    expect(stateOf(me)).toBe('alive');
    expect(stateOf({ ...me, started: '0' })).toBe('dead');
    expect(stateOf({ ...me, pid: 4_194_303 })).toBe('dead');
    expect(stateOf({ ...me, host: `${me.host}-other` })).toBe('elsewhere');
  });
});
