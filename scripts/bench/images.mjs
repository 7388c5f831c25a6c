/** images: whole comparisons of 2 m pairs beside peers and beside GDAL decoding the same files; how time grows with size. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPETITORS, SCALING } from './competitors.mjs';
import { INTRO, imageTables } from './image-tables.mjs';
import { measure } from './measure.mjs';
import { ensurePair } from './pair.mjs';
import { scorePatches } from './score.mjs';

export const name = 'images';

/**
 * @param options {{ sizes, rounds, seed, kinds, peers, keep, tools, say }} sides in pixels; peers: whether others are run; keep: folder of
 * made pairs
 * @returns {Promise<{ intro, tables, raw, failures }>} raw: one object a row, with every round's times
 */
export async function run({ sizes, rounds, seed, kinds, peers, keep, tools, say }) {
  const scenes = await prepare({ sizes, seed, kinds, keep, say });
  const rows = scenes
    .flatMap((scene) => rowsOf(scene, tools))
    .filter(({ competitor }) => peers || !competitor.installed);
  const scratch = mkdtempSync(join(tmpdir(), 'tuban-bench-run-'));
  try {
    // not timed: reading the maps of memory twenty times a second takes a tenth of a core, and the files must be in the cache
    for (const row of rows) await runOnce(row, { scratch, tools, say, memory: true });
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`);
      for (const row of rows) await runOnce(row, { scratch, tools, say });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const raw = rows.map(({ scene: { size, kind, form }, competitor, ...row }) => ({
    ...{ size, kind, form, competitor: competitor.id, label: competitor.label },
    ...row,
  }));
  return {
    intro: INTRO,
    tables: imageTables(raw, sizes, kinds),
    raw,
    failures: rows.filter(({ failed }) => failed).length,
  };
}

/** Pairs of the kinds of every size; of half a size the first kind, for the growth only. */
async function prepare({ sizes, seed, kinds, keep, say }) {
  const whole = sizes.flatMap((size) => kinds.map((kind) => ({ size, kind, forms: ['plain', 'cog'] })));
  const halves = [...new Set(sizes.map((size) => Math.round(size / 2)))]
    .filter((size) => !sizes.includes(size))
    .map((size) => ({ size, kind: kinds[0], forms: ['plain'], only: SCALING }));
  const scenes = [];
  for (const { forms, ...scene } of [...halves, ...whole]) {
    say(`pair of ${scene.size} px, ${scene.kind}`);
    const pair = await ensurePair({ root: keep, size: scene.size, seed, kind: scene.kind });
    for (const form of forms) scenes.push({ ...scene, form, files: { ...pair[form], licences: pair.licences }, pair });
  }
  return scenes;
}

function rowsOf(scene, tools) {
  return COMPETITORS.filter(({ id, forms }) => forms.includes(scene.form) && (scene.only?.includes(id) ?? true)).map(
    (competitor) => ({
      scene,
      competitor,
      installed: competitor.installed ? Boolean(competitor.installed(tools)) : true,
      failed: false,
      seconds: [],
      cpuSeconds: [],
    }),
  );
}

async function runOnce(row, { scratch, tools, say, memory = false }) {
  if (!row.installed || row.failed) return;
  const { scene, competitor } = row;
  const out = join(scratch, 'out.gpkg');
  const result = await measure(competitor.command({ ...scene.files, out }, tools), { memory });
  const title = `${scene.size} ${scene.kind} ${scene.form} ${competitor.id}`;
  if (result.status !== 0) {
    row.failed = true;
    say(`${title}: ended with ${result.status}\n${result.stderr.trim()}`);
  } else if (memory) {
    row.peakBytes = result.peakBytes;
    row.readShare = competitor.read ? competitor.read(result.stdout) : 1;
    if (competitor.finds) row.score = scorePatches(out, scene.pair.truth);
  } else {
    row.seconds.push(result.seconds);
    row.cpuSeconds.push(result.cpuSeconds);
    say(`${title}: ${result.seconds.toFixed(2)} s`);
  }
  rmSync(out, { force: true });
}
