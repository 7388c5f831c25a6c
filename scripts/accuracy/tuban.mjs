/** tuban: one comparison by the built program, as a user would run it, and what it wrote. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';
import { readPlane } from './raster.mjs';
import { valid } from './scores/geometry.mjs';

const CLI = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
/** Comparing two files needs no server, whatever this machine is set up for. */
const { DATABASE_URL: _database, REDIS_URL: _redis, ...environment } = process.env;

/**
 * @returns {Promise<{ ok: true, report, score, change, patches } | { ok: false, status, message }>} patches: { geometry, confidence } in
 * lon/lat; none where the images have no coordinates.
 */
export async function runDiff(scratch, { before, after, kind, georeferenced = true, extra = [] }) {
  const path = (name) => join(scratch, `${kind}-${name}`);
  const [score, change, out] = [path('score.tif'), path('change.tif'), path('patches.geojson')];
  const outputs = ['--score', score, '--change', change, ...(georeferenced ? ['--out', out] : [])];
  const { status, stdout, stderr } = await program([
    ...['diff', before, after, '--kind', kind, '--jobs', '1', '--json'],
    ...outputs,
    ...extra,
  ]);
  if (status !== 0) return { ok: false, status, message: stderr.trim().split('\n').at(-1) ?? '' };
  return {
    ok: true,
    report: JSON.parse(stdout),
    score: readPlane(score).plane,
    change: readPlane(change).plane,
    patches: georeferenced && existsSync(out) ? readPatches(out) : [],
  };
}

export function program(args) {
  return new Promise((settle) => {
    const options = { env: environment, maxBuffer: 64 << 20, encoding: 'utf8' };
    execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) => {
      settle({ status: error ? (error.code ?? 1) : 0, stdout, stderr: error && !stderr ? error.message : stderr });
    });
  });
}

export function readPatches(path) {
  return JSON.parse(readFileSync(path, 'utf8')).features.map(({ geometry, properties }) => ({
    geometry: valid(gdal.Geometry.fromGeoJson(geometry)),
    confidence: properties.confidence,
  }));
}
