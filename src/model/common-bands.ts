/** The bands that two dates of one place have in common. */
import { Fault } from './fault.js';
import { BAND_ROLES, type BandRole, type BandUse } from './raster.js';

export interface CommonBands {
  /** Same roles in the same order on both sides. */
  readonly before: readonly BandUse[];
  readonly after: readonly BandUse[];
  readonly assumptions: readonly string[];
}

const known = (use: BandUse): boolean => (BAND_ROLES as readonly string[]).includes(use.role);
const list = (bands: readonly BandUse[]): string => bands.map((b) => b.role).join(', ');

/**
 * Pairs bands by role, in the order of BAND_ROLES whatever the order in the files. Files that list the very same roles are
 * paired band by band, unknown ones included; so are files of equal band count of which nothing is known on either side.
 * Faults: pair.bands (nothing in common, or roles known on one side only).
 */
export function commonBands(before: readonly BandUse[], after: readonly BandUse[]): CommonBands {
  const roleOf = (bands: readonly BandUse[], role: BandRole): BandUse | undefined => bands.find((b) => b.role === role);
  const anyKnown = before.some(known) || after.some(known);
  if (!anyKnown) {
    if (before.length === after.length && before.length > 0) {
      const byIndex = (bands: readonly BandUse[]): BandUse[] =>
        bands.toSorted((a, b) => a.index - b.index).map((b, i) => ({ role: `b${i + 1}` as const, index: b.index }));
      return { before: byIndex(before), after: byIndex(after), assumptions: [] };
    }
    throw new Fault(
      'pair.bands',
      `两期波段数不同（前 ${before.length}，后 ${after.length}），且都不知道波段用途；请用 --bands-before、--bands-after 说明 ` +
        `(${before.length} bands before, ${after.length} after, and no roles known: say them with --bands-before, --bands-after)`,
    );
  }
  const pairs: { role: BandRole; before: BandUse; after: BandUse }[] = [];
  const assumptions: string[] = [];
  const same = before.length === after.length && before.every((b) => roleOf(after, b.role));
  for (const role of BAND_ROLES) {
    const [b, a] = [roleOf(before, role), roleOf(after, role)];
    if (b && a) pairs.push({ role, before: b, after: a });
    else if (role === 'nir' && (b ?? roleOf(before, 'nir2')) && (a ?? roleOf(after, 'nir2'))) {
      const [bb, aa] = [b ?? roleOf(before, 'nir2'), a ?? roleOf(after, 'nir2')];
      // both bands lie on the infrared plateau of vegetation (842 nm wide, 865 nm narrow)
      if (bb && aa && bb.role !== aa.role) {
        pairs.push({ role, before: bb, after: aa });
        assumptions.push('一期近红外与另一期窄近红外相比 (wide against narrow near infrared)');
      }
    }
  }
  if (same) {
    for (const b of before.filter((use) => !known(use)).toSorted((x, y) => x.index - y.index)) {
      const a = roleOf(after, b.role);
      if (a) pairs.push({ role: b.role, before: b, after: a });
    }
  }
  if (pairs.length === 0) {
    throw new Fault(
      'pair.bands',
      `两期没有共同波段：前期 ${list(before)}；后期 ${list(after)}；请用 --bands 或 --bands-before、--bands-after 说明 ` +
        `(no band in common: before ${list(before)}; after ${list(after)}; say the roles with --bands)`,
    );
  }
  const unused = [...new Set([...before, ...after].map((b) => b.role))].filter(
    (role) => !pairs.some((p) => p.role === role || p.before.role === role || p.after.role === role),
  );
  if (unused.length > 0) {
    assumptions.push(`只比较两期共有的波段，未用：${unused.join(', ')} (bands of one date only are not used)`);
  }
  return {
    before: pairs.map((p) => ({ role: p.role, index: p.before.index })),
    after: pairs.map((p) => ({ role: p.role, index: p.after.index })),
    assumptions,
  };
}
