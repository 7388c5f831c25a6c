/** jobs: what a run of the harness compares, in the order of the tables. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CROPS, FIXTURES } from './crops.mjs';
import { DECEIVERS } from './deceivers/causes.mjs';
import { RADAR_SCENES } from './radar.mjs';

export const SECTIONS = ['real', 'planted', 'deceivers', 'radar', 'data'];
const PLANTINGS = ['green', 'dry'];

/** @param data folder of folders, or null. @param only names of sections. @returns {{ section, id, … }[]} plain objects, for another process. */
export function jobList(data, only) {
  const all = [
    { section: 'real', id: 'taizhou', folder: join(FIXTURES, 'taizhou') },
    ...CROPS.flatMap((crop, c) =>
      PLANTINGS.map((on, p) => ({ section: 'planted', id: `${crop}-${on}`, crop, on, seed: 5000 + 10 * c + p })),
    ),
    ...DECEIVERS.map(({ id }) => ({ section: 'deceivers', id })),
    ...RADAR_SCENES.map(({ id }) => ({ section: 'radar', id })),
    ...(data ? dataJobs(data) : []),
  ];
  return all.filter(({ section }) => only.includes(section));
}

function dataJobs(data) {
  const names = readdirSync(data)
    .filter((name) => statSync(join(data, name)).isDirectory())
    .sort();
  return names.flatMap((name) => {
    const folder = join(data, name);
    const has = (file) => existsSync(join(folder, file));
    if (has('t0.tif') && has('t1.tif') && has('truth.geojson'))
      return [{ section: 'data', id: name, folder, as: 'fine' }];
    if (!has('t1.tif') || !has('t2.tif')) return [];
    if (has('mines.geojson')) return [{ section: 'data', id: name, folder, as: 'mining' }];
    return has('truth.tif') ? [{ section: 'data', id: name, folder, as: 'any' }] : [];
  });
}
