/** What working a quarter needs of the places' record: their ground, what was decided about them, what they looked like. */
import type { Decision } from '../model/decision.js';
import type { Box } from '../model/grid.js';
import type { Quarter } from '../model/scene.js';
import type { SiteGround, SiteState } from '../model/site.js';

export interface SiteMemory {
  /**
   * All ground of earlier quarters, of runs and of what people drew, of the sites that have some in one of the boxes, and of all that they
   * were merged with by then; and the outlines of sites that began by the quarter and that people decided about. `siteId` is the site
   * that stands at the quarter. `drawnToo`: what people drew for the quarter itself, and what issued
   * patches show to have become one, count as well.
   */
  grounds(quarter: Quarter, boxes: readonly Box[], drawnToo: boolean): Promise<SiteGround[]>;
  /** In the order of recording, each under the site that stands at the quarter, after what its issued patches show to have become one. */
  decisions(quarter: Quarter, siteIds: readonly string[]): Promise<ReadonlyMap<string, readonly Decision[]>>;
  /** Tasks of the quarter that people decided about. */
  decidedTasks(quarter: Quarter): Promise<ReadonlySet<string>>;
  /** Ground of earlier quarters of all sites that are not written off, which are those to look at again. */
  openGrounds(quarter: Quarter): Promise<SiteGround[]>;
  /** What sites looked like in earlier quarters, oldest first. */
  statesBefore(quarter: Quarter): Promise<SiteState[]>;
}
