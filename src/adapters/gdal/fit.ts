/** fit: reads the fixed sample of a pair, measures the shift between the dates, reads it again moved, and fits the detector. */
import { measureShift } from '../../kernels/registration.js';
import type { Shift } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import type { Window } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { fitDetector } from '../../stages/fit/fit.js';
import { sampleWindows } from '../../stages/fit/sample.js';
import { guide } from './guide.js';
import { measureField } from './measure-field.js';
import { openPair } from './pair-reader.js';

/** Share of refused area from which the rest is not worth comparing. */
const WHOLLY_REFUSED = 0.95;

/** Spread of the sample's measurements up to which one shift is taken to serve until the blocks say otherwise, pixels. */
const PLAIN_PX = 0.5;

export function fit(input: WorkCatalogue['fit']['input']): WorkCatalogue['fit']['output'] {
  const reader = openPair(input.pair);
  const windows = sampleWindows(input.window, input.pair.after.bands.length, input.seed);
  const asTheyLie = windows.map((window) => reader.read(window, { x: 0, y: 0 }));
  const measured = measureShift(asTheyLie.map(guide));
  // 1/64 pixel is far below what can be measured and keeps the model's text short.
  const whole = { ...measured, x: Math.round(measured.x * 64) / 64, y: Math.round(measured.y * 64) / 64 };
  const plain = input.fieldLater && whole.tiles > 0 && whole.residualPx <= PLAIN_PX;
  const shift = plain ? whole : measureField(input.pair, input.window, whole, input.maxResidualPx);
  refuseMisaligned(shift, input.maxResidualPx);
  const still = shift.x === 0 && shift.y === 0 && shift.field === undefined;
  const sample = still ? asTheyLie : windows.map((window: Window) => reader.read(window, shift));
  return fitDetector(sample, input.facts, shift);
}

/** Where only a part cannot be aligned, that part is refused (shift-field.ts); here nothing would be left. */
function refuseMisaligned({ field, tiles, residualPx, refusedShare }: Shift, limit: number): void {
  const hopeless = field ? (refusedShare ?? 0) > WHOLLY_REFUSED : tiles > 0 && residualPx > limit;
  if (!hopeless) return;
  throw new Fault(
    'pair.shift',
    `两期影像无法对准：改正后仍差 ${residualPx.toFixed(2)} 像元，限值 ${limit}。该区域不作比较，请换用精校正的影像 (misaligned beyond the limit)`,
    { details: { residualPx, limit } },
  );
}
