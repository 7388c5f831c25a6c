/**
 * JudgementRecipe: the rule set. Every limit, tolerance, severity and weight that decides what a patch is suspected of and how early
 * it is visited; data of the workspace, versioned by its hash. No public metre or percent rule for mining beyond a boundary was
 * found, so all of it are settings, and each result shows those that decided it.
 */
import { z } from 'zod';
import { RULE_IDS } from './rules.js';

const share = () => z.number().min(0).max(1);
const metres = (most: number) => z.number().min(0).max(most);

/** One sigma of position, metres. Image classes: point RMSE of orthoimages in hills, 1:5 000 3.75 m and 1:10 000 7.5 m. */
const positionSchema = z.strictObject({
  /** Pixels up to 1.2 m. */
  submetreM: metres(1000).default(3.75),
  /** Pixels up to 2.5 m. */
  fineM: metres(1000).default(7.5),
  /** Coarser: this many pixels, but not less than `fineM`. */
  coarsePixels: z.number().min(0).max(100).default(1),
  /**
   * Of the polygon, where its row has no accuracy of its own. Licences and plans: corner points are registered to the centimetre, but
   * the 2007–2010 check found offsets, so half a metre. Others are drawn on maps or images: judgement.
   */
  boundaryM: z
    .strictObject({
      licences: metres(1000).default(0.5),
      exploration: metres(1000).default(0.5),
      plans: metres(1000).default(1),
      restoration: metres(1000).default(2),
      lawful: metres(1000).default(2),
      closed: metres(1000).default(5),
      prone: metres(1000).default(10),
      keyzones: metres(1000).default(5),
      admin: metres(1000).default(5),
    })
    .prefault({}),
});

export const judgementRecipeSchema = z.strictObject({
  version: z.literal(2).default(2),
  /** Rules that are switched off. A rule that says "cannot say" should not be: its silence would read as lawful. */
  disabledRules: z.array(z.enum(RULE_IDS)).default([]),
  position: positionSchema.prefault({}),
  /** Tolerance in units of the positional sigma of patch and polygon together (2 × RMSE: 15 m for 2 m imagery, 7.5 m up to 1 m). */
  toleranceSigmas: z.number().min(0).max(10).default(2),
  /** Outside area from which a boundary excess is worth a suspicion, m² (after the tolerance). */
  minOutsideM2: z.number().min(0).default(400),
  /** The smallest part of a patch that is told apart from the rest, m². */
  minPieceM2: z.number().min(0).default(100),
  /** How far a boundary may be shifted for an excess along it to be called a possible fault of its coordinates, metres. */
  maxShiftM: metres(1000).default(60),
  /** How far from a patch a register polygon is still looked at, metres. */
  reachM: metres(5000).default(300),
  /** Share of a patch that an approved project must cover for it to count as covered (patch over 2 mu; 0.9 below). */
  coveredShare: z.number().min(0.5).max(1).default(0.95),
  /** A register polygon seen less than this, and without change, counts as not seen. */
  minSeenShare: share().default(0.5),
  /** Changed area from which a register polygon counts as changed, m² (a pixel of 10 m: less is the staircase of an outline). */
  minChangedM2: z.number().min(0).default(100),
  /** Quarters in a row with change from which a restoration project is asked why it still digs. */
  healQuarters: z.int().min(1).max(40).default(2),
  /** Area that earns the full points of area, growth and outside, m² (50 mu). */
  areaFullM2: z.number().min(1000).default(33333),
  /** Distance outside that earns the full points of distance, metres. */
  distanceFullM: metres(5000).default(100),
  /** Days since the last visit that earn the full points of visit (two quarters). */
  visitFullDays: z.int().min(1).max(3650).default(180),
  /** Quarters of change at the place that earn the full points of persistence. */
  persistenceFullQuarters: z.int().min(1).max(40).default(4),
  /** Share of the points of `violation` by suspicion. */
  severity: z
    .strictObject({
      'no-licence': share().default(1),
      'beyond-boundary': share().default(0.9),
      'other-holder': share().default(0.9),
      exploration: share().default(0.9),
      restoration: share().default(0.8),
      'off-plan': share().default(0.7),
      'cannot-say': share().default(0.3),
      lawful: share().default(0),
    })
    .prefault({}),
  /** What is left of the points of `violation` where the suspicion itself is in doubt. Judgement. */
  certainty: z
    .strictObject({
      /** A shift of the licence's coordinates would explain the excess (BB-2). */
      shifted: share().default(0.7),
      /** The licence ended between the two images: before or after the digging cannot be said. */
      ended: share().default(0.8),
      /** The images' dates are unknown. */
      undated: share().default(0.8),
      /** An issued patch whose ground the newest image shows recovered: if it was dug, it no longer is. */
      recovered: share().default(0.2),
      /** An issued patch that no image shows. */
      'not-seen': share().default(0.7),
    })
    .prefault({}),
  /** Share of the points of `keyzone` by kind of zone; `other` for kinds that are not named. */
  zones: z
    .object({
      'red-line': share().default(1),
      'protected-area': share().default(1),
      farmland: share().default(0.9),
      river: share().default(0.8),
      closed: share().default(0.8),
      outcrop: share().default(0.8),
      'closed-cave': share().default(0.8),
      prone: share().default(0.7),
      pipeline: share().default(0.7),
      'mine-surroundings': share().default(0.7),
      border: share().default(0.6),
      road: share().default(0.5),
      'coal-yard': share().default(0.5),
      'washing-plant': share().default(0.5),
      other: share().default(0.6),
    })
    .catchall(share())
    .prefault({}),
  /** Priority weights by part; scaled so that the maxima sum to 100. */
  weights: z
    .strictObject({
      violation: z.number().min(0).default(28),
      area: z.number().min(0).default(11),
      growth: z.number().min(0).default(5),
      outside: z.number().min(0).default(8),
      distance: z.number().min(0).default(3),
      active: z.number().min(0).default(6),
      persistence: z.number().min(0).default(4),
      resumed: z.number().min(0).default(8),
      repeat: z.number().min(0).default(4),
      keyzone: z.number().min(0).default(10),
      /** Tips, power and patrols: their place is kept, nothing fills it yet. */
      evidence: z.number().min(0).default(4),
      visit: z.number().min(0).default(2),
      'ten-mu': z.number().min(0).default(3),
      confidence: z.number().min(0).default(4),
    })
    .prefault({}),
});
export type JudgementRecipe = z.infer<typeof judgementRecipeSchema>;
