/**
 * node scripts/site-histories/main.mjs [SEED…]: share of right identities of places in made histories (default seeds 101 to 105), at
 * 2 m and 10 m pixels, in all and by what happened, as a table of Markdown. Needs a built program.
 */
import { measureHistories } from './measure.mjs';

const seeds = process.argv.slice(2).map(Number);
if (seeds.some((seed) => !Number.isInteger(seed))) {
  process.stderr.write('Usage: node scripts/site-histories/main.mjs [SEED…]\n');
  process.exit(2);
}
const total = new Map();
let [merged, grown] = [0, 0];
for (const seed of seeds.length > 0 ? seeds : [101, 102, 103, 104, 105]) {
  for (const pixelM of [2, 10]) {
    const { tallies, merges, joins } = await measureHistories(seed, pixelM);
    [merged, grown] = [merged + merges, grown + joins];
    for (const [tag, { all, right }] of tallies) {
      for (const name of tag === 'all' ? ['all', `pixels of ${pixelM} m`] : [tag]) {
        const sum = total.get(name) ?? { all: 0, right: 0 };
        total.set(name, { all: sum.all + all, right: sum.right + right });
      }
    }
  }
}
const rows = [...total].sort(([a], [b]) => (a < b ? -1 : 1));
const lines = rows.map(
  ([name, { all, right }]) => `| ${name} | ${all} | ${right} | ${((100 * right) / all).toFixed(2)} % |`,
);
process.stdout.write(`| patches | number | at the right place | share |\n|---|---:|---:|---:|\n${lines.join('\n')}\n`);
process.stdout.write(`\nPlaces that grew together: ${grown}; recorded as merged: ${merged}.\n`);
