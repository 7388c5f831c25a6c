/** How lines are drawn on pictures and maps: the same colours in PNG, report and web page. */
import type { BoundaryKind } from './boundary.js';

export interface LineStyle {
  readonly colour: string;
  readonly widthPx: number;
  /** Lengths of dash and gap in pixels; empty = solid. */
  readonly dash: readonly number[];
}

export const PATCH_STYLE: LineStyle = { colour: '#ff2b2b', widthPx: 2.4, dash: [] };

export const BOUNDARY_STYLE: Readonly<Record<BoundaryKind, LineStyle>> = {
  licences: { colour: '#ffd60a', widthPx: 2, dash: [] },
  exploration: { colour: '#4cc9f0', widthPx: 2, dash: [] },
  plans: { colour: '#ffd60a', widthPx: 1.4, dash: [3, 3] },
  restoration: { colour: '#8be04e', widthPx: 2, dash: [] },
  closed: { colour: '#ff6ad5', widthPx: 2, dash: [] },
  prone: { colour: '#ff9f1c', widthPx: 1.6, dash: [6, 4] },
  keyzones: { colour: '#c9a0ff', widthPx: 1.6, dash: [8, 4] },
  admin: { colour: '#ffffff', widthPx: 1.2, dash: [2, 4] },
  lawful: { colour: '#5aa9ff', widthPx: 1.6, dash: [6, 3] },
};
