/**
 * overlay-memory: whether what a step holds grows with the number of patches. Layers are on file, of which the process holds boxes
 * and places in the file; each step of each size runs in a fresh process, with what came out counted and let go.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spread } from './figures.mjs';
import { makeLayers } from './layers.mjs';
import { startOwn } from './overlay-process.mjs';
import { writeShelves } from './overlay-things.mjs';

const STEPS = { areas: 'areas inside and outside', judge: 'judgement and score' };

/** @param sizes of patches, ascending. @returns {{ lines: string[], raw }} */
export async function measureMemory({ sizes, licences, seed, rounds, processes, say }) {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-bench-shelves-'));
  const rows = [];
  try {
    for (const patches of sizes) {
      writeShelves(makeLayers({ patches, licences, seed }), folder);
      for (const step of Object.keys(STEPS)) {
        const found = { step, patches, restingBytes: [], peakBytes: [] };
        for (let round = 1; round <= rounds; round++) {
          const own = await startOwn({ folder, processes });
          try {
            found.restingBytes.push(await own.restingBytes());
            found.peakBytes.push(await own.peakBytes(step));
          } finally {
            own.stop();
          }
          say(`memory, round ${round} of ${rounds}, ${patches} patches, ${step}: ${mega(found.peakBytes.at(-1))} MB`);
        }
        rows.push(found);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { lines: tableOf(rows), raw: rows };
}

function tableOf(rows) {
  return [
    '|  | patches | at rest, MB | peak, MB |',
    '| --- | ---: | ---: | ---: |',
    ...rows.map(
      ({ step, patches, restingBytes, peakBytes }) =>
        `| ${STEPS[step]} | ${patches} | ${ranged(restingBytes)} | ${ranged(peakBytes)} |`,
    ),
  ];
}

function ranged(values) {
  const { middle, least, most } = spread(values);
  return `${mega(middle)} (${mega(least)}–${mega(most)})`;
}

const mega = (bytes) => (bytes / 1e6).toFixed(0);
