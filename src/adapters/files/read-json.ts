/**
 * readJson: a JSON file that somebody filled in. UTF-8 as the format prescribes (RFC 8259), with or without a byte order mark; other bytes are refused
 * and never guessed: a form in GBK would put spoilt names on record.
 */
import { readFile, stat } from 'node:fs/promises';
import { Fault } from '../../model/fault.js';

/** Bytes: a filled form has some kilobytes, an outline of thousands of corners less than one megabyte. */
const LARGEST_FILE = 16_000_000;

/** Faults: input.file, input.json. */
export async function readJson(path: string): Promise<unknown> {
  const bytes = await bytesOf(path);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Fault(
      'input.json',
      `${path} 不是 UTF-8 编码（可能是 GBK 或 UTF-16）；请在编辑器里另存为 UTF-8 再试 (not UTF-8: save it as UTF-8)`,
      { cause },
    );
  }
  if (text.trim() === '') throw new Fault('input.json', `${path} 是空的，应为 JSON (the file is empty: expected JSON)`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Fault('input.json', `${path} 不是 JSON：${placeOf(cause, text)}`, { cause });
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const missing = (cause: unknown) =>
    new Fault('input.file', `读不到文件 ${path} (the file cannot be read)`, { cause });
  const { size } = await stat(path).catch((cause: unknown) => {
    throw missing(cause);
  });
  if (size > LARGEST_FILE) {
    throw new Fault(
      'input.json',
      `${path} 有 ${(size / 1e6).toFixed(0)} MB，超过 ${LARGEST_FILE / 1e6} MB；请确认是填好的 JSON 文件 (too large for a filled form)`,
    );
  }
  return readFile(path).catch((cause: unknown) => {
    throw missing(cause);
  });
}

/** Where reading stopped. At the very end: the file was cut off. */
function placeOf(cause: unknown, text: string): string {
  const [, at] = /position (\d+)/.exec(cause instanceof Error ? cause.message : '') ?? [];
  const end = text.trimEnd().length;
  const position = at === undefined ? end : Number(at);
  const before = text.slice(0, position).split('\n');
  const where = `第 ${before.length} 行第 ${(before.at(-1) ?? '').length + 1} 个字符`;
  const english = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return position >= end
    ? `文件在${where}处中断，可能没有写完或没有传完 (it ends too early, at ${english})`
    : `${where}起读不懂 (not JSON from ${english} on)`;
}
