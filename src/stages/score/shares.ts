/** shares: how much of a part's points an area, a zone or a span of days earns. */
import type { ZoneFact } from '../../model/patch.js';

/** Less earns nothing, m². */
const LEAST_M2 = 100;
const DAY_MS = 86_400_000;
/** Near a zone, not in it. */
const NEAR_SHARE = 0.5;

/** 0–1 on a log scale from 100 m² to `fullM2`. */
export function logShare(m2: number, fullM2: number): number {
  if (m2 <= LEAST_M2) return 0;
  return Math.min(1, Math.log(m2 / LEAST_M2) / Math.log(Math.max(fullM2, 2 * LEAST_M2) / LEAST_M2));
}

/** The gravest zone counts, not their sum. */
export function zoneShare(zones: readonly ZoneFact[], weights: Readonly<Record<string, number>>): number {
  const shares = zones.map(({ zone, inside }) => (weights[zone] ?? weights.other ?? 0) * (inside ? 1 : NEAR_SHARE));
  return Math.max(0, ...shares);
}

export function evidenceOfZones(zones: readonly ZoneFact[]): string {
  if (zones.length === 0) return '不在重点区域附近';
  return zones
    .map(({ name, inside, distanceM }) => (inside ? `位于${name}` : `距 ${distanceM.toFixed(0)} m：${name}`))
    .join('；');
}

/** Whole days between two ISO days. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
