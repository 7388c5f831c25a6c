/** SiteFacts: what a place's record says for the score of its newest patch. A place's history, never a person's. */
import type { Quarter } from './scene.js';

export interface SiteFacts {
  /** Quarters before this one in which the place changed, oldest first. */
  readonly earlierQuarters: readonly Quarter[];
  /** Set when the place had been closed or written off and is found again (死灰复燃): which, and the day (ISO) it was signed. */
  readonly resumed: { readonly event: 'closed' | 'written-off'; readonly on: string } | null;
  /** Violations that people found at the place before. */
  readonly repeats: number;
  /** Ground dug at the place now but not at its newest earlier patch, m²; null = no earlier patch. */
  readonly grownM2: number | null;
  /** Day (ISO) of the newest visit; null = never visited. */
  readonly lastVisit: string | null;
}
