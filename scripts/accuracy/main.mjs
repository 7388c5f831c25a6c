/**
 * npm run accuracy: how well the built program detects, beside plain methods, on bundled and made scenes.
 *   npm run accuracy -- [--data DIR] [--only real,planted,deceivers,radar,data] [--json] [--write] [--jobs N]
 * DIR: folders with t1.tif, t2.tif and truth.tif (0 unlabelled, 1 unchanged, 2 changed) or mines.geojson; or with t0.tif, t1.tif,
 * truth.geojson, licences.gpkg (2 m pairs). --write puts the tables and pictures of the bundled scenes into docs/. Exit status 1 when
 * a scene could not be run.
 */
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jobList, SECTIONS } from './jobs.mjs';
import { documentSection, withSection, worthShowing } from './section.mjs';
import { tables } from './tables.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PICTURES = join(ROOT, 'docs', 'images', 'accuracy');
const DOCUMENT = join(ROOT, 'docs', 'accuracy.md');

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    only: { type: 'string', default: SECTIONS.join(',') },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});
const only = values.only.split(',');
const unknown = only.find((name) => !SECTIONS.includes(name));
if (unknown !== undefined || !(Number(values.jobs) >= 1)) {
  process.stderr.write(
    `Usage: npm run accuracy -- [--data DIR] [--only ${SECTIONS.join(',')}] [--json] [--write] [--jobs N]\n`,
  );
  process.exit(2);
}
const jobs = jobList(values.data ?? null, only);
const results = await runAll(jobs, Number(values.jobs), values.write);

if (values.write) {
  const bundled = results.filter(({ job }) => job.section !== 'data');
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  const pictures = worthShowing(bundled);
  for (const { job, picture } of pictures)
    writeFileSync(join(PICTURES, pictureName(job)), Buffer.from(picture, 'base64'));
  const shown = pictures.map(({ job }) => ({ job, path: `images/accuracy/${pictureName(job)}` }));
  mkdirSync(dirname(DOCUMENT), { recursive: true });
  writeFileSync(DOCUMENT, withSection(readFileSync(DOCUMENT, 'utf8'), documentSection(bundled, shown)));
}
const plain = results.map(({ job: { folder: _folder, ...job }, figures }) => ({ ...job, ...figures }));
process.stdout.write(values.json ? `${JSON.stringify({ scenes: plain })}\n` : `${tables(results)}\n`);
const failed = results.filter(({ figures }) => figures.failed);
for (const { job, figures } of failed) process.stderr.write(`${job.id}: ${figures.failed}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;

function pictureName({ id }) {
  return `${id.replace('@', '-')}.jpg`;
}

/** Jobs over `count` child processes; results in the order of the jobs. */
async function runAll(list, count, wantPicture) {
  const out = new Array(list.length);
  let next = 0;
  let done = 0;
  const work = async () => {
    const child = fork(fileURLToPath(new URL('child.mjs', import.meta.url)));
    while (next < list.length) {
      const k = next++;
      const answer = await ask(child, { job: list[k], wantPicture });
      out[k] = { job: list[k], ...answer };
      process.stderr.write(`${++done}/${list.length} ${list[k].id}\n`);
    }
    child.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(count, list.length) }, work));
  return out;
}

function ask(child, message) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a child ended with ${code} at ${message.job.id}`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
    child.send(message);
  });
}
