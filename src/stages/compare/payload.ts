/**
 * payload: what a compared block found, as bytes for the database and back. Int32 words, deflated:
 *   window (4), seen pixels, changed pixels, length of the seen runs, the seen runs, number of patches, then per patch its pixels, level,
 *   number of sums, sums (two words each: they pass 2^31), length of its runs, its runs.
 * Runs are written as they are; deflate finds the repetition (about 1 byte a run).
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { BlockPatch, BlockResult } from '../../model/change.js';

const WORD = 2 ** 32;

export function packBlock(result: BlockResult): Uint8Array {
  const { window, seenRuns, patches } = result;
  let size = 8 + seenRuns.length;
  for (const patch of patches) size += 4 + 2 * patch.sums.length + patch.runs.length;
  const words = new Int32Array(size);
  let at = 0;
  const put = (...values: number[]): void => {
    for (const value of values) words[at++] = value;
  };
  const putRuns = (runs: Int32Array): void => {
    put(runs.length);
    words.set(runs, at);
    at += runs.length;
  };
  put(window.col, window.row, window.width, window.height, result.seenPixels, result.changedPixels);
  putRuns(seenRuns);
  put(patches.length);
  for (const patch of patches) {
    put(patch.pixels, patch.level ?? 0, patch.sums.length);
    for (const sum of patch.sums) put(Math.floor(sum / WORD), sum - Math.floor(sum / WORD) * WORD);
    putRuns(patch.runs);
  }
  return deflateRawSync(new Uint8Array(words.buffer), { level: 6 });
}

export function unpackBlock(payload: Uint8Array): BlockResult {
  const bytes = inflateRawSync(payload);
  // A copy: a Buffer's own bytes need not begin at a multiple of four.
  const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let at = 0;
  const take = (): number => words[at++] ?? 0;
  const takeRuns = (): Int32Array => {
    const length = take();
    at += length;
    return words.slice(at - length, at);
  };
  const window = { col: take(), row: take(), width: take(), height: take() };
  const seenPixels = take();
  const changedPixels = take();
  const seenRuns = takeRuns();
  const patches = Array.from({ length: take() }, (): BlockPatch => {
    const pixels = take();
    const level = take();
    const sums = Array.from({ length: take() }, () => take() * WORD + (take() >>> 0));
    const runs = takeRuns();
    return level === 0 ? { runs, pixels, sums } : { runs, pixels, sums, level };
  });
  return { window, patches, seenRuns, seenPixels, changedPixels };
}
