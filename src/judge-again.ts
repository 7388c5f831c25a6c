/**
 * judge-again: a quarter's patches judged, those whose judgement rests on the same things keeping it. What a judgement rests on: the
 * patch, the versions of the polygons that may be within reach, the kinds that are loaded, the judgement part of the recipe.
 * A kept judgement is the one that would be made, byte for byte; its patch is sent to no child.
 */
import { nearby } from './batches.js';
import { type JudgeInput, judgePatches } from './judge.js';
import { contentHash } from './model/id.js';
import type { JudgedPatch, Judgement, Patch } from './model/patch.js';
import { versionKey } from './model/versions.js';
import type { WorkPool } from './ports/work-pool.js';

export interface JudgedAgain {
  /** In the order of `patches`. */
  readonly judged: readonly JudgedPatch[];
  /** What each rests on, in the same order. */
  readonly bases: readonly string[];
}

/** `known`: judgements that were made before, by what they rest on. */
export async function judgeAgain(
  input: JudgeInput,
  known: ReadonlyMap<string, Judgement>,
  pool: WorkPool,
): Promise<JudgedAgain> {
  const bases = basesOf(input);
  const open = input.patches.filter((_, i) => !known.has(bases[i] ?? ''));
  const made = await judgePatches({ ...input, patches: open }, pool);
  const fresh = new Map(made.map(({ patch, judgement }) => [patch.id, judgement]));
  const judged = input.patches.flatMap((patch, i): JudgedPatch[] => {
    const judgement = known.get(bases[i] ?? '') ?? fresh.get(patch.id);
    return judgement ? [{ patch, judgement }] : [];
  });
  return { judged, bases };
}

function basesOf({ patches, boundaries, layers, recipe }: JudgeInput): string[] {
  const near = nearby(boundaries);
  const shared = contentHash({ layers, recipe });
  return patches.map((patch) => {
    // The id of a patch names its outline.
    const { geometry: _outline, ...described } = patch satisfies Patch;
    return contentHash({ shared, patch: described, near: near([patch], recipe.reachM).map(versionKey) });
  });
}
