import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkspaceFolder } from './make.js';
import { readSettings } from './settings.js';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tuban-make-'));
});
afterEach(() => rmSync(base, { recursive: true }));

describe('making a workspace', () => {
  it('makes folders that are missing, and settings that can be read', () => {
    const dir = join(base, '省', '县');
    expect(makeWorkspaceFolder(dir, '某县')).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(['.tuban', 'tuban.yaml']);
    expect(readSettings(join(dir, 'tuban.yaml')).title).toBe('某县');
  });

  it('twice changes nothing, not even settings that were edited', () => {
    makeWorkspaceFolder(base, '某县');
    const edited = readFileSync(join(base, 'tuban.yaml'), 'utf8').replace('某县', '另一县');
    writeFileSync(join(base, 'tuban.yaml'), edited);
    expect(makeWorkspaceFolder(base, '某县')).toBe(false);
    expect(readFileSync(join(base, 'tuban.yaml'), 'utf8')).toBe(edited);
  });

  it('does not touch a folder with other things in it, and names some', () => {
    writeFileSync(join(base, '合同.docx'), '');
    expect(() => makeWorkspaceFolder(base, 'x')).toThrow(/合同\.docx/);
    expect(readdirSync(base)).toEqual(['合同.docx']);
    expect(() => makeWorkspaceFolder(join(base, '合同.docx', 'x'), 'x')).toThrow(/not a folder/);
  });

  it('finishes one that was cut short', () => {
    mkdirSync(join(base, '.tuban'));
    expect(makeWorkspaceFolder(base, 'x')).toBe(true);
    expect(existsSync(join(base, 'tuban.yaml'))).toBe(true);
  });

  it('says what is wrong with the settings of an existing one', () => {
    writeFileSync(join(base, 'tuban.yaml'), 'title: x\nrecipe: 3\n');
    expect(() => makeWorkspaceFolder(base, 'x')).toThrow(/line 2/);
  });
});
