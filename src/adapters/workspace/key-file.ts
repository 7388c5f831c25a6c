/**
 * The workspace's key: 32 random bytes in .tuban/secret.key, readable by its owner alone, made when it is first needed. Whoever has the
 * database but not this file can't read what was encrypted.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../model/fault.js';

const BYTES = 32;

/** Fault secrets.key-file. */
export function workspaceKey(inner: string): Uint8Array {
  const path = join(inner, 'secret.key');
  const text = read(path) ?? make(path);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== BYTES) throw refused(`${path} 不是密钥文件 (not a key file)`);
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw refused(`${path} 可被他人读取，请执行 chmod 600 (others may read it: chmod 600 it)`);
  }
  return key;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and the first one stays where two processes make it at once. */
function make(path: string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function refused(why: string): Fault {
  return new Fault('secrets.key-file', why, { blame: 'system' });
}
