/** Requests about second looks (四不两直), as the pages read them (src/api/routes/second-looks.ts). */
import type { SecondLookReport } from '../../model/second-look.js';
import type { TaskData } from '../api.js';
import { ask } from './ask.js';

export interface Look {
  readonly id: string;
  readonly drawId: string;
  readonly taskId: string;
  readonly quarter: string;
  readonly lookerName: string;
  readonly mine: boolean;
  readonly drawnAt: string;
  readonly answer: { readonly code: string; readonly note: string; readonly at: string } | null;
}
export interface Draw {
  readonly id: string;
  readonly quarter: string;
  readonly seed: string;
  readonly from: number;
  readonly drawn: number;
  readonly lookerName: string;
  readonly at: string;
}
export type KeptDraw = Draw & { readonly digest: string; readonly answered: number };

export const listLooks = async (): Promise<readonly Look[]> =>
  (await ask<{ looks: Look[] }>('GET', '/second-looks')).looks;
export const listDraws = async (): Promise<readonly KeptDraw[]> =>
  (await ask<{ draws: KeptDraw[] }>('GET', '/second-looks/draws')).draws;
export const drawLooks = (
  wish: { readonly quarter: string; readonly count: number; readonly looker: string; readonly seed?: string },
  key: string,
): Promise<Draw> => ask('POST', '/second-looks/draws', { body: wish, key });
export const getLookReport = (quarter: string): Promise<SecondLookReport> =>
  ask('GET', `/second-looks/report${quarter === '' ? '' : `?quarter=${quarter}`}`);

/** With its pictures at the look, whose task the person may not be able to open. */
export async function getLook(id: string): Promise<{ readonly look: Look; readonly place: TaskData | null }> {
  const at = `/second-looks/${encodeURIComponent(id)}`;
  const { look, place } = await ask<{ look: Look; place: TaskData | null }>('GET', at);
  return { look, place: place && { ...place, picturesAt: at } };
}

export const answerLook = (id: string, answer: { readonly code: string; readonly note: string }): Promise<Look> =>
  ask('POST', `/second-looks/${encodeURIComponent(id)}/answer`, { body: answer });
