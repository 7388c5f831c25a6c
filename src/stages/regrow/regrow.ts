/**
 * regrow: what a place without a new patch looks like in the AFTER image of a quarter, and which places have recovered for good.
 * Method: contrast = vegetation index (NDVI) of the place less that of the ring around it in the same image, in which light, haze, season and
 * sensor cancel (as in stages/recall/state.ts). Recovered: no more than one scatter below its surroundings. Recovering: half of the way up
 * from the lowest contrast known. Where the surroundings themselves are bare (winter) nothing is told.
 * In:  readings of the place in the quarter's images, its states of earlier quarters. Out: a SiteState; proposals for write-off.
 */
import { type Decision, standingDecision } from '../../model/decision.js';
import type { GroundReading } from '../../model/history.js';
import { quarterIndex } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import type { SiteState } from '../../model/site.js';

/** How far contrasts of unchanged vegetated ground scatter between dates, thousandths of NDVI: the figure of stages/recall/state.ts. */
const SCATTER = 60;
/** Surroundings below this NDVI (thousandths) bear too little green to tell a recovered place from a bare one. Judgement: sparse grass is 200. */
const LEAST_GREEN = 200;
/** Contrast of a place that was certainly bare, where none was ever read: half of the usual step from vegetation (600) to soil (150). */
const BARE_CONTRAST = -225;

export function siteState(
  siteId: string,
  quarter: Quarter,
  readings: readonly (GroundReading | null)[],
  earlier: readonly SiteState[],
): SiteState {
  const best = readings
    .filter((reading) => reading !== null)
    .sort((a, b) => b.seenPixels - a.seenPixels)
    .find(({ numbers }) => numbers !== null);
  const place = best?.numbers?.patch.veg ?? null;
  const around = best?.numbers?.ring.veg ?? null;
  const say = (state: SiteState['state'], contrast: number | null, reason: string): SiteState => ({
    siteId,
    quarter,
    state,
    contrast,
    reason,
  });
  if (!best) return say('not-seen', null, '本季度影像未看到该地点（云、雪、阴影、无数据或影像缺失）');
  if (place === null || around === null) return say('not-seen', null, '影像缺少判断植被所需的波段');
  const contrast = place - around;
  const measured = `植被指数 ${inUnits(place)}，周边 ${inUnits(around)}`;
  if (around < LEAST_GREEN) return say('not-seen', contrast, `${measured}：周边植被稀少，本期不能判断是否恢复`);
  if (contrast >= -SCATTER) return say('recovered', contrast, `${measured}：与周边相当`);
  const lowest = Math.min(BARE_CONTRAST, ...earlier.flatMap((state) => state.contrast ?? []));
  return contrast >= lowest / 2
    ? say('recovering', contrast, `${measured}：正在恢复，尚低于周边`)
    : say('unchanged', contrast, `${measured}：仍为裸露，未见新的变化`);
}

const inUnits = (thousandths: number): string => (thousandths / 1000).toFixed(2);

export interface WriteOffProposal {
  readonly siteId: string;
  /** The quarters that speak for it, oldest first. */
  readonly quarters: readonly Quarter[];
  /** Chinese. */
  readonly reason: string;
}

/** Sites whose newest `count` states that told something are all `recovered` and that are not written off yet. */
export function writeOffProposals(
  states: readonly SiteState[],
  decisions: ReadonlyMap<string, readonly Decision[]>,
  count: number,
): WriteOffProposal[] {
  const bySite = new Map<string, SiteState[]>();
  for (const state of states) {
    if (state.state !== 'not-seen') bySite.set(state.siteId, [...(bySite.get(state.siteId) ?? []), state]);
  }
  return [...bySite]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([siteId, told]) => {
      if (standingDecision(decisions.get(siteId) ?? [])?.kind === 'written-off') return [];
      const newest = told.sort((a, b) => quarterIndex(a.quarter) - quarterIndex(b.quarter)).slice(-count);
      if (newest.length < count || newest.some(({ state }) => state !== 'recovered')) return [];
      const quarters = newest.map(({ quarter }) => quarter);
      const reason = `连续 ${count} 个可判断的季度（${quarters.join('、')}）植被与周边相当，建议销号，须由人签字决定`;
      return [{ siteId, quarters, reason }];
    });
}
