import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readJson } from './read-json.js';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-json-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(content: string | Uint8Array): string {
  const path = join(dir, 'form.json');
  writeFileSync(path, content);
  return path;
}

it('reads UTF-8, with or without a byte order mark', async () => {
  expect(await readJson(file('{"name":"李四"}'))).toEqual({ name: '李四' });
  expect(await readJson(file('\uFEFF{"name":"李四"}\n'))).toEqual({ name: '李四' });
});

it('refuses other encodings instead of keeping spoilt names', async () => {
  for (const encoding of ['gbk', 'utf16le']) {
    await expect(readJson(file(iconv.encode('{"name":"李四"}', encoding, { addBOM: true })))).rejects.toMatchObject({
      code: 'input.json',
      blame: 'input',
      message: expect.stringContaining('UTF-8'),
    });
  }
});

it('says where a file is no JSON, and that one was cut off', async () => {
  await expect(readJson(file('{\n "a": 1,\n "b" 2\n}'))).rejects.toThrow('第 3 行第 6 个字符起读不懂');
  await expect(readJson(file('{"a": {"b": 1}\n'))).rejects.toThrow('中断');
  await expect(readJson(file('{"a": "never ended'))).rejects.toThrow('中断');
  await expect(readJson(file(''))).rejects.toThrow('是空的');
});

it('tells a file that is not there, and a folder', async () => {
  for (const path of [join(dir, 'none.json'), dir]) {
    await expect(readJson(path)).rejects.toMatchObject({ code: 'input.file' });
  }
});
