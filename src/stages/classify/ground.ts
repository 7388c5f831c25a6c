/**
 * ground: whose ground a patch lies on. Ground under several titles goes to the weightiest: licences that count, projects in force,
 * exploration rights, then titles that do not count. What holds its ground explains what is dug there, so that a lapsed title under it accuses nobody.
 * In:  the attributed patch; the children's `split` by titlesOf. Out: m² by title.
 */
import { type AttributedPatch, counts, isProject, type NearBoundary } from '../../model/attribution.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import { plainText } from '../../model/versions.js';
import { isSecret } from '../../model/zone-kinds.js';

export interface Part {
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
}

const UNDERGROUND = /地下|井工|硐采|underground/i;
const OPEN_PIT = /露天|联合|open/i;

/** The permit names underground workings only. */
export function isUnderground({ boundary: { method } }: Pick<NearBoundary, 'boundary'>): boolean {
  return method !== null && UNDERGROUND.test(method) && !OPEN_PIT.test(method);
}

/** As the same holder is meant, however it is typed; '' where none is registered. */
export function holderOf({ holder }: NearBoundary['boundary']): string {
  return plainText(holder);
}

/** Smaller is weightier; null: no title, or one that has no say. */
export function weightOf(near: Pick<NearBoundary, 'boundary' | 'validity' | 'since'>): number | null {
  const { boundary, validity, since } = near;
  if (boundary.excludedReason !== null || validity === 'superseded' || isSecret(boundary)) return null;
  const doubtful = since !== undefined || validity !== 'valid' ? 1 : 0;
  if (boundary.kind === 'licences') return counts(near) ? 2 * doubtful + (isUnderground(near) ? 1 : 0) : 10;
  if (isProject(near)) return counts(near) ? 4 + 2 * doubtful + (boundary.kind === 'lawful' ? 0 : 1) : 11;
  if (boundary.kind === 'exploration') return counts(near) ? 9 : 12;
  return null;
}

const HOLDING_BELOW = 9;

/** A licence that counts or a project in force. */
export function holds(near: NearBoundary): boolean {
  return (weightOf(near) ?? HOLDING_BELOW) < HOLDING_BELOW;
}

/** The titles that have a part of the patch worth telling apart, weightiest first. */
export function titlesOf({ near }: AttributedPatch, { minPieceM2 }: JudgementRecipe): NearBoundary[] {
  return near
    .flatMap((item) => {
      const weight = weightOf(item);
      return weight !== null && item.overlap.areaInsideM2 >= minPieceM2 ? [{ item, weight }] : [];
    })
    .sort((a, b) => a.weight - b.weight)
    .map(({ item }) => item);
}

/** The titles to cut by; none where the patch lies wholly under the weightiest, or under none. */
export function titlesUnder(attributed: AttributedPatch, recipe: JudgementRecipe): NearBoundary[] {
  const titles = titlesOf(attributed, recipe);
  const [first] = titles;
  return first && attributed.patch.areaM2 - first.overlap.areaInsideM2 >= recipe.minPieceM2 ? titles : [];
}

export class Ground {
  readonly #titles: readonly NearBoundary[];
  readonly #own: ReadonlyMap<NearBoundary, number>;

  /** `parts` as the children's `split` gave them for titlesUnder: one for each title, then the rest; empty where it was not asked. */
  constructor(attributed: AttributedPatch, recipe: JudgementRecipe, parts: readonly Part[]) {
    this.#titles = titlesOf(attributed, recipe);
    this.#own = new Map(
      this.#titles.map((near, i) => {
        const whole = i === 0 ? near.overlap.areaInsideM2 : 0;
        return [near, parts.length > 0 ? (parts[i]?.areaM2 ?? 0) : whole];
      }),
    );
  }

  /** m² of the patch under this title and under none that is weightier. Slivers that were not told apart are taken as they are. */
  ownM2(near: NearBoundary): number {
    return this.#own.get(near) ?? (this.#titles.length === 0 ? near.overlap.areaInsideM2 : 0);
  }

  /** m² of it at most that neither a licence nor a project holds. */
  openM2(near: NearBoundary): number {
    if (holds(near)) return 0;
    const place = this.#titles.indexOf(near);
    const weightier = this.#titles.slice(0, Math.max(0, place)).filter((title) => !holds(title));
    const open = [near, ...weightier].reduce((sum, title) => sum + this.ownM2(title), 0);
    return Math.min(near.overlap.areaInsideM2, open);
  }
}
