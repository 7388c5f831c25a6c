/** china: the box that holds all of China with its seas, for telling swapped or mistyped coordinates; no border. */
import type { Position } from '../model/grid.js';

/** Mainland and islands with some sea; minLon, minLat, maxLon, maxLat. */
const CHINA: readonly [number, number, number, number] = [73, 3, 136, 54];

export function inChina([lon, lat]: Position): boolean {
  return lon >= CHINA[0] && lat >= CHINA[1] && lon <= CHINA[2] && lat <= CHINA[3];
}
