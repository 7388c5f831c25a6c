/**
 * judge-again: a quarter's patches judged, those whose judgement rests on the same things keeping it. What a judgement rests on: the
 * patch, the versions of the polygons that may be within reach, the kinds that are loaded, the judgement part of the recipe.
 * A kept judgement is the one that would be made, byte for byte; its patch is sent to no child.
 */
import { nearby } from './batches.js';
import { boxOf } from './geo/distance.js';
import { type JudgeShelves, judgeShelves } from './judge.js';
import { contentHash } from './model/id.js';
import type { JudgedPatch, Judgement, Patch } from './model/patch.js';
import { versionKey } from './model/versions.js';
import type { StandingRegister } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';

export interface JudgedAgain {
  /** In the order of `patches`. */
  readonly judged: readonly JudgedPatch[];
  /** What each rests on, in the same order. */
  readonly bases: readonly string[];
}

export interface JudgeAgainInput extends Pick<JudgeShelves, 'layers' | 'recipe'> {
  readonly patches: readonly Patch[];
  readonly register: StandingRegister;
}

/** `known`: judgements that were made before, by what they rest on. */
export async function judgeAgain(
  input: JudgeAgainInput,
  known: ReadonlyMap<string, Judgement>,
  pool: WorkPool,
): Promise<JudgedAgain> {
  const bases = basesOf(input);
  const open = input.patches.filter((_, i) => !known.has(bases[i] ?? ''));
  const fresh = new Map<string, Judgement>();
  const shelves = { ...input, patches: shelfOf(open), boundaries: input.register };
  await judgeShelves(shelves, pool, async (judged) => {
    for (const { patch, judgement } of judged) fresh.set(patch.id, judgement);
  });
  const judged = input.patches.flatMap((patch, i): JudgedPatch[] => {
    const judgement = known.get(bases[i] ?? '') ?? fresh.get(patch.id);
    return judgement ? [{ patch, judgement }] : [];
  });
  return { judged, bases };
}

function basesOf({ patches, register, layers, recipe }: JudgeAgainInput): string[] {
  const near = nearby(register.boxes);
  const keys = register.versions.map(versionKey);
  const shared = contentHash({ layers, recipe });
  return patches.map((patch) => {
    // The id of a patch names its outline.
    const { geometry, ...described } = patch satisfies Patch;
    const places = near(boxOf(geometry), recipe.reachM);
    return contentHash({ shared, patch: described, near: places.map((place) => keys[place]) });
  });
}
