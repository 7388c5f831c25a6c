import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceKey } from '../workspace/key-file.js';
import { cipher } from './cipher.js';
import { secretHashes } from './hashes.js';
import { oneTimeCodes } from './one-time-codes.js';

const folder = mkdtempSync(join(tmpdir(), 'tuban-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('hashes', () => {
  const hashes = secretHashes();
  it('of passwords are argon2id with the parameters that OWASP names, salted', async () => {
    const [one, two] = await Promise.all([
      hashes.passwordHash('青石崖东坡第三号'),
      hashes.passwordHash('青石崖东坡第三号'),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hashes.passwordFits(one, '青石崖东坡第三号')).toBe(true);
    expect(await hashes.passwordFits(one, '青石崖东坡第四号')).toBe(false);
    expect(await hashes.passwordFits(null, '青石崖东坡第三号')).toBe(false);
  });

  it('secrets differ, and what people type has no letters that look alike', () => {
    expect(hashes.secret(32)).toHaveLength(43);
    expect(hashes.secret(32)).not.toBe(hashes.secret(32));
    expect(hashes.readable(16)).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    expect(hashes.fingerprint('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('one-time codes', () => {
  const codes = oneTimeCodes('图斑');
  // RFC 6238, appendix B: the ASCII secret 12345678901234567890, SHA-1; its eight digits end in these six.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
  ])('at %i s: %s', (seconds, code) => {
    const at = (later: number) => new Date((seconds + later) * 1000).toISOString();
    const step = Math.floor(seconds / 30);
    expect(codes.stepOf(secret, code, at(0))).toBe(step);
    expect(codes.stepOf(secret, ` ${code.slice(0, 3)} ${code.slice(3)} `, at(30))).toBe(step);
    expect(codes.stepOf(secret, code, at(90))).toBeNull();
    expect(codes.stepOf(secret, '', at(0))).toBeNull();
  });

  it('names the person and the program to the app', () => {
    const made = codes.newSecret();
    expect(made).toMatch(/^[A-Z2-7]{32}$/);
    expect(codes.uri(made, 'zhang')).toContain(`secret=${made}`);
    expect(codes.uri(made, 'zhang')).toMatch(/^otpauth:\/\/totp\/.*zhang/);
  });
});

describe('cipher and key file', () => {
  it('gives back what it sealed, to its owner, under its key', () => {
    const key = () => workspaceKey(folder);
    const sealed = cipher(key).encrypt('GEZDGNBV', 'p1');
    expect(sealed).not.toContain('GEZDGNBV');
    expect(cipher(key).decrypt(sealed, 'p1')).toBe('GEZDGNBV');
    expect(() => cipher(key).decrypt(sealed, 'p2')).toThrow(/key file/);
    expect(() => cipher(() => new Uint8Array(32)).decrypt(sealed, 'p1')).toThrow(/key file/);
    expect(() => cipher(key).decrypt(`${sealed.slice(0, -2)}AA`, 'p1')).toThrow(/key file/);
  });

  it('is made once, for its owner alone, and refused where others may read it', () => {
    const path = join(folder, 'secret.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(workspaceKey(folder)).toEqual(workspaceKey(folder));
    chmodSync(path, 0o640);
    expect(() => workspaceKey(folder)).toThrow(/chmod 600/);
    chmodSync(path, 0o600);
    writeFileSync(path, 'short');
    expect(() => workspaceKey(folder)).toThrow(/not a key file/);
  });
});
