/** fit: reads the fixed sample of a pair, measures the shift between the dates, reads it again moved, and fits the detector. */
import { measureShift } from '../../kernels/registration.js';
import type { AlignedPair } from '../../model/change.js';
import type { Window } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { fitDetector } from '../../stages/fit/fit.js';
import { sampleWindows } from '../../stages/fit/sample.js';
import { openPair } from './pair-reader.js';

export function fit(input: WorkCatalogue['fit']['input']): WorkCatalogue['fit']['output'] {
  const reader = openPair(input.pair);
  const windows = sampleWindows(input.window, input.pair.after.bands.length, input.seed);
  const measured = measureShift(windows.map((window) => reader.read(window, { x: 0, y: 0 })).map(guide));
  // 1/64 pixel is far below what can be measured and keeps the model's text short.
  const shift = { ...measured, x: Math.round(measured.x * 64) / 64, y: Math.round(measured.y * 64) / 64 };
  const sample = windows.map((window: Window) => reader.read(window, shift));
  return fitDetector(sample, input.facts, shift);
}

/** One band of each date for measuring the shift: the sharpest structure that both show. */
function guide(pair: AlignedPair): {
  before: Float32Array;
  after: Float32Array;
  seen: Uint8Array;
  width: number;
  height: number;
} {
  const preferred = ['pan', 'red', 'green', 'nir', 'sar'] as const;
  const role = preferred.find((name) => pair.roles.includes(name));
  const at = role ? pair.roles.indexOf(role) : 0;
  const before = pair.before[at] ?? new Float32Array();
  const after = pair.after[at] ?? new Float32Array();
  return { before, after, seen: pair.seen, width: pair.width, height: pair.height };
}
