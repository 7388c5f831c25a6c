/**
 * How many patches of made histories get the right place from the program's own `placePatches`. Strict: a place keeps the site that its
 * first patch began; a patch at any other site is wrong, and so is every later one of a place that was lost or taken for its neighbour.
 * In: seed, pixel size. Out: counts in all and per kind of event.
 */
import { makeHistories } from './make.mjs';
import { outside, overlay, placePatches, polygonAreaM2, recipeSchema, siteRoots, unite, unscored } from './program.mjs';

/** One sigma of a position by pixel size: the image classes of model/position.ts with a residual of 0.3 pixel. */
const SIGMA_M = { 2: 7.52, 10: 10.44 };

/** Tallies of one history. */
export async function measureHistories(seed, pixelM, recipe = recipeSchema.parse({})) {
  const sigmaM = SIGMA_M[pixelM];
  const works = { overlay, outside, unite };
  const pool = { size: 1, run: async (name, input) => works[name](input), close: async () => {} };
  const merges = [];
  const grounds = [];
  const first = new Map();
  const joined = new Map();
  const truthRoot = (place) => (joined.has(place) ? truthRoot(joined.get(place)) : place);
  const tallies = new Map();
  const count = (tag, right) => {
    const tally = tallies.get(tag) ?? { all: 0, right: 0 };
    tallies.set(tag, { all: tally.all + 1, right: tally.right + (right ? 1 : 0) });
  };
  for (const { quarter, patches, joins } of makeHistories(seed, pixelM)) {
    for (const { place, into } of joins) joined.set(place, into);
    const judged = patches.map(({ geometry }, i) => {
      const areaM2 = polygonAreaM2(geometry);
      const patch = {
        id: `${quarter}-${String(i).padStart(3, '0')}`,
        geometry,
        areaM2,
        sigmaM,
        confidence: 0.9,
        changeType: 'other',
        dateBefore: null,
        dateAfter: null,
      };
      return { patch, judgement: unscored(patch, 'made') };
    });
    const root = siteRoots(merges, quarter);
    const records = {
      grounds: async () => grounds.map((ground) => ({ ...ground, siteId: root(ground.memberId) })),
      decisions: async () => new Map(),
    };
    const placed = await placePatches({ records, pool }, { quarter, recipe, judged });
    merges.push(...placed.merges);
    const after = siteRoots(merges, null);
    const ids = new Set(judged.map(({ patch }) => patch.id));
    for (const [i, { siteId, judged: one }] of placed.patches.entries()) {
      const { place, tags } = patches[i];
      const known = [...first]
        .filter(([other]) => truthRoot(other) === truthRoot(place))
        .map(([, site]) => after(site));
      // Begun now: right where the place had none; then the other patches of the quarter must be at the same.
      const begins = ids.has(siteId);
      const right = known.length === 0 ? begins && !isTaken(siteId, place) : known.includes(after(siteId));
      if (known.length === 0 && begins && right) first.set(place, siteId);
      for (const tag of new Set(['all', ...tags])) count(tag, right);
      const { id, geometry, areaM2 } = one.patch;
      grounds.push({ id, memberId: siteId, quarter, areaM2, sigmaM, geometry });
    }
  }
  return { tallies, merges: merges.length, joins: joined.size };

  /** Another place began that site. */
  function isTaken(siteId, place) {
    return [...first].some(([other, site]) => site === siteId && other !== place);
  }
}
