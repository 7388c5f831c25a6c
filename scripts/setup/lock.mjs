/** One set-up at a time per project folder; a lock left by a dead process does not count. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/** Waits for its turn. @returns {Promise<() => void>} gives the lock back. */
export async function takeLock(folder) {
  const path = join(folder, 'lock');
  let told = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(path);
    if (holder !== null && !alive(holder)) rmSync(path, { force: true });
    else {
      if (!told) say(`另一个安装正在进行（进程 ${holder}），等待中`, 'another set-up is at work; waiting for it');
      told = true;
      await sleep(500);
    }
  }
}

function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || null;
  } catch {
    return null;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
