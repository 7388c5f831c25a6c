/** compare: one block from pixels to parts of patches, in memory: read with context, align, detect, cut the core, label. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { labelComponents, runsOf } from '../../kernels/components.js';
import { CHANGE } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import { clipWindow, type Window } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { detect } from '../../stages/detect/detect.js';
import { compareStrip } from './compare-strip.js';
import { messageOf } from './open.js';
import { openPair } from './pair-reader.js';

export function compare(input: WorkCatalogue['compare']['input']): WorkCatalogue['compare']['output'] {
  const { model, extent, block } = input;
  const context = withHalo(block, model.haloPx, extent);
  const byStrip =
    input.stripCapacity === undefined
      ? null
      : compareStrip({ pair: input.pair, model, context, block, capacity: input.stripCapacity, bounded: true });
  if (byStrip) return byStrip.result;
  const pair = openPair(input.pair).read(context, model.shift);
  const { score, change, measures, stricter = [] } = detect(pair, model);
  const core = { col: block.col - context.col, row: block.row - context.row, width: block.width, height: block.height };
  if (input.keep) keepScores(input.keep, score, context, core);
  const seen = new Uint8Array(change.length);
  for (let i = 0; i < change.length; i++) seen[i] = change[i] === CHANGE.notSeen ? 0 : 1;
  const widest = labelComponents(change, context.width, core, context, measures);
  const inner = stricter.flatMap((mask, i) =>
    labelComponents(mask.change, context.width, core, context, mask.measures).map((part) => ({
      ...part,
      level: i + 1,
    })),
  );
  const seenRuns = runsOf(seen, context.width, core, context);
  let seenPixels = 0;
  for (let i = 0; i < seenRuns.length; i += 3) seenPixels += (seenRuns[i + 2] ?? 0) - (seenRuns[i + 1] ?? 0) + 1;
  return {
    window: block,
    patches: [...widest, ...inner],
    seenRuns,
    seenPixels,
    changedPixels: widest.reduce((sum, patch) => sum + patch.pixels, 0),
  };
}

/** The block with its context, cut at the extent. */
export function withHalo(block: Window, halo: number, extent: Window): Window {
  const col = Math.max(extent.col, block.col - halo);
  const row = Math.max(extent.row, block.row - halo);
  const right = Math.min(extent.col + extent.width, block.col + block.width + halo);
  const bottom = Math.min(extent.row + extent.height, block.row + block.height + halo);
  return clipWindow({ col, row, width: right - col, height: bottom - row }, { width: right, height: bottom });
}

function keepScores(
  keep: { scorePath: string; gridWidth: number },
  score: Float32Array,
  context: Window,
  core: Window,
): void {
  const file = openSync(keep.scorePath, 'r+');
  try {
    for (let r = 0; r < core.height; r++) {
      const from = (core.row + r) * context.width + core.col;
      const line = score.subarray(from, from + core.width);
      const at = ((context.row + core.row + r) * keep.gridWidth + context.col + core.col) * 4;
      writeSync(file, new Uint8Array(line.buffer, line.byteOffset, line.byteLength), 0, line.byteLength, at);
    }
  } catch (cause) {
    throw new Fault(
      'compare.keep',
      `无法写入临时文件 ${keep.scorePath}：${messageOf(cause)}。请检查磁盘空间 (cannot write a temporary file)`,
      {
        blame: 'system',
        cause,
      },
    );
  } finally {
    closeSync(file);
  }
}
