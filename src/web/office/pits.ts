/** Requests about reported pits and second looks, as the pages read them (src/api/routes/pits.ts, second-looks.ts). */
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import type { PitCheck } from '../../model/pit-check.js';
import type { PitMisses } from '../../model/pit-misses.js';
import type { FileState } from '../../model/task-flow.js';
import { ask } from './ask.js';

export interface ListedPit {
  readonly id: string;
  readonly quarter: string;
  readonly seenOn: string;
  readonly reportedAt: string;
  readonly note: string;
  readonly areaM2: number;
  readonly drawn: 'outline' | 'point';
  readonly detected: boolean;
  readonly taskId: string;
  readonly state: FileState;
}
export interface PitPage {
  readonly pits: readonly ListedPit[];
  readonly total: number;
}
export type SketchAnswer = PitCheck & { readonly outline: MultiPolygonRings | null };
export type MissesAnswer = PitMisses & { readonly whole: boolean };

export interface Corners {
  readonly text: string;
  readonly axis?: 'xy' | 'yx';
  readonly zone?: number;
}

export const listPits = (quarter: string): Promise<PitPage> => ask('GET', `/pits?quarter=${quarter}`);
export const getMisses = (quarter: string): Promise<MissesAnswer> => ask('GET', `/pits/misses?quarter=${quarter}`);

export const closed = (corners: readonly Position[]): { outline: Position[][][] } => {
  const [first] = corners;
  return { outline: [[first ? [...corners, first] : []]] };
};

export const checkPit = (
  sketch: { readonly quarter: string; readonly seenOn: string; readonly place: object },
  signal?: AbortSignal,
): Promise<SketchAnswer> => ask('POST', '/pits/check', { body: sketch, ...(signal ? { signal } : {}) });

export const reportPit = (
  report: { readonly quarter: string; readonly seenOn: string; readonly note: string; readonly place: object },
  key: string,
): Promise<{ readonly taskId: string; readonly rank: number; readonly added: boolean }> =>
  ask('POST', '/pits', { body: report, key });
