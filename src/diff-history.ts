/** diff-history: earlier images of `tuban diff --history`: what they are, and what they say of the patches. */

import type { FittedPair } from './comparison.js';
import { acquisitionDate } from './model/acquired.js';
import { Fault } from './model/fault.js';
import type { HistoryRecipe, HistoryScene } from './model/history.js';
import type { Patch } from './model/patch.js';
import { useBands } from './model/sensor.js';
import type { WorkPool } from './ports/work-pool.js';
import { recallPatches } from './recall.js';

export interface HistoryFile {
  readonly path: string;
  /** Null: from the file. */
  readonly date: string | null;
  readonly sensor: string | undefined;
  readonly bands: string | undefined;
}

/** Patches are few and images are given by hand: each is asked about each patch that it reaches. */
const EVERYWHERE: HistoryScene['box'] = [-180, -90, 180, 90];

/** Faults: diff.history where a date is missing; those of inspecting. */
export async function historyScenes(
  pool: WorkPool,
  files: readonly HistoryFile[],
  note: (text: string) => void,
): Promise<HistoryScene[]> {
  const scenes: HistoryScene[] = [];
  const assumed = new Set<string>();
  for (const { path, date, sensor, bands } of files) {
    const info = await pool.run('inspect', { path });
    const reading = useBands(info, { sensor, bands });
    for (const text of reading.assumptions) assumed.add(text);
    const acquiredOn = date ?? acquisitionDate(info, path).date;
    if (acquiredOn === null) {
      throw new Fault(
        'diff.history',
        `历史影像的日期不明：${path}，请写作 --history ${path}@YYYY-MM-DD (the date of an earlier image is needed)`,
      );
    }
    scenes.push({
      id: path,
      acquiredOn,
      use: { path, sensor: reading.sensor, bands: reading.bands, acquiredOn },
      masks: [],
      box: EVERYWHERE,
    });
  }
  for (const text of assumed) note(text);
  return scenes;
}

/** Faults: diff.history where BEFORE or AFTER have no date but earlier images are given. */
export async function withHistoryOf(
  pool: WorkPool,
  { pair }: FittedPair,
  patches: readonly Patch[],
  earlier: readonly HistoryScene[],
  recipe: HistoryRecipe,
): Promise<{ readonly patches: readonly Patch[]; readonly dropped: readonly Patch[] }> {
  const side = (date: 'before' | 'after'): HistoryScene => {
    const use = pair[date];
    if (use.acquiredOn === null && earlier.length > 0) {
      throw new Fault(
        'diff.history',
        `使用 --history 时前后两期都要有日期：请给出 --date-${date} (with --history both dates must be known)`,
      );
    }
    const masks = pair.masks.filter((mask) => mask.date === date || mask.date === 'both');
    return { id: `${date}:${use.path}`, acquiredOn: use.acquiredOn ?? '', use, masks, box: EVERYWHERE };
  };
  const images = { before: side('before'), after: side('after') };
  const own = [pair.before.path, pair.after.path];
  return recallPatches({
    patches,
    pairs: new Map(patches.flatMap((patch) => patch.pairs.map((id) => [id, images] as const))),
    earlier: earlier.filter(({ use }) => !own.includes(use.path)),
    recipe,
    scope: '',
    read: (scene, outlines) => pool.run('recall', { scene: { use: scene.use, masks: scene.masks }, patches: outlines }),
  });
}
